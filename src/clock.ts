/**
 * The only clock and the only timers of taskglass. Everything that depends on time is handed a `Clock`,
 * so that tests decide what time it is (see `createFakeClock`).
 */
export interface Clock {
  /** Milliseconds since the Unix epoch: for stamps. It can be set back and forward at any time. */
  now(): number;
  /**
   * Whole milliseconds since some moment: for intervals. It only goes forward, whatever the clock is set to, and stands
   * still while the machine sleeps, as timers do.
   */
  monotonic(): number;
  /** Runs `action` once after `delayMs`; the returned function calls it off. Keeps the process alive. */
  after(delayMs: number, action: () => void): () => void;
}

/** Node refuses longer timers (it would fire them at once). */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * In whole milliseconds, as stamps are: what is computed from both is written down in whole ones. (The same clock as
 * that of `performance`, for which Node loads eight modules more.)
 */
function passedMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + Math.trunc(nanoseconds / 1_000_000);
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: passedMs,
  after(delayMs, action) {
    const timer = setTimeout(action, Math.min(Math.max(0, delayMs), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** The machine's own clock for what runs inside somebody else's program: its timers keep no process alive. */
export const backgroundClock: Clock = {
  now: () => Date.now(),
  monotonic: passedMs,
  after(delayMs, action) {
    const timer = setTimeout(action, Math.min(Math.max(0, delayMs), LONGEST_TIMER_MS)).unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`, or as soon as `signal` aborts. Never rejects. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Waits for `work`, but no longer than `limitMs`. Tells whether it has ended by then; it goes on either way. */
export async function endsWithin(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const late = sleep(clock, limitMs, over.signal).then(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    over.abort();
  }
}

/** Resolves as soon as `signal` aborts. Listens as long as `signal` lives: not for one that outlives many waits. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Clocks are slewed by less than this between two looks; what differs by more was set. */
const SET_BY_LEAST_MS = 1_000;

/**
 * Returns a function that tells by how many ms the clock was set since it was last asked: forward where positive, 0 in
 * general. A machine that slept has its clock set forward as well.
 */
export function createClockWatch(clock: Clock): () => number {
  let offsetMs = clock.now() - clock.monotonic();
  return () => {
    const byMs = clock.now() - clock.monotonic() - offsetMs;
    if (Math.abs(byMs) < SET_BY_LEAST_MS) return 0;
    offsetMs += byMs;
    return byMs;
  };
}

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /** Moves time forward, firing what falls due on the way, in order. */
  advance(byMs: number): void;
  /** Somebody sets the clock, back where `byMs` is negative. No time passes, so no timer fires. */
  set(byMs: number): void;
}

export function createFakeClock(startMs = 1_800_000_000_000): FakeClock {
  let passedMs = 0;
  let offsetMs = startMs;
  const timers = new Set<{ at: number; action: () => void }>();

  const nextDue = (until: number) =>
    [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];

  return {
    now: () => offsetMs + passedMs,
    monotonic: () => passedMs,
    after(delayMs, action) {
      const timer = { at: passedMs + Math.max(0, delayMs), action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(byMs) {
      const until = passedMs + byMs;
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer);
        passedMs = timer.at;
        timer.action();
      }
      passedMs = until;
    },
    set(byMs) {
      offsetMs += byMs;
    },
  };
}
