import type { Clock } from '../../clock.ts';

/** Comments on a quiet stream keep proxies from closing it, and tell the listener that we are alive. */
const COMMENT_EVERY_MS = 15_000;
export const COMMENT = ':\n\n';

/** Calls `comment` every 15 s, from `start` until `stop`. */
export function createStreamComments(clock: Clock, comment: () => void): { start(): void; stop(): void } {
  let stop = () => {};
  const start = () => {
    stop();
    stop = clock.after(COMMENT_EVERY_MS, () => {
      comment();
      start();
    });
  };
  return { start, stop: () => stop() };
}
