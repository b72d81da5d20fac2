/**
 * The only clock and the only timers of taskglass. Everything that depends on time is given a `Clock`, so that tests
 * control the time (see `createFakeClock`).
 */
export interface Clock {
  /** Milliseconds since the Unix epoch, for timestamps. The clock may be set back or forward at any time. */
  now(): number;
  /**
   * Whole milliseconds since an arbitrary moment, for intervals. Never goes back, whatever the clock is set to, and stands
   * still while the machine sleeps, as timers do.
   */
  monotonic(): number;
  /** Runs `action` once after `delayMs`; the returned function cancels it. Keeps the process alive. */
  after(delayMs: number, action: () => void): () => void;
}

/** Node fires longer timers at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Returns whole milliseconds, because results are combined with timestamps, which are whole too. (`performance` reads the
 * same clock, but Node loads eight more modules for it.)
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

/** The machine's own clock, for code that runs inside other programs: its timers do not keep the process alive. */
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

/** Waits for `work`, but no longer than `limitMs`. Tells whether it ended in time; if not, it goes on unattended. */
export async function endsWithin(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const late = sleep(clock, limitMs, over.signal).then(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    over.abort();
  }
}

/** Resolves when `signal` aborts. Leaks a listener per call until then, so do not use it repeatedly on one signal. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A clock that differs by at least this from one look to the next was set; slewing moves it by less. */
const SET_BY_LEAST_MS = 1_000;

/**
 * Returns a function that returns by how many ms the clock was set since the last call: usually 0, and positive if it was
 * set forward. If the machine slept, that counts as setting the clock forward.
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

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves time forward, firing the timers that fall due on the way, in order. */
  advance(byMs: number): void;
  /** Sets the clock: back if `byMs` is negative. No time passes, so no timer fires. */
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
