import type { Clock } from '../clock.ts';
import type { Terminal } from './terminal.ts';

/** Decides when a frame is drawn. */
export interface Schedule {
  /** Something arrived: drawn at once, or as soon as the frame rate allows. */
  news(): void;
  /** A key was pressed: drawn when all keys that came with it are read. */
  key(): void;
  /** Drawn before this returns, outside of the frame rate: news that come right after the start need not wait. */
  now(): void;
  stop(): void;
}

/**
 * After a frame of news, the next one waits so long for each row that changed, ms: where everything moves, nobody reads
 * thirty frames a second, and each costs all rows.
 */
const WAIT_FOR_ROW_MS = 2;
/** And so that drawing news takes a tenth of the time at most: a list of 100,000 tasks that is still arriving gains nothing. */
const SHARE_OF_TIME = 0.1;
const LONGEST_FRAME_MS = 150;
/** One tick a second is the most that passing time may cost. */
const TICK_MS = 1_000;
/** After a longer wait the frame may show the wrong time: somebody set the clock, or the machine slept. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Creates a schedule for `draw`, which draws and returns when the frame changes by itself (epoch ms). Until that
 * moment, news or a key, nothing runs: a screen on which nothing moves costs nothing.
 */
export function createSchedule(options: {
  readonly clock: Clock;
  readonly fps: number;
  readonly terminal: Pick<Terminal, 'isBusy' | 'onceReady'>;
  readonly draw: () => number;
  /** How many rows the last frame has changed; few if absent. */
  readonly rowsChanged?: () => number;
}): Schedule {
  const { clock, terminal } = options;
  const leastFrameMs = 1_000 / options.fps;
  let frameMs = leastFrameMs;
  let lastDrawAt = Number.NEGATIVE_INFINITY;
  let lastTickAt = clock.monotonic();
  let cancelFrame: (() => void) | null = null;
  let cancelTick: (() => void) | null = null;
  let isKeyWaiting = false;
  let isTerminalAwaited = false;
  let isStopped = false;

  function draw(): void {
    lastDrawAt = clock.monotonic();
    frameMs = leastFrameMs;
    drawNow();
  }

  function drawNews(): void {
    lastDrawAt = clock.monotonic();
    drawNow();
    const tookMs = clock.monotonic() - lastDrawAt;
    const wantedMs = Math.max((options.rowsChanged?.() ?? 0) * WAIT_FOR_ROW_MS, tookMs / SHARE_OF_TIME);
    frameMs = Math.max(leastFrameMs, Math.min(LONGEST_FRAME_MS, wantedMs));
  }

  function drawNow(): void {
    cancelFrame?.();
    cancelFrame = null;
    if (isStopped) return;
    if (terminal.isBusy()) awaitTerminal();
    else tickAt(options.draw());
  }

  function awaitTerminal(): void {
    if (isTerminalAwaited) return;
    isTerminalAwaited = true;
    terminal.onceReady(() => {
      isTerminalAwaited = false;
      draw();
    });
  }

  /** Wakes on the whole second, so that what changes at about the same time changes in one frame. */
  function tickAt(until: number): void {
    cancelTick?.();
    cancelTick = null;
    if (!Number.isFinite(until)) return;
    const nowMs = clock.now();
    const restMs = lastTickAt + TICK_MS - clock.monotonic();
    const at = Math.ceil(Math.max(until, nowMs + restMs) / TICK_MS) * TICK_MS;
    cancelTick = clock.after(Math.min(at - nowMs, LONGEST_WAIT_MS), () => {
      lastTickAt = clock.monotonic();
      drawNow(); // news that come right after it need not wait
    });
  }

  return {
    news() {
      if (cancelFrame || isStopped) return;
      const waitMs = lastDrawAt + frameMs - clock.monotonic();
      if (waitMs <= 0) drawNews();
      else cancelFrame = clock.after(waitMs, drawNews);
    },
    key() {
      if (isKeyWaiting) return;
      isKeyWaiting = true;
      queueMicrotask(() => {
        isKeyWaiting = false;
        draw();
      });
    },
    now: drawNow,
    stop() {
      isStopped = true;
      cancelFrame?.();
      cancelTick?.();
    },
  };
}
