import { constants } from 'node:os';
import type { Io } from '../io/io.ts';
import { say } from '../io/print.ts';
import { createThrottle } from '../io/throttle.ts';
import { plainName, plainText, words } from '../model/text.ts';
import type { Report, Reporter } from '../publish/report.ts';
import { type Child, type ChildEnd, type ChildOptions, KILL_AFTER_MS, stopChild } from './child.ts';
import { getsOwnTerminal } from './in-background.ts';
import { startPiped } from './piped-child.ts';
import type { ProgramSpeech } from './progress/program-speech.ts';
import { type ProgressSearch, watchProgress } from './progress/watch-progress.ts';
import { typeAnswer } from './prompt/type-answer.ts';
import { watchPrompts } from './prompt/watch-prompts.ts';
import { explainUnstartable } from './startable.ts';
import { createTail } from './tail.ts';

/** How often a command that prints is reported as alive. */
const ALIVE_EVERY_MS = 5_000;

/** Most commands have ended this soon after SIGTERM; if not, whoever cancelled is told. */
const ENDS_WITHIN_MS = 1_000;
const STOPPING = words`being cancelled: SIGTERM was sent, SIGKILL follows after ${KILL_AFTER_MS / 1000} s`;

/** How a command's run ended, for whoever started it. */
export interface RunEnd {
  /** Its exit code, or 128 + n after a signal. */
  readonly code: number;
  /** Whether it was ended by a SIGINT to our whole group. */
  readonly isByInterrupt: boolean;
}

/** Runs the command once, to its end, as a single reported task. */
export async function runOnce(run: {
  readonly words: readonly string[];
  readonly title: string;
  readonly search: ProgressSearch;
  readonly isQuiet: boolean;
  /** Whether the reason of a failure may quote what the command printed last. */
  readonly keepsOutput: boolean;
  readonly reporter: Reporter;
  readonly io: Io;
  /** Descriptors above standard error that belong to the command, not to us. */
  readonly descriptors: readonly number[];
  /** The id of the run that this one repeats. */
  readonly retryOf?: string | undefined;
  /** Variables that were set in the environment of that run, and are not set now. */
  readonly isUnset?: readonly string[];
  /** Our terminal shows program statuses (OSC 7501) itself. */
  readonly showsStatus: boolean;
  /** Called with the run's id as soon as it is reported; null if it has none. */
  readonly onStarted?: (id: string | null) => void;
  /** Called for each piece of output, before it is passed on. */
  readonly onOutput?: () => void;
}): Promise<RunEnd> {
  const { title, search, showsStatus, retryOf, isUnset = [], io } = run;
  const started = await run.reporter.start({
    title,
    steps: [],
    cwd: io.cwd,
    ...(retryOf === undefined ? {} : { retryOf }),
  });
  let child: Child | null = null;
  const report = watchPrompts(started, {
    clock: io.clock,
    ...(started.onAnswer && { canType: () => child?.type !== undefined }),
  });
  started.onAnswer?.((answer) => void typeAnswer(answer, { prompts: report, child, log: started.output }));
  run.onStarted?.(report.id ?? null);
  if (isUnset.length > 0) report.output?.(unsetNote(isUnset), 'stderr');
  const progress = watchProgress({ search, report, title, io, showsStatus });
  const tail = createTail();
  const alive = createThrottle(io.clock, ALIVE_EVERY_MS, () => report.tell({}));

  const options: ChildOptions = {
    words: run.words,
    io,
    isQuiet: run.isQuiet,
    descriptors: run.descriptors,
    // Nobody else would say why a command that runs as another user, as under `sudo`, ignores the signal.
    onRefused(name) {
      say(io, words`taskglass: run: cannot send ${name}: the command runs as another user, and continues`);
    },
    onOutput(piece, stream) {
      run.onOutput?.();
      report.output?.(piece, stream);
      tail.add(piece, stream);
      alive.request();
      progress.read(piece, stream);
    },
  };
  const running = await startChild(options, progress.speech);
  child = running;
  progress.speech?.setChild(running);
  let stopTelling = () => {};
  const cancel = () => {
    stopChild(running, io.clock);
    stopTelling = io.clock.after(ENDS_WITHIN_MS, () => report.tell({ idle: STOPPING }));
  };
  report.signal.addEventListener('abort', cancel, { once: true });
  // A cancellation that arrived during the start has reached nobody else.
  if (report.signal.aborted || io.signal.aborted) cancel();
  try {
    const end = await running.ended;
    stopTelling();
    alive.cancel();
    progress.end();
    await tellEnd(report, end, {
      lastLines: run.keepsOutput ? tail.lines() : [],
      isInterrupted: io.signal.aborted,
    });
    const isBySignal = end.signal === constants.signals.SIGINT;
    return { code: exitCodeOf(end), isByInterrupt: isBySignal && end.isInterrupted };
  } catch (error) {
    progress.end();
    const code = await tellUnstartable(report, error as NodeJS.ErrnoException, run.words, io);
    return { code, isByInterrupt: false };
  } finally {
    stopTelling();
    report.signal.removeEventListener('abort', cancel);
  }
}

function unsetNote(names: readonly string[]): Buffer {
  return Buffer.from(`taskglass: run: set when it ran before, but not now: ${names.join(' ')}\n`);
}

/**
 * Starts the command in a pseudo-terminal if we are in a terminal, so that it draws as it would without us; otherwise, and in
 * the background, over pipes.
 */
async function startChild(options: ChildOptions, speech: ProgramSpeech | null): Promise<Child> {
  const { io } = options;
  if (!getsOwnTerminal(io, options.isQuiet)) return startPiped(options);
  const { startInTerminal } = await import('./terminal-child.ts');
  const inTerminal = speech ? { ...options, io: { ...io, env: speech.env }, filter: speech.filter } : options;
  return (await startInTerminal(inTerminal)) ?? startPiped(options);
}

/** Reports how the command ended. Somebody who interrupted us, or cancelled the task, did not see it fail. */
function tellEnd(
  report: Report,
  end: ChildEnd,
  { lastLines, isInterrupted }: { lastLines: readonly string[]; isInterrupted: boolean },
): Promise<void> {
  const { exitCode, signal } = end;
  if (exitCode === 0) return report.complete();
  if (report.signal.aborted || isInterrupted || end.isInterrupted || isEndedByKey(end))
    return report.cancel();
  const how = signal ? `ended by ${signalName(signal)}` : `exit code ${exitCode}`;
  return report.fail(plainText([how, ...lastLines].join('\n')));
}

/** Tells whether a key ended the command: in a terminal of its own, Ctrl-C and Ctrl-\ go to the command and not to us. */
function isEndedByKey({ exitCode, signal }: ChildEnd): boolean {
  const { SIGINT, SIGQUIT } = constants.signals;
  return signal === SIGINT || signal === SIGQUIT || exitCode === 128 + SIGINT;
}

async function tellUnstartable(
  report: Report,
  error: NodeJS.ErrnoException,
  command: readonly string[],
  io: Io,
): Promise<number> {
  const { why, code } = explainUnstartable(command[0] ?? '', error, io);
  say(io, words`taskglass: run: ${plainName(why)}`);
  await report.fail(why);
  return code;
}

function exitCodeOf({ exitCode, signal }: ChildEnd): number {
  return signal ? 128 + signal : (exitCode ?? 1);
}

/** Returns the name of a signal; real-time signals have none. */
function signalName(number: number): string {
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return name ?? `signal ${number}`;
}
