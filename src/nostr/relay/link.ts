import type { Clock } from '../../clock.ts';
import { createBackoff } from '../../io/backoff.ts';
import type { Problem } from '../../model/problem.ts';
import { type Connection, type ConnectionTimes, openConnection } from './connection.ts';

/** A connection that is opened again whenever it ends, until `close`. */
export interface Link {
  readonly isOpen: boolean;
  /** Why the last attempt or connection failed; null while one is open, and until the first one has ended. */
  readonly problem: Problem | null;
  /** The time from the last ping to its pong, ms; null without a connection. */
  readonly delayMs: number | null;
  /** Does nothing while there is no connection. */
  send(message: readonly unknown[]): void;
  pause(): void;
  resume(): void;
  /** To be called when something useful has arrived. */
  worked(): void;
  /** Ends the connection from this side because of `problem`; the next attempt follows the back-off. */
  drop(problem: Problem): void;
  close(): Promise<void>;
}

export interface LinkListener {
  opened(): void;
  frame(text: string): void;
  passedOver(): void;
  /** The connection ended, or the attempt failed. */
  ended(): void;
  delayed(): void;
}

/** A connection that lasted this long was a success: the next back-off starts from its shortest delay. */
const SUCCESS_AFTER_MS = 30_000;
/** A shorter one counts as well if it worked, as when a relay is restarted; but only this many times in a row. */
const MOST_SHORT_SUCCESSES = 20;

export function createLink(
  url: string,
  options: { clock: Clock; times: ConnectionTimes; listener: LinkListener },
): Link {
  const { clock, times, listener } = options;
  const backoff = createBackoff();
  let connection: Connection | null = null;
  let openedAt: number | null = null;
  let hasWorked = false;
  let shortSuccesses = 0;
  let problem: Problem | null = null;
  let delayMs: number | null = null;
  let cancelRetry = () => {};

  connect();

  function connect(): void {
    connection = openConnection(url, {
      clock,
      times,
      listener: {
        opened() {
          openedAt = clock.monotonic();
          hasWorked = false;
          problem = null;
          listener.opened();
        },
        frame: listener.frame,
        passedOver: listener.passedOver,
        delay(ms) {
          delayMs = ms;
          listener.delayed();
        },
        ended: retryLater,
      },
    });
  }

  function retryLater(why: Problem): void {
    if (wasSuccess()) backoff.reset();
    connection = null;
    openedAt = null;
    delayMs = null;
    problem = why;
    cancelRetry = clock.after(backoff.next(), connect);
    listener.ended();
  }

  function wasSuccess(): boolean {
    if (openedAt === null) return false;
    const hasLasted = clock.monotonic() - openedAt >= SUCCESS_AFTER_MS;
    shortSuccesses = hasLasted ? 0 : shortSuccesses + 1;
    return hasLasted || (hasWorked && shortSuccesses <= MOST_SHORT_SUCCESSES);
  }

  return {
    get isOpen() {
      return openedAt !== null;
    },
    get problem() {
      return problem;
    },
    get delayMs() {
      return delayMs;
    },
    send: (message) => connection?.send(message),
    pause: () => connection?.pause(),
    resume: () => connection?.resume(),
    worked() {
      hasWorked = true;
    },
    drop(why) {
      connection?.close();
      if (connection) retryLater(why);
    },
    async close() {
      cancelRetry();
      openedAt = null;
      await connection?.close();
    },
  };
}
