import { systemClock } from '../clock.ts';
import { problem } from '../model/problem.ts';
import { EXIT, refuse } from './exit.ts';
import type { Io } from './io.ts';
import { abortOnSignals } from './io-signals.ts';
import { isLossDealtWith, lossExit } from './lost-output.ts';
import { runProgram } from './program.ts';
import { boundYoungGeneration } from './young-generation.ts';

boundYoungGeneration();
const signal = abortOnSignals(process);

/** From argv to exit code: the only place that ends the process. */
async function main(): Promise<number> {
  const cwd = currentDirectory();
  if (cwd === null) return refuse(process, NO_DIRECTORY, EXIT.usage);
  const io: Io = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd,
    clock: systemClock,
    signal,
  };
  return runProgram(process.argv.slice(2), io);
}

/** null where it was removed under the shell that started us. */
function currentDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
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
/** Diagnostics that nobody hears end nothing. */
process.stderr.on('error', () => {});

/** A terminal that takes nothing any more, and any reader once a signal has ended us, gets this long to take the rest. */
const LAST_WORDS_MS = 1_000;

main().then(
  (code) => {
    process.exitCode = code;
    process.stdout.write('', (error) => {
      if (!error || isLossDealtWith(process.stdout)) process.exit(); // else its loss has ended us
    });
    if (process.stdout.isTTY || signal.aborted) systemClock.after(LAST_WORDS_MS, () => process.exit());
  },
  (error: unknown) => {
    process.stderr.write(bugReport(error));
    process.exit(EXIT.bug);
  },
);

function bugReport(error: unknown): string {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `taskglass: this is a bug in taskglass, please report it with the lines below\n${details}\n`;
}
