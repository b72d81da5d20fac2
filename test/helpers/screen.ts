import { createFakeClock, type FakeClock } from '../../src/clock.ts';
import { words } from '../../src/model/text.ts';
import { createMonitor, type Monitor } from '../../src/monitor.ts';
import { lineText } from '../../src/present/line.ts';
import type { MemorySource } from '../../src/sources/kit/memory.ts';
import type { Dismissals } from '../../src/store/dismissals.ts';
import { createScreen, type Screen, type ScreenOptions } from '../../src/ui/screen.ts';
import type { Paint } from '../../src/ui/theme.ts';
import type { Scene } from './scenes.ts';

/** 21 November 2026, 14:30 UTC. */
export const HALF_PAST_TWO = Date.UTC(2026, 10, 21, 14, 30);

export const SCREEN_OPTIONS: ScreenOptions = {
  readOnly: false,
  ascii: false,
  fps: 30,
  stallAfterMs: 30_000,
  filter: words``,
  sort: 'urgency',
  host: words`alice@build`,
  timeZone: 'UTC',
};

/** A screen without a terminal: its frames as plain text, its clock controlled by the test. */
export interface TestScreen {
  readonly clock: FakeClock;
  readonly monitor: Monitor;
  readonly screen: Screen;
  readonly sources: readonly MemorySource[];
  /** What was copied and opened, and how it was left. */
  readonly copied: string[];
  readonly opened: string[];
  readonly quits: string[];
  readonly saved: Dismissals[];
  /** What was saved of what was looked at. */
  readonly seen: Dismissals[];
  /** Returns how many different frames there were. */
  frames(): number;
  text(): string;
  lines(): string[];
  /** Presses keys one by one, and waits until everything that follows is drawn. */
  press(...keys: string[]): Promise<void>;
  /** Lets time pass, and waits until everything that follows is drawn. */
  pass(ms: number): Promise<void>;
  settle(): Promise<void>;
  /** While busy, the terminal accepts no frames; `ready` ends that. */
  terminal: { isBusy: boolean; ready(): void };
}

const opened: { screen: Screen; monitor: Monitor }[] = [];

/** Ends every screen that a test has opened. */
export async function closeScreens(): Promise<void> {
  for (const { screen, monitor } of opened.splice(0)) {
    screen.close();
    await monitor.close();
  }
}

export async function openScreen(
  scene: Scene,
  given: {
    columns?: number;
    rows?: number;
    dismissals?: Dismissals;
    seen?: Dismissals;
    /** The estimate, for tests that must not depend on how estimates are made. */
    estimate?: Monitor['estimate'];
    paint?: Paint;
    hasDesktop?: boolean;
  } & Partial<ScreenOptions> = {},
): Promise<TestScreen> {
  const {
    columns = 80,
    rows = 24,
    dismissals = {},
    seen = {},
    estimate,
    paint = lineText,
    hasDesktop,
    ...options
  } = given;
  const clock = createFakeClock(HALF_PAST_TWO);
  const sources = scene(clock);
  const monitor = createMonitor({ sources, clock });
  await turns();
  const test = {
    copied: [] as string[],
    opened: [] as string[],
    quits: [] as string[],
    saved: [] as Dismissals[],
    seen: [] as Dismissals[],
  };
  let onReady = () => {};
  const terminal = { isBusy: false, ready: () => onReady() };
  let frames = 1;

  const screen = createScreen({
    monitor: estimate ? { ...monitor, estimate } : monitor,
    clock,
    options: { ...SCREEN_OPTIONS, ...options },
    dismissals: { load: () => dismissals, save: (next) => test.saved.push(next) },
    seen: { load: () => seen, save: (next) => test.seen.push(next) },
    paint,
    terminal: {
      copy: (text) => test.copied.push(text),
      open: (target) => (hasDesktop ? test.opened.push(target) > 0 : false),
      isBusy: () => terminal.isBusy,
      onceReady: (action) => {
        onReady = action;
      },
      quit: (reason) => test.quits.push(reason),
    },
    size: { columns, rows },
  });
  screen.subscribe(() => {
    frames += 1;
  });
  opened.push({ screen, monitor });

  return {
    ...test,
    clock,
    monitor,
    screen,
    sources,
    terminal,
    frames: () => frames,
    text: () => screen.getFrame().join('\n'),
    lines: () => [...screen.getFrame()],
    async press(...keys) {
      for (const key of keys) {
        screen.take({ type: 'key', key });
        await turns();
      }
      clock.advance(40);
      await turns();
    },
    async pass(ms) {
      clock.advance(ms);
      await turns();
      clock.advance(0);
      await turns();
    },
    settle: async () => {
      await turns();
      clock.advance(40);
      await turns();
    },
  };
}

/** Waits until what is on its way through the monitor has arrived. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
