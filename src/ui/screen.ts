import type { Clock } from '../clock.ts';
import type { TaskId } from '../model/id.ts';
import type { Monitor } from '../monitor.ts';
import type { Look } from '../present/look.ts';
import { unfoldings } from '../present/unfold.ts';
import type { Dismissals } from '../store/dismissals.ts';
import { parseFilter } from '../store/filter.ts';
import { type Sections, selectSections } from '../store/sections.ts';
import type { SortKey } from '../store/select.ts';
import { findEntry, type State } from '../store/state.ts';
import { actionOf } from './actions.ts';
import { composeFrame, type Frame, lastLines, type Scene, type Size } from './compose.ts';
import type { Desk } from './desk.ts';
import type { KeyName } from './keys.ts';
import { createOverview } from './overview.ts';
import { answerPrompt } from './prompts.ts';
import { createSchedule } from './schedule.ts';
import type { Terminal } from './terminal.ts';
import type { Paint } from './theme.ts';
import { reduceView, startView, type ViewEvent } from './view-state.ts';

/** How the screen behaves and looks. */
export interface ScreenOptions {
  readonly readOnly: boolean;
  readonly ascii: boolean;
  /** Frames a second, at most. */
  readonly fps: number;
  readonly stallAfterMs: number;
  readonly filter: string;
  readonly sort: SortKey;
  /** `user@host`, for the header. */
  readonly host: string;
  /** The machine's own where absent. */
  readonly timeZone?: string;
}

/** Where dismissals are remembered. */
export interface DismissalsStore {
  load(): Dismissals;
  save(dismissals: Dismissals): void;
}

/** The whole interface without a terminal or a framework: keys and news go in, ready lines come out. */
export interface Screen {
  /** The lines to show; the same array as long as nothing visible changes. */
  getFrame(): readonly string[];
  subscribe(listener: () => void): () => void;
  press(key: KeyName): void;
  resize(size: Size): void;
  /** The state in plain lines, for the scrollback. */
  lastState(): string[];
  close(): void;
}

/** How many tasks are left in the terminal afterwards. */
const LAST_TASKS = 100;
const NOTICE_MS = 10_000;
/** A user's words for a task where its source names none. */
const USER_STATUSES = ['todo', 'inprogress', 'completed', 'cancelled'];

