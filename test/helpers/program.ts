import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The program as it is built and published. */
export const PROGRAM = fileURLToPath(new URL('../../bin/taskglass.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program running in `cwd`, with its own directories below that; `ended` collects its output. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Returns the environment of somebody at home in `cwd`, in which the agents on this machine do not appear. */
function ownEnvironment(cwd: string): NodeJS.ProcessEnv {
  const {
    FORCE_COLOR: _,
    CLAUDE_CONFIG_DIR: __,
    CODEX_HOME: ___,
    XDG_DATA_HOME: ____,
    ...inherited
  } = process.env;
  return { ...inherited, HOME: `${cwd}/.home`, TASKGLASS_HOME: `${cwd}/.home` };
}

/** A failing test leaves what it has started: that is asked to end after the tests of the file. */
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGTERM');
});

/** Starts `taskglass …args` without a terminal; `input`, if given, is its whole standard input. */
export function start(
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv; input?: string },
): Running {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd,
    env: { ...ownEnvironment(options.cwd), ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.stdin?.end(options.input);
  const exit = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  const ended = Promise.all([exit, text(child.stdout as Readable), text(child.stderr as Readable)]).then(
    ([how, stdout, stderr]) => ({
      ...how,
      stdout,
      stderr,
    }),
  );
  return { process: child, ended };
}

/** Runs `taskglass …args` to its end. */
export function run(args: readonly string[], options: Parameters<typeof start>[1]): Promise<Ended> {
  return start(args, options).ended;
}
