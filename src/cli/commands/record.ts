import path from 'node:path';
import type { Io } from '../../io/io.ts';
import { problem } from '../../model/problem.ts';
import type { FinishedRun } from '../../model/run.ts';
import { plainName } from '../../model/text.ts';
import { plural } from '../../present/count.ts';
import { durationText } from '../../present/duration.ts';
import { noSourceWasRead } from '../../session/settled.ts';
import { userDirectories } from '../../storage/directories.ts';
import { complain, EXIT, refuse } from '../process/exit.ts';
import { packageVersion } from '../process/version.ts';
import { type CommandOptions, openSession, rememberRuns, type Session, settle } from '../session/session.ts';
import { createAnonymousNaming, OPEN_NAMING } from './record/naming.ts';
import { openTraceDirectory, type TraceDirectory } from './record/trace-directory.ts';

/** The options of `taskglass record`. */
export interface RecordOptions {
  readonly out: string;
  readonly anonymous?: boolean;
  /** Write down what has ended already, and exit. */
  readonly once?: boolean;
}

/** Finer than what a view keeps: a trace is there to be looked into. */
const EVENTS_KEPT = 5_000;

/**
 * `taskglass record [SOURCE…] --out DIR`: writes each task that completes as a trace, until the sources end or a signal
 * comes. Tasks that had completed before count too, as far as their stamps tell how they went.
 */
export async function runRecord(
  sourceTexts: readonly string[],
  options: CommandOptions & RecordOptions,
  io: Io,
): Promise<number> {
  const { out, anonymous, once, ...settingOptions } = options;
  const directory = await openDirectory(path.resolve(io.cwd, out), anonymous === true, io).catch(asError);
  if (directory instanceof Error) return refuse(io, notWritable(out, directory.message), EXIT.usage);
  const opened = await openSession(sourceTexts, settingOptions, io, { eventsKept: EVENTS_KEPT });
  if (opened.kind === 'refused') return refuse(io, opened.problem, opened.code ?? EXIT.usage);
  const { session } = opened;
  const recorder = startRecorder(session, directory, io);
  try {
    await rememberRuns(session, io);
    const ended = once === true ? settle(session, io) : session.monitor.untilEnded(io.signal);
    const failed = await Promise.race([ended.then(() => null), recorder.failed]);
    const count = await recorder.stop();
    return failed ? refuse(io, notWritable(out, failed.message), EXIT.usage) : sumUp(session, count, out, io);
  } finally {
    await session.monitor.close();
  }
}

async function openDirectory(directory: string, isAnonymous: boolean, io: Io): Promise<TraceDirectory> {
  const keyFile = path.join(userDirectories(io.env).data, 'record-key');
  const naming = isAnonymous ? await createAnonymousNaming(keyFile) : OPEN_NAMING;
  return openTraceDirectory(directory, naming, `recorded by taskglass ${packageVersion()}`);
}

/** Only what the system says of a file is no bug of ours. */
function asError(error: unknown): Error {
  if (error instanceof Error && 'code' in error) return error;
  throw error;
}

interface Recorder {
  /** Resolves where a trace could not be written. */
  readonly failed: Promise<Error>;
  /** Writes what is still to be written. Resolves with how many traces there are. */
  stop(): Promise<number>;
}

/** Writes one run after the other, in the order of their ends. */
function startRecorder({ monitor }: Session, directory: TraceDirectory, io: Io): Recorder {
  const failed = Promise.withResolvers<Error>();
  let count = 0;
  let writing = Promise.resolve();

  async function write(run: FinishedRun): Promise<void> {
    const written = await directory.write(run);
    if (!written) return;
    count += 1;
    const events = plural(run.events.length, 'event');
    io.stderr.write(`taskglass: record: ${written.name}: ${durationText(run.durationMs)}, ${events}\n`);
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
  for (const source of state.sources.values()) if (source.problem) complain(io, source.problem);
  io.stderr.write(`taskglass: record: ${plural(count, 'trace')} written to ${plainName(out)}\n`);
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
