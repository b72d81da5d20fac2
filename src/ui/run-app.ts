import type { Clock } from '../clock.ts';
import type { InputEvent } from '../input/event.ts';
import { TERMINAL_LOST } from '../input/read-input.ts';
import { openOnDesktop } from '../io/desktop.ts';
import type { ModeSequences } from '../io/mode-sequences.ts';
import { isBehind, neverBlock, onceTaken, withoutWaitingForever } from '../io/output.ts';
import { printPainted } from '../io/print.ts';
import type { Problem } from '../model/problem.ts';
import type { PlainText } from '../model/text.ts';
import type { Monitor } from '../monitor.ts';
import type { Dismissals } from '../store/dismissals.ts';
import { openKeyboard } from './keyboard.ts';
import { putOnTerminal, sizeOf } from './on-terminal.ts';
import { createScreen, type ScreenOptions } from './screen.ts';
import type { Terminal } from './terminal.ts';
import { createPaint } from './theme.ts';
import type { QuitReason } from './view-controller.ts';

export interface AppOptions extends ScreenOptions {
  readonly color: boolean;
  /** How many lines to draw in place, instead of on the alternate screen. */
  readonly inlineRows?: number;
}

/** What was dismissed, or looked at, remembered across restarts. */
interface KeptEndings {
  load(): Promise<Dismissals>;
  /** Resolves with why they could not be saved; the first such problem is shown. */
  save(endings: Dismissals): Promise<Problem | null>;
}

/**
 * Shows the monitor on the terminal until a key, `signal` (whose reason is the name of the signal) or the loss of the
 * terminal ends it. By then the terminal is restored.
 */
export async function runApp(parts: {
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly options: AppOptions;
  readonly dismissals: KeptEndings;
  readonly seen: KeptEndings;
  readonly mutes?: {
    load(): Promise<ReadonlySet<string>>;
    set(place: string, isMuted: boolean): Promise<Problem | null>;
  };
  /** Sends notifications while nobody is looking. */
  readonly notifying?: {
    readonly modes: ModeSequences;
    onInput(event: InputEvent): void;
  };
  /** Present while sources are being searched for: resolves with a notice about what was found. */
  readonly searched?: Promise<PlainText | null>;
  /** Is called once the first frame is drawn: the time for work that nobody has to wait for. */
  readonly onShown?: () => void;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}): Promise<{ readonly reason: QuitReason }> {
  const { monitor, clock, options, stdin, stdout, signal } = parts;
  const { inlineRows = null } = options;
  const loading = [parts.dismissals.load(), parts.seen.load()] as const;
  const [dismissed, looked, muted] = await Promise.all([...loading, parts.mutes?.load()]);
  const keyboard = openKeyboard(stdin, clock);
  const end = Promise.withResolvers<QuitReason>();
  const dismissals = createSaving(parts.dismissals.save, monitor.complain);
  const seen = createSaving(parts.seen.save, monitor.complain);
  const mutes = createSaving(
    async (next: Mute) => (await parts.mutes?.set(next.place, next.isMuted)) ?? null,
    monitor.complain,
  );

  const screen = createScreen({
    monitor,
    clock,
    options: { ...options, isSearching: parts.searched !== undefined },
    dismissals: { load: () => dismissed, save: dismissals.save },
    seen: { load: () => looked, save: seen.save },
    mutes: { load: () => muted ?? new Set(), set: (place, isMuted) => mutes.save({ place, isMuted }) },
    paint: createPaint(options),
    terminal: terminalOn(stdout, end.resolve),
    size: sizeOf(stdout, inlineRows),
  });
  void parts.searched?.then(screen.searched);
  const view = putOnTerminal({ stdout, screen, keyboard, clock, inlineRows, ...parts.notifying });
  const undo = [
    neverBlock(stdout, process.stderr),
    listen(stdout, 'resize', view.redraw),
    listen(stdout, 'error', () => end.resolve('SIGHUP')),
    ...(keyboard
      ? TERMINAL_LOST.map((event) => listen(keyboard.stream, event, () => end.resolve('SIGHUP')))
      : []),
    ...SIGNALS.map((name) => listen(process, name, () => {})), // another signal while leaving must not cut that short
    ...UNEXPECTED.map((name) => endsBy(name, view.giveBack)),
    listen(signal, 'abort', () => end.resolve(signal.reason as QuitReason)),
    listen(process, 'uncaughtExceptionMonitor', view.giveBack), // before the report is printed
    listen(process, 'exit', view.giveBack),
  ];
  if (signal.aborted) end.resolve(signal.reason as QuitReason);

  view.take();
  if (parts.onShown) undo.push(clock.after(AFTER_FIRST_FRAME_MS, parts.onShown));
  try {
    const reason = await end.promise;
    const lines = reason === 'SIGHUP' ? [] : screen.lastState();
    view.close();
    screen.close(); // what is open counts as looked at
    const kept = [dismissals.saved(), seen.saved(), mutes.saved()];
    await withoutWaitingForever(Promise.all([taken(stdout), ...kept]), clock);
    printPainted({ stdout }, lines);
    return { reason };
  } finally {
    view.close();
    screen.close();
    for (const stop of undo) stop();
    keyboard?.close();
  }
}

