import type { Clock } from '../clock.ts';
import type { Terminal } from './terminal.ts';

/** Decides when a frame is drawn. */
export interface Schedule {
  /** Something has arrived: drawn at once, or as soon as the frame rate allows. */
  news(): void;
  /** A key was pressed: drawn once all keys that arrived with it have been read. */
  key(): void;
  /** Draws before it returns, regardless of the frame rate: news right after the start need not wait. */
  now(): void;
  stop(): void;
}

/**
 * After a frame of news, the next one waits this long for each row that changed, in ms. If everything moves, nobody reads
 * thirty frames a second, and each frame costs all rows.
 */
const WAIT_FOR_ROW_MS = 2;
/**
 * Drawing news takes at most this share of the time: drawing more often gains nothing while a list of 100,000 tasks is still
 * arriving.
 */
const SHARE_OF_TIME = 0.1;
const LONGEST_FRAME_MS = 150;
/** Passing time may cost at most one tick a second. */
const TICK_MS = 1_000;
/** After a longer wait, the frame might show a wrong time, because somebody has set the clock or the machine slept. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Creates a schedule for `draw`, which draws and returns when the frame will change on its own (epoch ms). Until then, or
 * until news or a key, nothing runs: a screen on which nothing moves costs nothing.
 */
export function createSchedule(options: {
  readonly clock: Clock;
  readonly fps: number;
  readonly terminal: Pick<Terminal, 'isBusy' | 'onceReady'>;
  readonly draw: () => number;
  /** How many rows the last frame changed; if absent, few. */
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

  /** Wakes at full seconds, so that changes at about the same time share one frame. */
  function tickAt(until: number): void {
    cancelTick?.();
    cancelTick = null;
    if (!Number.isFinite(until)) return;
    const nowMs = clock.now();
    const restMs = lastTickAt + TICK_MS - clock.monotonic();
    const at = Math.ceil(Math.max(until, nowMs + restMs) / TICK_MS) * TICK_MS;
    cancelTick = clock.after(Math.min(at - nowMs, LONGEST_WAIT_MS), () => {
      lastTickAt = clock.monotonic();
      drawNow(); // news right after it need not wait
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