export function createScreen(parts: {
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly options: ScreenOptions;
  readonly dismissals: DismissalsStore;
  readonly paint: Paint;
  readonly terminal: Terminal;
  readonly size: Size;
}): Screen {
  const { monitor, clock, options, dismissals, paint, terminal } = parts;
  const overview = createOverview(options.host);
  const sectionsOf = createSectionsMemo();
  const listeners = new Set<() => void>();
  let size = parts.size;
  let view = startView({ ...options, dismissals: dismissals.load(), nowMs: clock.now() });
  let frame: readonly string[] = [];
  let bodyHeight = 0;

  const schedule = createSchedule({ clock, fps: options.fps, terminal, draw });

  function draw(): number {
    const composed = composeFrame(scene());
    settle(composed);
    const next = composed.lines.map(paint);
    if (next.length !== frame.length || next.some((text, index) => text !== frame[index])) {
      frame = next;
      for (const listener of [...listeners]) listener();
    }
    return composed.until;
  }

  function settle(composed: Frame): void {
    bodyHeight = composed.bodyHeight;
    const { listTop, paneTop } = composed;
    change({ type: 'settled', listTop, paneTop, selectedIndex: Math.max(0, selectedIndex()) });
  }

  function scene(): Scene {
    const look = currentLook();
    return {
      desk,
      live: monitor.getState(),
      overview: overview(desk.data, look),
      look,
      nowMs: clock.now(),
      size,
    };
  }

  /** While the screen is frozen, its clock stands still as well. */
  function currentLook(): Look {
    return {
      nowMs: view.frozen?.atMs ?? clock.now(),
      width: size.columns,
      ascii: options.ascii,
      stallAfterMs: options.stallAfterMs,
      estimate: monitor.estimate,
      ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
    };
  }

  function change(event: ViewEvent): void {
    const before = view.dismissals;
    view = reduceView(view, event);
    if (view.dismissals !== before) dismissals.save(view.dismissals);
  }

  /** Where the selected task is listed; where it is gone, what took its place. */
  function selectedIndex(): number {
    const { entries } = desk.sections;
    if (view.selected === null) return 0;
    if (entries[view.selectedIndex]?.task.id === view.selected) return view.selectedIndex;
    const index = entries.findIndex((entry) => entry.task.id === view.selected);
    return index >= 0 ? index : Math.min(view.selectedIndex, entries.length - 1);
  }

  function select(index: number): void {
    const { entries } = desk.sections;
    const at = Math.min(Math.max(0, index), entries.length - 1);
    const entry = entries[at];
    if (entry) change({ type: 'selected', id: entry.task.id, index: at });
  }

  const desk: Desk = {
    get view() {
      return view;
    },
    get data() {
      return view.frozen?.state ?? monitor.getState();
    },
    get sections() {
      return sectionsOf(desk.data, view, view.frozen?.atMs ?? clock.now());
    },
    get selected() {
      const entry = desk.sections.entries[selectedIndex()];
      return entry ? (findEntry(monitor.getState(), entry.task.id) ?? entry) : null;
    },
    get pageSize() {
      return Math.max(1, bodyHeight - 2);
    },
    readOnly: options.readOnly,
    isUnfolded: (id) => isUnfolded(id),
    change,
    prompt: (prompt) => change({ type: 'prompted', prompt }),
    notice: (text) =>
      change({ type: 'noticed', notice: { text, tone: 'plain', until: clock.now() + NOTICE_MS } }),
    move(by) {
      if (view.pane !== 'list') return change({ type: 'scrolled', to: Math.max(0, view.paneTop + by) });
      select(selectedIndex() + by);
    },
    toggleFreeze() {
      change(
        view.frozen ? { type: 'thawed' } : { type: 'frozen', state: monitor.getState(), atMs: clock.now() },
      );
    },
    chooseStatus() {
      const task = desk.selected?.task;
      const offer = task?.offers.find((each) => each.command === 'setStatus');
      if (!task || !offer) return;
      const choices = offer.choices ?? USER_STATUSES;
      desk.prompt({ kind: 'status', id: task.id, name: task.name, choices, at: 0 });
    },
    ask(id, command, argument) {
      change({ type: 'asked', id });
      void monitor.send(id, command, argument).then((result) => {
        if (result.kind === 'sent' || findEntry(monitor.getState(), id)?.refused) return;
        desk.notice(result.problem.message);
        schedule.key();
      });
    },
    copy(text) {
      terminal.copy(text);
      desk.notice(`copied ${text}`);
    },
    quit: terminal.quit,
  };

  function isUnfolded(id: TaskId): boolean {
    const selected = desk.selected?.task.id ?? null;
    const list = { sections: desk.sections, selected, folding: view.folding, top: view.listTop };
    return unfoldings(list, bodyHeight).has(id);
  }

  function press(key: KeyName): void {
    change({ type: 'key-pressed', at: clock.now() });
    if (key === 'ctrl-c') desk.quit('SIGINT');
    else if (view.prompt) answerPrompt(desk, view.prompt, key);
    else perform(key);
    schedule.key();
  }

  function perform(key: KeyName): void {
    const action = actionOf(key);
    if (!action) return;
    const refusal = action.refusal?.(desk) ?? null;
    if (refusal === null) action.run(desk, key);
    else desk.notice(`${action.name}: ${refusal}`);
  }

  schedule.now();
  const unsubscribe = monitor.subscribe(schedule.news);
  return {
    getFrame: () => frame,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    press,
    resize(next) {
      size = next;
      schedule.now();
    },
    lastState: () =>
      lastLines(scene(), LAST_TASKS).map((each) =>
        each.segments
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
      ),
    close() {
      unsubscribe();
      schedule.stop();
    },
  };
}

/** Selecting and sorting ten thousand tasks takes longer than drawing a screen: a key press must not pay for it. */
function createSectionsMemo() {
  let known: { readonly key: readonly unknown[]; readonly sections: Sections } | null = null;
  return (state: State, view: ReturnType<typeof startView>, nowMs: number): Sections => {
    const { filter, sort, group, dismissals, attention } = view;
    const key = [state, filter, sort, group, dismissals, attention.absence];
    const isFresh =
      known !== null && nowMs < known.sections.until && key.every((part, at) => part === known?.key[at]);
    if (!known || !isFresh) {
      const sections = selectSections(state, {
        filter: parseFilter(filter),
        sort,
        group,
        dismissals,
        attention,
        nowMs,
      });
      known = { key, sections };
    }
    return known.sections;
  };
}
