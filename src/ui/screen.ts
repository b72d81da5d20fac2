import { type Clock, createClockWatch } from '../clock.ts';
import type { InputEvent } from '../input/event.ts';
import type { PlainText } from '../model/text.ts';
import type { Monitor } from '../monitor.ts';
import { describeTask } from '../present/reason.ts';
import type { RenderContext } from '../present/render-context.ts';
import { BUILT_IN_VIEWS, type NamedView } from '../store/named-view.ts';
import type { SortKey } from '../store/select.ts';
import { composeFrame, lastLines, type Scene } from './compose.ts';
import { createViewController } from './create-view-controller.ts';
import { createKeyHandler } from './key-handler.ts';
import { createKeymap, type Keymap, type KeySettings } from './keymap.ts';
import { createKeeping, type Memory, remembered } from './memory.ts';
import { createOverview } from './overview.ts';
import { createSchedule } from './schedule.ts';
import { createSettling } from './settle.ts';
import { isTooSmall, type Size } from './size.ts';
import type { Terminal } from './terminal.ts';
import { createPlainPaint, type Paint } from './theme.ts';
import type { ViewController } from './view-controller.ts';
import { startView } from './view-state.ts';

/** How the screen behaves and looks. */
export interface ScreenOptions {
  /** Whether sources are still being searched for. */
  readonly isSearching?: boolean;
  readonly readOnly: boolean;
  readonly ascii: boolean;
  /** At most this many frames a second. */
  readonly fps: number;
  readonly stallAfterMs: number;
  readonly filter: PlainText;
  readonly sort: SortKey;
  /** The views that the digits choose; if absent, the usual ones. */
  readonly views?: readonly NamedView[];
  /** The keys that differ from the default. */
  readonly keys?: KeySettings;
  /** `user@host`, for the header. */
  readonly host: PlainText;
  /** The machine's own if absent. */
  readonly timeZone?: string;
}

/** The whole interface without a terminal or a framework: keys and news go in, painted lines come out. */
export interface Screen {
  /** The lines to show; the same array as long as nothing visible changes. */
  getFrame(): readonly string[];
  subscribe(listener: () => void): () => void;
  /** Takes what somebody did at the terminal. */
  take(event: InputEvent): void;
  /** The first search has ended: shows a notice about what was found, if there is any. */
  searched(found: PlainText | null): void;
  /** The terminal has this size, and may show anything; listeners are notified of the next frame in any case. */
  resize(size: Size): void;
  /** The state as plain lines, for the scrollback. */
  lastState(): string[];
  close(): void;
}

/** How many tasks remain in the terminal afterwards. */
const LAST_TASKS = 100;

/** What a screen is made of. */
interface ScreenParts extends Memory {
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly options: ScreenOptions;
  readonly paint: Paint;
  readonly terminal: Terminal;
  readonly size: Size;
}

export function createScreen(parts: ScreenParts): Screen {
  const { monitor, clock, options, paint, terminal } = parts;
  const overview = createOverview(options.host);
  const keymap = keymapOf(options, monitor);
  const settle = createSettling();
  const clockSetBy = createClockWatch(clock);
  const plain = createPlainPaint(options);
  const listeners = new Set<() => void>();
  let size = parts.size;
  let frame: readonly string[] = [];
  let rowsChanged = 0;

  const schedule = createSchedule({
    clock,
    fps: options.fps,
    terminal,
    draw,
    rowsChanged: () => rowsChanged,
  });
  const controller = createViewController({
    ...options,
    views: options.views ?? BUILT_IN_VIEWS,
    monitor,
    clock,
    terminal,
    keymap,
    start: startView({ ...options, ...remembered(parts), nowMs: clock.now() }),
    redraw: schedule.key,
    news: schedule.news,
  });
  const keys = createKeyHandler({ controller, keymap, clock, isUnseen: () => isTooSmall(size) });

  function draw(): number {
    noticeClock();
    controller.change({ type: 'settled', at: settle(controller, clock.now()) });
    const { lines, until, ...places } = composeFrame(scene());
    keys.drawn();
    controller.change({ type: 'settled', at: places });
    const next = lines.map(paint);
    rowsChanged = next.reduce((sum, text, index) => sum + (text === frame[index] ? 0 : 1), 0);
    if (rowsChanged === 0) return until;
    frame = next;
    for (const listener of [...listeners]) listener();
    return until;
  }

  /** Notices if the clock was set. Called before a time is compared with a stored one, or is stored. */
  function noticeClock(): void {
    const byMs = clockSetBy();
    if (byMs !== 0) controller.change({ type: 'clock-set', byMs });
  }

  const scene = () => sceneOf({ ...parts, controller, keymap, overview, size });

  const keep = createKeeping(controller, parts);
  schedule.now();
  const unsubscribe = monitor.subscribe(schedule.news);
  return {
    getFrame: () => frame,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    take(event) {
      noticeClock();
      keys.take(event);
      keep();
      schedule.key();
    },
    searched: (found) => tellFound(found, controller, schedule.news),
    resize(next) {
      size = next;
      frame = [];
      schedule.now();
    },
    lastState: () =>
      lastLines(scene(), size.isInline ? size.rows - 1 : LAST_TASKS).map((each) => plain(each).trimEnd()),
    close() {
      controller.change({ type: 'pane-opened', pane: 'list' }); // closes the log, and what is open counts as looked at
      keep();
      unsubscribe();
      schedule.stop();
    },
  };
}

/** Returns the configured keys, and complains about those that cannot be bound. */
function keymapOf({ keys }: ScreenOptions, { complain }: Monitor): Keymap {
  const keymap = createKeymap(keys);
  for (const each of keymap.problems) complain(each);
  return keymap;
}

/** Shows a notice about what was found, and records that the search is over. */
function tellFound(found: PlainText | null, controller: ViewController, news: () => void): void {
  controller.change({ type: 'searched' });
  if (found) controller.notice(found);
  news();
}

/** Returns what a frame is made from at this moment. */
function sceneOf(seen: {
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly controller: ViewController;
  readonly keymap: Keymap;
  readonly overview: ReturnType<typeof createOverview>;
  readonly options: ScreenOptions;
  readonly size: Size;
}): Scene {
  const { monitor, controller, keymap, size } = seen;
  const nowMs = seen.clock.now();
  const context = renderContextOf({ ...seen, nowMs });
  const { isSearching } = controller.view;
  const overview = seen.overview(controller.data, controller.sections, context, isSearching);
  return { controller, keymap, live: monitor.getState(), overview, context, nowMs, size };
}

/** Returns the context of a frame. While the screen is frozen, its clock and its estimates stand still as well. */
function renderContextOf(seen: {
  readonly monitor: Monitor;
  readonly controller: ViewController;
  readonly options: ScreenOptions;
  readonly size: Size;
  readonly nowMs: number;
}): RenderContext {
  const { monitor, controller, options } = seen;
  const { frozen } = controller.view;
  return {
    nowMs: frozen?.atMs ?? seen.nowMs,
    width: seen.size.columns,
    ascii: options.ascii,
    stallAfterMs: options.stallAfterMs,
    estimate: frozen ? (id) => frozen.estimates.get(id) ?? null : monitor.estimate,
    nameTask: (id) => describeTask(id, controller.data),
    usualMs: monitor.usualMs,
    bandScore: monitor.bandScore,
    ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
  };
}
