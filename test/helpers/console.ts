import { PassThrough, Writable } from 'node:stream';
import type { CommandGroups } from '../../src/cli/command.ts';
import { runProgram } from '../../src/cli/program.ts';
import { systemClock } from '../../src/clock.ts';
import type { Io } from '../../src/io/io.ts';

/** How a command that was run inside the test ended, and what it printed. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `taskglass …args` in this process: no terminal, its own directories below `cwd`, `input` as standard input. */
export async function runHere(
  args: readonly string[],
  options: {
    cwd: string;
    env?: Record<string, string>;
    input?: string;
    signal?: AbortSignal;
    /** Whether a person sees stderr. */
    hasTerminal?: boolean;
    /** In place of the program's own. */
    commands?: CommandGroups;
  },
): Promise<Said> {
  const [stdout, stderr] = [collector(), collector()];
  const stdin = new PassThrough();
  stdin.end(options.input ?? '');
  const io = {
    stdin,
    stdout: stdout.stream,
    stderr: Object.assign(stderr.stream, { isTTY: options.hasTerminal === true }),
    env: { HOME: `${options.cwd}/.home`, TASKGLASS_HOME: `${options.cwd}/.home`, ...options.env },
    cwd: options.cwd,
    clock: systemClock,
    signal: options.signal ?? new AbortController().signal,
  } as unknown as Io; // streams as a command uses them, without what only terminals have
  const code = await runProgram(args, io, options.commands);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector() {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}
