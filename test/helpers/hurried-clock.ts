import { type Clock, systemClock } from '../../src/clock.ts';

const TIMES = 5;

/**
 * A clock whose timers and intervals run five times as fast as the machine's, for what waits for real files and connections: a
 * fake clock cannot know when these are done. Its timestamps are the machine's, because those of the files are.
 */
export const hurriedClock: Clock = {
  now: systemClock.now,
  monotonic: () => Math.trunc(performance.now() * TIMES),
  // Node's timers may fire up to 1 ms early, which would be several of this clock's.
  after: (delayMs, action) => systemClock.after(delayMs / TIMES + 1, action),
};
