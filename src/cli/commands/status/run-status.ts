import { sleep } from '../../../clock.ts';
import type { Io } from '../../../io/io.ts';
import { printData } from '../../../io/print.ts';
import { createThrottle } from '../../../io/throttle.ts';
import { problem } from '../../../model/problem.ts';
import type { StatusFigures } from '../../../model/status-figures.ts';
import { joined, plainName } from '../../../model/text.ts';
import { STATUS_FORMATS, type StatusFormat, statusLine } from '../../../present/status-line.ts';
import { wantsAscii } from '../../process/appearance.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import type { CommandOptions } from '../../session/session.ts';

export interface StatusOptions extends CommandOptions {
  readonly format?: string;
  readonly watch?: boolean;
  readonly wait?: string;
}

/** A line is for people, who read no faster. */
const PRINTED_EVERY_MS = 1_000;
const USUAL_WAIT_S = '2';

/** Prints the state of all tasks on one line. Resolves with the exit code. */
export async function runStatus(
  sourceTexts: readonly string[],
  options: StatusOptions,
  io: Io,
): Promise<number> {
  const { format = 'plain', watch, wait = USUAL_WAIT_S, ...settingOptions } = options;
  if (!isFormat(format)) return refuse(io, unknownFormat(format), EXIT.usage);
  const ascii = wantsAscii(options.ascii === true ? true : undefined, io);
  const isUsual = sourceTexts.length === 0 && Object.keys(settingOptions).every((name) => name === 'ascii');
  if (isUsual && !watch) {
    const told = await askRunning(io);
    if (told) {
      createPrinter(format, ascii, io)(told);
      return EXIT.ok;
    }
  }
  // The code that reads sources is loaded only if no other process has read them already.
  const { settle, withSession, rememberRuns } = await import('../../session/session.ts');
  const { figuresOf } = await import('../../session/tell-status.ts');
  return withSession(sourceTexts, { ...settingOptions, wait }, io, async (session) => {
    await Promise.all([settle(session, io), rememberRuns(session, io, () => {})]);
    const print = createPrinter(format, ascii, io);
    print(await figuresOf(session, io));
    if (watch) await keepPrinting(session.monitor, async () => print(await figuresOf(session, io)), io);
    return EXIT.ok;
  });
}

/** Asks this user's open views and servers; resolves with null if none answers. */
async function askRunning({ env, clock }: Io): Promise<StatusFigures | null> {
  const { findStatusSockets } = await import('../../../storage/runtime-directory.ts');
  const sockets = findStatusSockets(env);
  if (sockets.length === 0) return null;
  const { askForStatus } = await import('../../../serve/status-socket.ts');
  for (const socket of sockets) {
    const told = await askForStatus(socket, clock);
    if (told) return told;
  }
  return null;
}

/**
 * Returns a function that prints a line unless it repeats the last one. An empty first line is not printed: it would leave a
 * gap above the prompt.
 */
function createPrinter(format: StatusFormat, ascii: boolean, io: Io): (figures: StatusFigures) => void {
  let last = '';
  return (figures) => {
    const line = statusLine(figures, format, ascii);
    if (line !== last) printData(io, line);
    last = line;
  };
}

/** Prints whenever something changes, and as time passes, until the signal aborts. */
async function keepPrinting(
  monitor: { subscribe(listener: () => void): () => void },
  print: () => Promise<void>,
  { clock, signal }: Io,
): Promise<void> {
  const throttle = createThrottle(clock, PRINTED_EVERY_MS, () => void print());
  const unsubscribe = monitor.subscribe(() => throttle.request());
  while (!signal.aborted) {
    await sleep(clock, AS_TIME_GOES_BY_MS, signal);
    await print();
  }
  unsubscribe();
  throttle.cancel();
}

/** Durations are shown no more precisely than this. */
const AS_TIME_GOES_BY_MS = 5_000;

function isFormat(format: string): format is StatusFormat {
  return STATUS_FORMATS.includes(format as StatusFormat);
}

function unknownFormat(format: string) {
  const message = plainName(`status: --format ${format} is not a format`);
  return problem('malformed', 'down', message, joined(STATUS_FORMATS, ', '));
}
