import { systemClock } from '../clock.ts';
import type { Io } from '../io/io.ts';
import { neverBlock } from '../io/output.ts';
import { sayLines } from '../io/print.ts';
import { workingDirectory } from '../io/working-directory.ts';
import { problem } from '../model/problem.ts';
import { type PlainText, plainText, words } from '../model/text.ts';
import { EXIT, refuse } from './process/exit.ts';
import { abortOnSignals } from './process/io-signals.ts';
import { untilTaken } from './process/last-words.ts';
import { isLossDealtWith, lossExit } from './process/lost-output.ts';
import { runProgram } from './program.ts';

const signal = abortOnSignals(process);

/** Parses the arguments, runs the command and returns its exit code. Only this file ends the process. */
async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const { path: cwd, isRemoved } = workingDirectory();
  // `run` may work without a current directory.
  if (isRemoved && args[0] !== 'run') return refuse(process, NO_DIRECTORY, EXIT.usage);
  const io: Io = {
    get stdin() {
      return process.stdin; // opened lazily: opening it takes longer than most short commands, and few read it
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd,
    clock: systemClock,
    signal,
  };
  return runProgram(args, io);
}

const NO_DIRECTORY = problem(
  'missing',
  'down',
  'the current directory no longer exists',
  'cd to another one',
);

process.stdout.on('error', (error) => {
  if (!isLossDealtWith(process.stdout)) process.exit(lossExit(process, error));
});
/** A failure to write diagnostics must not end the program. */
process.stderr.on('error', () => {});

/**
 * By default, Node makes writes to a terminal block: one that accepts nothing (a scroll lock) would keep us from handling
 * signals.
 */
neverBlock(process.stdout, process.stderr);

main().then(leave, (error: unknown) => {
  sayLines(process, ...bugReport(error));
  return leave(EXIT.bug);
});

/** Ends the process once its output has been written, or can no longer be written. */
async function leave(code: number): Promise<void> {
  process.exitCode = code;
  const isLossOver = (stream: NodeJS.WriteStream) => stream === process.stderr || isLossDealtWith(stream);
  await untilTaken([process.stdout, process.stderr], {
    clock: systemClock,
    signal,
    isLossDealtWith: isLossOver, // otherwise, losing standard output ends the process
  });
  process.exit();
}

function bugReport(error: unknown): PlainText[] {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    words`taskglass: this is a bug in taskglass, please report it with the lines below`,
    plainText(details),
  ];
}
