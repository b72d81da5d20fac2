import type { ClaudeSession } from './format.ts';

/** The state of a background job, in the program's own words. */
export type JobState = 'working' | 'blocked' | 'done' | 'failed' | 'stopped';

/** What determines a job's state: its file says only half of it. */
export interface JobFacts {
  readonly state: string | null;
  readonly tempo: string | null;
}

/** A job without a process may still get one within this time, ms. */
export const GRACE_MS = 5_000;

/**
 * Returns the state of a job. `session` is its living process, if there is one, and `ageMs` how long ago its file was changed.
 * A job that claims to be working, but has no process, has failed: nobody will report that.
 */
export function jobState(
  { state, tempo }: JobFacts,
  session: Pick<ClaudeSession, 'status'> | null,
  ageMs: number,
): JobState {
  const said = saidState({ state, tempo }, session?.status ?? null);
  const isLost = said === 'working' && session === null && ageMs > GRACE_MS;
  if (!isLost) return said;
  // Without a process, a job that reported that it is blocked still is: somebody has to answer before it continues.
  return state === 'blocked' ? 'blocked' : 'failed';
}

function saidState({ state, tempo }: JobFacts, status: string | null): JobState {
  if (status === 'busy') return 'working';
  if ((state === 'done' || state === 'failed' || state === 'stopped') && tempo !== 'active') return state;
  return tempo === 'blocked' || status === 'waiting' ? 'blocked' : 'working';
}
