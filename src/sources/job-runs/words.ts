/** The status of a run. The first five are the words of the TEXT dialect; `cancelled` is used by others. */
export type RunStatus = (typeof RUN_STATUSES)[number] | 'cancelled';

/** The numbers of the INTEGER dialect, in order. */
const RUN_STATUSES = ['pending', 'running', 'success', 'failed', 'retrying'] as const;
const JOB_STATUSES = ['pending', 'active', 'disabled'];

/** Other schedulers' words, without capitals, spaces and punctuation. */
const SAME: Readonly<Record<RunStatus, readonly string[]>> = {
  pending:
    'pending queued scheduled waiting created new ready enqueued deferred notstarted todo planned submitted received available'.split(
      ' ',
    ),
  running: 'running started inprogress executing processing working active begun ongoing run'.split(' '),
  retrying: 'retrying retry retryable upforretry rerunning restarting'.split(' '),
  success: 'success succeeded successful completed complete ok done finished passed pass'.split(' '),
  failed:
    'failed failure fail error errored timeout timedout crashed dead died lost upstreamfailed abandoned interrupted'.split(
      ' ',
    ),
  cancelled: 'cancelled canceled aborted killed stopped terminated revoked skipped discarded'.split(' '),
};
const MEANINGS = new Map(
  Object.entries(SAME).flatMap(([status, words]) =>
    words.map((word) => [word, status as RunStatus] as const),
  ),
);

/** Decodes the status of a run in either dialect or in another scheduler's words; null for any other word. */
export function decodeRunStatus(raw: string | null | undefined): RunStatus | null {
  if (raw === null || raw === undefined) return null;
  const number = RUN_STATUSES.find((_, index) => raw === String(index));
  return number ?? MEANINGS.get(raw.toLowerCase().replace(/[\s_.-]/gu, '')) ?? null;
}

/** Returns SQL that tells whether a text is one of the words for runs that have not begun. */
export function sqlIsPending(text: string): string {
  const plain = ['_', '-', ' ', '.'].reduce(
    (sql, sign) => `replace(${sql}, '${sign}', '')`,
    `lower(${text})`,
  );
  return `coalesce(${plain}, '') IN (${[...SAME.pending, '0'].map((word) => `'${word}'`).join(', ')})`;
}

/** Tells whether a job is switched off, by its row of `jobs`. */
export function isDisabled(job: Readonly<Record<string, string | null>> | null): boolean {
  const status = job?.status?.toLowerCase();
  if (status === 'disabled' || status === 'paused' || status === String(JOB_STATUSES.indexOf('disabled')))
    return true;
  return isFalse(job?.enabled) || isTrue(job?.disabled);
}

/** Tells whether a run is under way, as far as its database says. */
export function isUnderWay(raw: string | null | undefined): boolean {
  const status = decodeRunStatus(raw);
  return status === 'running' || status === 'retrying';
}

/** Tells whether a run is over. */
export function isOver(raw: string | null | undefined): boolean {
  const status = decodeRunStatus(raw);
  return status === 'success' || status === 'failed' || status === 'cancelled';
}

function isFalse(raw: string | null | undefined): boolean {
  return /^(?:0|f|false|n|no|off)$/iu.test(raw ?? '');
}

function isTrue(raw: string | null | undefined): boolean {
  return /^(?:1|t|true|y|yes|on)$/iu.test(raw ?? '');
}
