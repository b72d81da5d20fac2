/** The states of a job as its provider knows them (SPEC 7). */
export const JOB_STATES = ['queued', 'processing', 'waiting', 'completed', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** The moves that make sense; an end is an end. */
const MOVES: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['processing', 'waiting', 'failed', 'cancelled'],
  processing: ['queued', 'waiting', 'completed', 'failed', 'cancelled'],
  waiting: ['queued', 'processing', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
};

/** NIP-90 has fewer words; the exact state follows as the tag's third element. */
const NIP90_WORDS: Readonly<Record<JobState, string>> = {
  queued: 'processing',
  processing: 'processing',
  waiting: 'processing',
  completed: 'success',
  failed: 'error',
  cancelled: 'error',
};

/** A move that makes no sense: a mistake in the worker, which learns what it could have done. */
export class JobStateError extends Error {
  readonly from: JobState;
  readonly to: JobState;
  readonly allowed: readonly JobState[];

  constructor(jobId: string, from: JobState, to: JobState) {
    const allowed = MOVES[from];
    const choice = allowed.length > 0 ? `only to ${allowed.join(', ')}` : `${from} is its end`;
    super(`job ${jobId.slice(0, 8)} can't move from ${from} to ${to}: ${choice}`);
    this.name = 'JobStateError';
    this.from = from;
    this.to = to;
    this.allowed = allowed;
  }
}

/** Throws `JobStateError` unless the job may move so. Saying the same state again is no move, and allowed before the end. */
export function checkMove(jobId: string, from: JobState, to: JobState): void {
  if (from === to && !isEnd(from)) return;
  if (!MOVES[from].includes(to)) throw new JobStateError(jobId, from, to);
}

export function isEnd(state: JobState): boolean {
  return MOVES[state].length === 0;
}

/** The `status` tag of a kind 7000. */
export function statusTag(state: JobState): string[] {
  return ['status', NIP90_WORDS[state], state];
}
