import path from 'node:path';
import type { Io } from '../../../io/io.ts';
import { say } from '../../../io/print.ts';
import { problem } from '../../../model/problem.ts';
import type { FinishedRun } from '../../../model/run.ts';
import { plainName, words } from '../../../model/text.ts';
import { plural } from '../../../present/count.ts';
import { durationText } from '../../../present/duration.ts';
import { sourceProblems } from '../../../present/source-problem.ts';
import { noSourceWasRead } from '../../../session/settled.ts';
import { userDirectories } from '../../../storage/directories.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import { packageVersion } from '../../process/version.ts';
import {
  type CommandOptions,
  rememberRuns,
  type Session,
  settle,
  withSession,
} from '../../session/session.ts';
import { createAnonymousNaming, OPEN_NAMING } from './naming.ts';
import { openTraceDirectory, type TraceDirectory } from './trace-directory.ts';

/** The options of `taskglass record`. */
export interface RecordOptions {
  readonly out: string;
  readonly anonymous?: boolean;
  /** Whether to write what has already ended, and exit. */
  readonly once?: boolean;
}

/** More than a view keeps, because a trace is made to be examined. */
const EVENTS_KEPT = 5_000;

/**
 * Writes a trace of each task that completes, until the sources end or the signal aborts. A task that had already completed
 * counts as well, as far as its timestamps say how it went. Resolves with the exit code.
 */
export async function runRecord(
  sourceTexts: readonly string[],
  options: CommandOptions & RecordOptions,
  io: Io,
): Promise<number> {
  const { out, anonymous, once, ...settingOptions } = options;
  const directory = await openDirectory(path.resolve(io.cwd, out), anonymous === true, io).catch(asError);
  if (directory instanceof Error) return refuse(io, notWritable(out, directory.message), EXIT.usage);
  const record = async (session: Session) => {
    const recorder = startRecorder(session, directory, io);
    await rememberRuns(session, io);
    const ended = once === true ? settle(session, io) : session.monitor.untilEnded(io.signal);
    const failed = await Promise.race([ended.then(() => null), recorder.failed]);
    const count = await recorder.stop();
    return failed ? refuse(io, notWritable(out, failed.message), EXIT.usage) : sumUp(session, count, out, io);
  };
  return withSession(sourceTexts, settingOptions, io, record, {
    eventsKept: EVENTS_KEPT,
    follows: once !== true,
  });
}

async function openDirectory(directory: string, isAnonymous: boolean, io: Io): Promise<TraceDirectory> {
  const keyFile = path.join(userDirectories(io.env).data, 'record-key');
  const naming = isAnonymous ? await createAnonymousNaming(keyFile) : OPEN_NAMING;
  return openTraceDirectory(directory, naming, `recorded by taskglass ${packageVersion()}`);
}

/** Returns a system error as it is; rethrows any other error, which is a bug. */
function asError(error: unknown): Error {
  if (error instanceof Error && 'code' in error) return error;
  throw error;
}

interface Recorder {
  /** Resolves if a trace could not be written. */
  readonly failed: Promise<Error>;
  /** Writes the remaining runs. Resolves with the number of traces written. */
  stop(): Promise<number>;
}

/** Writes the runs one after the other, in the order in which they ended. */
function startRecorder({ monitor }: Session, directory: TraceDirectory, io: Io): Recorder {
  const failed = Promise.withResolvers<Error>();
  let count = 0;
  let writing = Promise.resolve();

  async function write(run: FinishedRun): Promise<void> {
    const written = await directory.write(run);
    if (!written) return;
    count += 1;
    const events = plural(run.events.length, 'event');
    say(io, words`taskglass: record: ${plainName(written.name)}: ${durationText(run.durationMs)}, ${events}`);
  }

  const unsubscribe = monitor.onFinished((runs) => {
    const completed = runs.filter((run) => run.outcome === 'completed');
    for (const run of completed.toSorted((a, b) => endOf(a) - endOf(b))) {
      writing = writing.then(() => write(run)).catch((error) => failed.resolve(asError(error)));
    }
  });

  return {
    failed: failed.promise,
    async stop() {
      unsubscribe();
      await writing;
      return count;
    },
  };
}

function endOf({ startedAt, durationMs }: FinishedRun): number {
  return startedAt + durationMs;
}

function sumUp({ monitor }: Session, count: number, out: string, io: Io): number {
  const state = monitor.getState();
  for (const said of sourceProblems(state)) complain(io, said);
  say(io, words`taskglass: record: ${plural(count, 'trace')} written to ${plainName(out)}`);
  return noSourceWasRead(state) ? EXIT.noSource : EXIT.ok;
}

function notWritable(out: string, words: string) {
  return problem(
    'not-allowed',
    'down',
    plainName(`record: ${out}: ${words}`),
    'name a directory that you may write to with --out',
  );
}
