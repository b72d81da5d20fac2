/** The stage of the tour: an empty home, somebody's name, and commands that run there under `taskglass run`. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { openTerminal, type Terminal, type TerminalOptions } from '../test/helpers/terminal.ts';

const BIN = join(import.meta.dirname, '..', 'bin', 'taskglass.js');

/** Shell scripts by the name that each task gets: some end before the curtain rises, some continue. */
const ENDED = {
  'tar czf site.tgz public': 'sleep 1; echo public/',
  'Hash the photographs': 'sleep 2; echo "sha256 b8ac20bb43462d7d of 18 MiB"',
  './deploy.sh':
    'for n in 1 2 3 4; do echo "Step $n/5: part $n"; sleep 0.3; done; echo "cat: /etc/deploy.conf: No such file or directory" >&2; exit 1',
};
const RUNNING = {
  'make -j2':
    'n=30; for f in $(seq 280); do echo "[ $n%] Building C object lib/zstd_$f.c.o"; n=$((n + (f % 4 == 0))); sleep 1; done',
  'npm test': 'for n in $(seq 23 239); do echo "[$n/239] test/screen-$n.test.ts"; sleep 1; done',
  'rsync -a photos backup:': 'for n in $(seq 999); do echo "2026/07/IMG_$n.jpg"; sleep 1; done',
};

const AFTER_ANSWER = 'for n in $(seq 9); do echo "[$n/9] fonts/subset-$n.woff2 ($answer)"; sleep 0.7; done';

export interface Stage extends Disposable {
  /** Starts a task that asks, and continues once it is answered. */
  ask(name: string, question: string): void;
  /** Opens a terminal with a shell in which `taskglass` is a command. */
  shell(size: { cols: number; rows: number }): Terminal;
}

/** Sets the stage; resolves once everything that ends beforehand has ended. */
export async function openStage(): Promise<Stage> {
  const home = join(tmpdir(), 'site');
  mkdirSync(home); // always the same name, because it is seen; fails if it exists
  const opened: Terminal[] = [];
  const start = (command: string, args: string[], options: TerminalOptions = {}) => {
    const terminal = openTerminal(command, args, { ...options, cwd: home, env: environment(home) });
    opened.push(terminal);
    return terminal;
  };
  const run = (name: string, script: string) =>
    start(process.execPath, [BIN, 'run', '--name', name, '--', 'bash', '-c', script]);
  const stage: Stage = {
    ask: (name, question) => void run(name, `read -p "${question} " answer; ${AFTER_ANSWER}`),
    shell: (size) => start('bash', ['--norc', '--noprofile'], size),
    [Symbol.dispose]() {
      for (const terminal of opened) terminal.dispose();
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
  try {
    dress(home);
    for (const [name, script] of Object.entries(ENDED)) await run(name, script).exitCode;
    for (const [name, script] of Object.entries(RUNNING)) run(name, script);
    return stage;
  } catch (error) {
    stage[Symbol.dispose]();
    throw error;
  }
}

/** Puts `taskglass` where the shell looks, and a fictitious user and host name into every Node that is started. */
function dress(home: string): void {
  mkdirSync(join(home, '.local', 'bin'), { recursive: true });
  symlinkSync(BIN, join(home, '.local', 'bin', 'taskglass'));
  writeFileSync(
    nobody(home),
    `const os = require('node:os');
const { userInfo } = os;
os.hostname = () => 'web1';
os.userInfo = (options) => ({ ...userInfo(options), username: 'ann' });
require('node:module').syncBuiltinESMExports();
`,
  );
}

const nobody = (home: string) => join(home, '.local', 'nobody.cjs');

/** Nothing of this process's environment except the PATH: a viewer can see what a shell inherits. */
function environment(home: string): Record<string, string | undefined> {
  const nothing = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
  const path = [join(home, '.local', 'bin'), dirname(process.execPath), process.env.PATH];
  return {
    ...nothing,
    PATH: path.join(delimiter),
    HOME: home,
    TZ: 'UTC',
    PS1: '$ ',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    NODE_OPTIONS: `--require=${nobody(home)}`,
  };
}
