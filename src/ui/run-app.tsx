import { render } from 'ink';
import type { Clock } from '../clock.ts';
import { TERMINAL_LOST } from '../input/read-input.ts';
import { openOnDesktop } from '../io/desktop.ts';
import { isBehind, neverBlock, onceTaken, withoutWaitingForever } from '../io/output.ts';
import { printPainted } from '../io/print.ts';
import type { Problem } from '../model/problem.ts';
import type { PlainText } from '../model/text.ts';
import type { Monitor } from '../monitor.ts';
import type { Dismissals } from '../store/dismissals.ts';
import { App } from './app.tsx';
import { ringAtEnds } from './bell.ts';
import type { Size } from './compose.ts';
import { withViewModes } from './ink-output.ts';
import { openKeyboard } from './keyboard.ts';
import { createScreen, type ScreenOptions } from './screen.ts';
import type { Terminal } from './terminal.ts';
import { createPaint } from './theme.ts';
import type { QuitReason } from './view-controller.ts';

export interface AppOptions extends ScreenOptions {
  readonly color: boolean;
  /** Ring when a task ends. */
  readonly bell: boolean;
}

/**
 * Shows the monitor on the terminal until a key, `signal` (its reason names the signal) or the loss of the terminal
 * ends it; by then the terminal is as it was. Rejects where drawing itself fails.
 */
export async function runApp(parts: {
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly options: AppOptions;
  readonly dismissals: {
    load(): Promise<Dismissals>;
    /** Resolves with why they could not be kept; the first such problem is shown. */
    save(dismissals: Dismissals): Promise<Problem | null>;
  };
  /** If it is being looked for what there is to watch: resolves with what is to be said of it, in passing. */
  readonly searched?: Promise<PlainText | null>;
  /** Called once the first frame is drawn: the time for what nobody has to wait for. */
  readonly onShown?: () => void;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}): Promise<{ readonly reason: QuitReason }> {
  const { monitor, clock, options, stdin, stdout, signal } = parts;
  const dismissed = await parts.dismissals.load();
  const keyboard = openKeyboard(stdin, clock);
  const end = Promise.withResolvers<QuitReason>();
  const saving = createSaving(parts.dismissals.save, monitor.complain);

  const screen = createScreen({
    monitor,
    clock,
    options: { ...options, isSearching: parts.searched !== undefined },
    dismissals: { load: () => dismissed, save: saving.save },
    paint: createPaint(options),
    terminal: terminalOn(stdout, end.resolve),
    size: sizeOf(stdout),
  });
  void parts.searched?.then(screen.searched);
  const resize = () => screen.resize(sizeOf(stdout));
  const undo = [
    neverBlock(stdout, process.stderr),
    options.bell ? ringAtEnds(monitor, clock, () => stdout.write(BELL)) : () => {},
    listen(stdout, 'resize', resize), // before Ink's own: it must not draw the old frame in the new size
    listen(stdout, 'error', () => end.resolve('SIGHUP')),
    ...(keyboard
      ? TERMINAL_LOST.map((event) => listen(keyboard.stream, event, () => end.resolve('SIGHUP')))
      : []),
    ...SIGNALS.map((name) => listen(process, name, () => {})), // else Ink's exit hook would end the process itself
    listen(signal, 'abort', () => end.resolve(signal.reason as QuitReason)),
    listen(process, 'uncaughtExceptionMonitor', () => app.unmount()), // before the report is printed
  ];
  if (signal.aborted) end.resolve(signal.reason as QuitReason);

  const app = render(<App screen={screen} clock={clock} keyboard={keyboard} onResume={resize} />, {
    stdout: withViewModes(stdout),
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: UNTHROTTLED_FPS,
  });
  if (parts.onShown) undo.push(clock.after(AFTER_FIRST_FRAME_MS, parts.onShown));
  try {
    const reason = await Promise.race([end.promise, app.waitUntilExit().then(() => 'quit' as const)]);
    const lines = reason === 'SIGHUP' ? [] : screen.lastState();
    app.unmount();
    await withoutWaitingForever(Promise.all([app.waitUntilExit(), saving.saved()]), clock);
    printPainted({ stdout }, lines);
    return { reason };
  } finally {
    screen.close();
    for (const stop of undo) stop();
    keyboard?.close();
  }
}

const BELL = '\u0007';
/** By then the first frame is on the terminal, and nobody has begun to read it. */
const AFTER_FIRST_FRAME_MS = 100;
/** The screen itself keeps to the frame rate; a second throttle behind it would only delay. */
const UNTHROTTLED_FPS = 1_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Saves one after the other, so that the newest stays; complains of the first that fails. */
function createSaving(
  save: (next: Dismissals) => Promise<Problem | null>,
  complain: (said: Problem) => void,
) {
  let last: Promise<unknown> = Promise.resolve();
  let hasComplained = false;

  async function saveNext(next: Dismissals): Promise<void> {
    const failure = await save(next);
    if (failure && !hasComplained) complain(failure);
    hasComplained ||= failure !== null;
  }

  return {
    save(next: Dismissals) {
      last = last.then(() => saveNext(next));
    },
    saved: () => last,
  };
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

function sizeOf({ columns, rows }: NodeJS.WriteStream): Size {
  return { columns: columns || 80, rows: rows || 24 };
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
