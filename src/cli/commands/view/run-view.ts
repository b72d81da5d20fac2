import { sleep } from '../../../clock.ts';
import type { Io } from '../../../io/io.ts';
import { withoutWaitingForever } from '../../../io/output.ts';
import { say } from '../../../io/print.ts';
import { problem } from '../../../model/problem.ts';
import { plainName, words } from '../../../model/text.ts';
import { sourceProblem } from '../../../present/source-problem.ts';
import { noSourceWasRead } from '../../../session/settled.ts';
import type { Settings } from '../../config/settings.ts';
import { isInteractive, wantsSpeech } from '../../process/appearance.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import { foundLine } from '../../session/found-line.ts';
import { exitStatusOf, listedEntries } from '../../session/listed.ts';
import {
  type CommandOptions,
  openWith,
  readSettings,
  rememberRuns,
  type Session,
  settle,
  warnIfEmpty,
} from '../../session/session.ts';

/** The options of a view that are not settings: what to print, and how. */
export interface OutputOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly plain?: boolean;
  readonly color?: boolean;
  /** How many lines the screen has if it is drawn in place. */
  readonly inline?: number;
  /** The sources that were named; absent if they are not those that `taskglass` alone would show. */
  readonly sourceTexts?: readonly string[];
  /** With `once`: whether the exit code depends on the status of the tasks. */
  readonly exitStatus?: boolean;
}

/** Most sources are read while the screen is loading; after this, the first frame is drawn without the others. */
const FIRST_LOOK_MS = 50;
/** The first sentences say how things stand, which is worth a wait. */
const FIRST_WORD_MS = 1_000;

const EXIT_STATUS_ALONE = problem(
  'malformed',
  'down',
  '--exit-status goes with --once only',
  'to wait until the tasks have ended: taskglass wait',
);

/** Shows the screen on a terminal, otherwise the log; prints documents if asked to. Resolves with the exit code. */
export async function runView(
  sourceTexts: readonly string[],
  options: CommandOptions & OutputOptions,
  io: Io,
): Promise<number> {
  const { once, json, plain, color, inline, exitStatus, ...settingOptions } = options;
  if (exitStatus && !once) return refuse(io, EXIT_STATUS_ALONE, EXIT.usage);
  const resolved = await readSettings(settingOptions, io);
  if (resolved.kind === 'refused') return refuse(io, resolved.problem, EXIT.usage);
  const form = formOf(options, resolved.settings, io);
  const opened = await openWith(resolved, sourceTexts, io, {
    follows: !once,
    isHasty: form === 'screen',
    notifies: form === 'screen' || form === 'speech',
    ...(form === 'speech' && { awaitsRuns: true }),
  });
  if (opened.kind === 'refused') return refuse(io, opened.problem, opened.code ?? EXIT.usage);
  try {
    if (io.signal.aborted) return EXIT.ok; // at a question, before there was anything to show
    return await show(opened.session, { ...options, sourceTexts }, io);
  } finally {
    await withoutWaitingForever(opened.session.close(), io.clock);
  }
}

/** The forms in which a session can be shown. */
type Form = 'snapshot' | 'stream' | 'speech' | 'lines' | 'screen';

/** Returns the form that was asked for, or else that suits stdout. */
function formOf({ once, json, plain }: OutputOptions, { accessible }: Settings, io: Io): Form {
  if (once) return 'snapshot';
  if (json) return 'stream';
  if (!plain && wantsSpeech(accessible, io)) return 'speech';
  return plain || !isInteractive(io) ? 'lines' : 'screen';
}

/** Shows a session in the form that was asked for, or else that suits stdout. Resolves with the exit code. */
export async function show(session: Session, output: OutputOptions, io: Io): Promise<number> {
  const form = formOf(output, session.settings, io);
  switch (form) {
    case 'snapshot':
      return printOnce(session, output, io);
    case 'stream':
      return streamJson(session, output, io);
    case 'speech':
      return speakAloud(session, output, io);
    case 'lines':
      return printPlain(session, output, io);
    case 'screen':
      return showOnTerminal(session, output, io);
    default:
      return form satisfies never;
  }
}

async function showOnTerminal(session: Session, output: OutputOptions, io: Io): Promise<number> {
  const [{ showScreen }] = await Promise.all([import('../../outputs/screen.ts'), lookFirst(session, io)]);
  const { color, inline, sourceTexts = null } = output;
  const look = { color: color !== false, ...(inline !== undefined && { inline }) };
  return showScreen(session, { ...look, sourceTexts }, io);
}

/** Waits a moment for sources that are found and read at once, so that the first frame includes them. */
async function lookFirst(session: Session, io: Io): Promise<void> {
  const isOver = new AbortController();
  const settled = session.searched.then(() => settle(session, io, FIRST_LOOK_MS));
  await Promise.race([settled, sleep(io.clock, FIRST_LOOK_MS, isOver.signal)]);
  isOver.abort();
}

async function printOnce(session: Session, output: OutputOptions, io: Io): Promise<number> {
  await tellFound(session, output, io);
  await Promise.all([settle(session, io), rememberRuns(session, io)]);
  if (output.json) (await import('../../outputs/json.ts')).printSnapshot(session, io);
  else (await import('../../outputs/plain.ts')).printTasks(session, io);
  const code = reportUnreadable(session, io);
  if (code !== EXIT.ok || !output.exitStatus) return code;
  return exitStatusOf(listedEntries(session.monitor.getState(), session));
}

async function streamJson(session: Session, output: OutputOptions, io: Io): Promise<number> {
  await tellFound(session, output, io);
  await Promise.all([settle(session, io), rememberRuns(session, io)]);
  await (await import('../../outputs/json.ts')).printStream(session, io, io.signal);
  return reportUnreadable(session, io);
}

async function printPlain(session: Session, output: OutputOptions, io: Io): Promise<number> {
  await tellFound(session, output, io);
  await rememberRuns(session, io);
  await (await import('../../outputs/plain.ts')).printLog(session, io, io.signal);
  return reportUnreadable(session, io);
}

async function speakAloud(session: Session, output: OutputOptions, io: Io): Promise<number> {
  await tellFound(session, output, io);
  await Promise.all([settle(session, io, FIRST_WORD_MS), rememberRuns(session, io)]);
  return (await import('../../outputs/speech/speak.ts')).speak(session, io);
}

/**
 * Says on stderr what was found although nobody named it, or what to do if there is nothing. With `--json` only at a
 * terminal: a script would take the line for an error.
 */
async function tellFound(session: Session, { json }: OutputOptions, io: Io): Promise<void> {
  const found = foundLine(await session.searched);
  warnIfEmpty(session, io);
  if (found && (!json || io.stderr.isTTY)) say(io, words`taskglass: ${found}`);
}

/** Complains about each source that could not be read. Returns exit code 3 if that is all of them. */
function reportUnreadable({ monitor, settings }: Session, io: Io): number {
  const state = monitor.getState();
  for (const source of state.sources.values()) {
    const said = sourceProblem(source);
    if (said) complain(io, said);
    else if (source.status === 'connecting') complain(io, tooSlow(source.location, settings.wait));
  }
  return noSourceWasRead(state) ? EXIT.noSource : EXIT.ok;
}

function tooSlow(location: string, waitS: number) {
  return problem(
    'no-answer',
    'down',
    plainName(`${location}: nothing came within ${waitS} s`),
    'wait longer with --wait',
  );
}
