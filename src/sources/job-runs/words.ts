/** How a run stands, in the words of the TEXT dialect. */
export type RunStatus = 'pending' | 'running' | 'success' | 'failed' | 'retrying';

/** The INTEGER dialect's numbers, in order. */
const RUN_STATUSES: readonly RunStatus[] = ['pending', 'running', 'success', 'failed', 'retrying'];
const JOB_STATUSES = ['pending', 'active', 'disabled'];

/** The status of a run in either dialect; null for any other word. */
export function decodeRunStatus(raw: string | null | undefined): RunStatus | null {
  return RUN_STATUSES.find((word, number) => raw === word || raw === String(number)) ?? null;
}

export function isDisabled(raw: string | null | undefined): boolean {
  const number = JOB_STATUSES.indexOf('disabled');
  return raw === 'disabled' || raw === String(number);
}

/** Does it run, as far as its database says? */
export function isUnderWay(raw: string | null | undefined): boolean {
  const status = decodeRunStatus(raw);
  return status === 'running' || status === 'retrying';
}

/** Is it over? */
export function isOver(raw: string | null | undefined): boolean {
  const status = decodeRunStatus(raw);
  return status === 'success' || status === 'failed';
}
