/** Makes the pictures of the README, in docs/: real commands under `taskglass run`, and the view of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal, type Terminal } from '../test/helpers/terminal.ts';
import { screenSvg } from './screen-svg.ts';

const ROOT = join(import.meta.dirname, '..');
const BIN = join(ROOT, 'bin', 'taskglass.js');
const PATIENCE_MS = 60_000;

const home = mkdtempSync(join(tmpdir(), 'site-'));
const opened: Terminal[] = [];

/** Shell scripts by the name that each task gets; they end, or go on until the pictures are taken. */
const ENDED = {
  'tar czf site.tgz public': 'sleep 1; echo public/',
  'Hash the photographs': 'sleep 2; echo "sha256 b8ac20bb43462d7d of 18 MiB"',
  './deploy.sh':
    'for n in 1 2 3 4; do echo "Step $n/5: part $n"; sleep 0.3; done; echo "cat: /etc/deploy.conf: No such file or directory" >&2; exit 1',
};
const RUNNING = {
  'make -j2':
    'n=30; for f in $(seq 400); do echo "[ $n%] Building C object lib/zstd_$f.c.o"; n=$((n + (f % 9 == 0))); sleep 0.4; done',
  'npm test': 'for n in $(seq 23 139); do echo "[$n/139] test/screen-$n.test.ts"; sleep 1; done',
  'rsync -a photos backup:': 'for n in $(seq 999); do echo "2026/07/IMG_$n.jpg"; sleep 1; done',
};
const ASKING = {
  'Choose a licence':
    'read -p "Which licence should the fonts have? [OFL/MIT] " answer; echo "$answer"; sleep 60',
};

try {
  for (const [name, script] of Object.entries(ENDED)) await run(name, script).exitCode;
  for (const [name, script] of Object.entries({ ...RUNNING, ...ASKING })) run(name, script);
  const view = start([]);
  await view.until((screen) => /\? .*Which licence/u.test(screen) && screen.includes('%'), PATIENCE_MS);
  await pause(3_000);
  take(view, 'taskglass', 'taskglass showing what needs somebody, what runs and what has ended');

  await choose(view, 'make -j2');
  view.type('\r');
  await view.until('output', PATIENCE_MS);
  await pause(2_000);
  take(
    view,
    'taskglass-details',
    'the details of a task beside the list, with the last lines it has printed',
  );

  await choose(view, 'Choose a licence');
  await view.until(/│ \? Choose a licence/u, PATIENCE_MS);
  await pause(1_000);
  take(view, 'taskglass-question', 'a question that a task asks, in its details');
  view.type('q');
  await view.exitCode;
} finally {
  for (const terminal of opened) terminal.dispose();
  rmSync(home, { recursive: true, force: true });
}

function run(name: string, script: string): Terminal {
  return start(['run', '--name', name, '--', 'bash', '-c', script]);
}

function start(args: string[]): Terminal {
  const terminal = openTerminal(process.execPath, [BIN, ...args], {
    cols: 120,
    rows: 24,
    cwd: home,
    env: { HOME: home, XDG_STATE_HOME: undefined, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined },
  });
  opened.push(terminal);
  return terminal;
}

/** Moves down the list until a task is selected. */
async function choose(view: Terminal, name: string): Promise<void> {
  const isChosen = () =>
    view
      .screen()
      .split('\n')
      .some((line) => line.startsWith('›') && line.includes(name));
  view.type('\u001b');
  await pause(1_500);
  for (let press = 0; press < 20 && !isChosen(); press += 1) {
    view.type(press === 0 ? 'g' : 'j');
    await pause(400);
  }
  if (name === 'Choose a licence') view.type('\r');
}

function take(view: Terminal, file: string, title: string): void {
  writeFileSync(join(ROOT, 'docs', `${file}.svg`), screenSvg(view.emulator, title));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