const BELL = '\u0007';
/** By then, the first frame is on the terminal, and nobody has had time to read it. */
const AFTER_FIRST_FRAME_MS = 100;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Nobody ends a view with these signals, but they can be sent, and end a program. */
const UNEXPECTED = ['SIGQUIT', 'SIGABRT', 'SIGALRM', 'SIGUSR2', 'SIGVTALRM', 'SIGXCPU', 'SIGXFSZ'] as const;

/** Calls `last` before a signal ends the process by default. The returned function undoes that. */
function endsBy(name: NodeJS.Signals, last: () => void): () => void {
  const undo = listen(process, name, () => {
    undo();
    last();
    process.kill(process.pid, name);
  });
  return undo;
}

/** A task that was muted, or is no longer. */
interface Mute {
  readonly place: string;
  readonly isMuted: boolean;
}

/** Saves one after the other, so that the newest wins; complains about the first failure. */
function createSaving<T>(save: (next: T) => Promise<Problem | null>, complain: (said: Problem) => void) {
  let last: Promise<unknown> = Promise.resolve();
  let hasComplained = false;

  async function saveNext(next: T): Promise<void> {
    const failure = await save(next);
    if (failure && !hasComplained) complain(failure);
    hasComplained ||= failure !== null;
  }

  return {
    save(next: T) {
      last = last.then(() => saveNext(next));
    },
    saved: () => last,
  };
}

/** Resolves once the terminal has accepted everything that was written; never, if it accepts nothing any more. */
function taken(stdout: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => onceTaken(stdout, resolve));
}

function terminalOn(stdout: NodeJS.WriteStream, quit: (reason: QuitReason) => void): Terminal {
  return {
    copy: (text) => void stdout.write(`\u001b]52;c;${Buffer.from(text).toString('base64')}${BELL}`),
    open: (target) => openOnDesktop(target, process.env),
    isBusy: () => isBehind(stdout),
    onceReady: (action) => onceTaken(stdout, action),
    quit,
  };
}

interface Listenable {
  addListener?(event: string, listener: () => void): unknown;
  removeListener?(event: string, listener: () => void): unknown;
  addEventListener?(event: string, listener: () => void): unknown;
  removeEventListener?(event: string, listener: () => void): unknown;
}

/** Listens to an event; the returned function stops listening. */
function listen(target: unknown, event: string, listener: () => void): () => void {
  const on = target as Listenable;
  if (on.addListener) on.addListener(event, listener);
  else on.addEventListener?.(event, listener);
  return () => {
    if (on.removeListener) on.removeListener(event, listener);
    else on.removeEventListener?.(event, listener);
  };
}
