import type { ExactState } from '../../../nostr/nip90/format.ts';

/** The state of a job as its provider knows it. */
export type JobState = ExactState;

/** The possible moves; an end is final. */
const MOVES: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['processing', 'waiting', 'failed', 'cancelled'],
  processing: ['queued', 'waiting', 'completed', 'failed', 'cancelled'],
  waiting: ['queued', 'processing', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
};

/** An impossible move: a mistake in the worker. The error names the allowed moves. */
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

/**
 * Throws `JobStateError` unless the job may make this move. Repeating the same state is not a move, and allowed before the end.
 */
export function checkMove(jobId: string, from: JobState, to: JobState): void {
  if (from === to && !isEnd(from)) return;
  if (!MOVES[from].includes(to)) throw new JobStateError(jobId, from, to);
}

/**
 * Checks a move for trackers that only watch the work, and may have missed moves in between: any move is allowed, until the
 * end.
 */
export function checkUnended(jobId: string, from: JobState, to: JobState): void {
  if (isEnd(from)) throw new JobStateError(jobId, from, to);
}

export function isEnd(state: JobState): boolean {
  return MOVES[state].length === 0;
}
