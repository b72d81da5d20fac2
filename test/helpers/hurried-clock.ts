import { type Clock, systemClock } from '../../src/clock.ts';

const TIMES = 5;

/**
 * A clock whose timers and intervals run off five times as fast as the machine's, for what waits for real files and
 * connections: a fake clock cannot know when these are done. Its stamps are the machine's, as those of the files are.
 */
export const hurriedClock: Clock = {
  now: systemClock.now,
  monotonic: () => Math.trunc(performance.now() * TIMES),
  // Timers of Node may fire up to 1 ms early, which would be several of this clock's.
  after: (delayMs, action) => systemClock.after(delayMs / TIMES + 1, action),
};
