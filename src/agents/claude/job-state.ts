import type { ClaudeSession } from './format.ts';

/** How a background job stands, in the program's own words. */
export type JobState = 'working' | 'blocked' | 'done' | 'failed' | 'stopped';

/** What is asked of a job to tell how it stands: its file says only half of it. */
export interface JobFacts {
  readonly state: string | null;
  readonly tempo: string | null;
}

/** A job that no process works on may be about to get one for so long, ms. */
export const GRACE_MS = 5_000;

/**
 * Returns how a job stands. `session` is its living process, if there is one, and `ageMs` how long ago its file was changed.
 * A job that says that it works, and has no process, has failed: nobody will say so.
 */
export function jobState(
  { state, tempo }: JobFacts,
  session: Pick<ClaudeSession, 'status'> | null,
  ageMs: number,
): JobState {
  const said = saidState({ state, tempo }, session?.status ?? null);
  const isLost = said === 'working' && session === null && ageMs > GRACE_MS;
  if (!isLost) return said;
  // Without a process, a job that said that it is blocked still is: somebody has to answer before it goes on.
  return state === 'blocked' ? 'blocked' : 'failed';
}

function saidState({ state, tempo }: JobFacts, status: string | null): JobState {
  if (status === 'busy') return 'working';
  if ((state === 'done' || state === 'failed' || state === 'stopped') && tempo !== 'active') return state;
  return tempo === 'blocked' || status === 'waiting' ? 'blocked' : 'working';
}
