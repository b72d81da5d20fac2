/** Every command of the README, run as its reader would: each block in a directory and a home of its own. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM } from '../helpers/program.ts';
import { commandBlocks } from '../helpers/shell-blocks.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal } from '../helpers/terminal.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** What becomes of a command: it ends (with 0 unless said otherwise), shows a screen until `q`, or is not run here. */
type Way =
  | { readonly exit: number }
  | { readonly screen: RegExp }
  | { readonly untilFile: string; readonly holds: RegExp }
  | { readonly notRun: string };

const ENDS: Way = { exit: 0 };
const IN_A_CLONE: Way = { notRun: '.ci/run does both in a fresh clone' };
const INSTALLED: Way = { notRun: 'test/package.test.ts installs the packed file, and runs it by npx' };
const OTHER_HOSTS: Way = { notRun: 'needs hosts: test/sources/attach/ssh.test.ts' };
const ONE_PORT: Way = { notRun: 'the port may be taken: test/e2e/serve.test.ts does both at a free one' };
const A_RELAY: Way = { notRun: 'needs a relay elsewhere: test/e2e/publish.test.ts has one of its own' };

const A_TOPIC: Way = { notRun: 'would tell a topic of a public server: test/cli/commands/watch.test.ts' };

/** By the command without its comment. */
const COMMANDS: Readonly<Record<string, Way>> = {
  'npm ci && npm start': IN_A_CLONE,
  'npm ci && npm test': IN_A_CLONE,
  'npx taskglass': INSTALLED,
  'npm i -g taskglass': INSTALLED,
  taskglass: { screen: /Pack the box/u },
  'taskglass --once': ENDS,
  'taskglass config discover': ENDS,
  'taskglass state.json tasks.md': { screen: /Pack the box/u },
  'taskglass run -- make -j4': ENDS,
  'taskglass logs make -f': ENDS,
  'taskglass wait make && echo built': ENDS,
  'taskglass run --detach -- ./nightly': ENDS,
  'taskglass status': ENDS,
  'taskglass wait --any --until needs-input': { exit: 7 },
  'taskglass send answer T1 "Use the blue one"': ENDS,
  'taskglass watch --notify ntfy:my-topic': A_TOPIC,
  'taskglass hooks install claude': ENDS,
  'taskglass mcp': ENDS,
  'taskglass ssh:web1 ssh:gpu1': OTHER_HOSTS,
  'taskglass serve': ONE_PORT,
  'taskglass http://127.0.0.1:4747': ONE_PORT,
  'export TASKGLASS_SESSION_ID=agent-1': ENDS,
  'taskglass task add "Build the login page"': ENDS,
  'taskglass task queue T1': ENDS,
  'taskglass task update T1 --status working': ENDS,
  'taskglass task update T1 --status needs_input --notes "Which provider?"': ENDS,
  'taskglass ledger register fetch --name "Fetch the data" --verify "test -s data.csv"': ENDS,
  'taskglass ledger next-task --start': ENDS,
  'taskglass ledger complete-task fetch': ENDS,
  'taskglass ledger report --since 7d': ENDS,
  'taskglass key new': ENDS,
  'taskglass publish --to wss://relay.example': A_RELAY,
  'taskglass wss://relay.example --pubkey npub1…': A_RELAY,
  'taskglass --once --json | jq .counts': ENDS,
  'taskglass --plain state.json >> tasks.log': { untilFile: 'tasks.log', holds: /Pack the box/u },
  'taskglass send cancel T7 task-breakdown.json': ENDS,
  './agent | taskglass -': { screen: /Pack the box/u },
};

/** What there is already, by the heading. */
const BEFORE: Readonly<Record<string, string>> = {
  'When something needs you': `export TASKGLASS_SESSION_ID=agent-1
    taskglass task add "Choose a colour" && taskglass task queue T1 && taskglass task update T1 --status working &&
    taskglass task update T1 --status needs_input --notes "Red or blue?"`,
};

const BLOCKS = commandBlocks(readFileSync(join(ROOT, 'README.md'), 'utf8'));

it('each command of the README is in the list, and no other', () => {
  expect([...new Set(BLOCKS.flatMap(({ commands }) => commands))].sort()).toEqual(
    Object.keys(COMMANDS).sort(),
  );
});

describe('under the heading', () => {
  it.each(BLOCKS.filter(({ commands }) => commands.some(isRun)))(
    '$heading',
    async ({ heading, commands }) => {
      await using directory = await temporaryDirectory();
      const env = lay(directory.path);
      await tryCommand(BEFORE[heading] ?? 'true', ENDS, directory.path, env);
      const exports: string[] = [];
      for (const command of commands) {
        if (command.startsWith('export ')) exports.push(command);
        else await tryCommand([...exports, command].join('\n'), wayOf(command), directory.path, env);
      }
      await sh('taskglass wait nightly --timeout 20', directory.path, env); // what went on by itself
    },
  );
});

function isRun(command: string): boolean {
  return !('notRun' in wayOf(command));
}

function wayOf(command: string): Way {
  return COMMANDS[command] ?? { notRun: 'the test above tells' };
}

async function tryCommand(script: string, way: Way, cwd: string, env: Record<string, string>): Promise<void> {
  if ('exit' in way) expect(await sh(script, cwd, env), script).toMatchObject({ code: way.exit });
  if ('screen' in way) {
    const terminal = openTerminal('sh', ['-c', script], { cwd, env });
    try {
      await terminal.until(way.screen);
      terminal.type('q');
      expect(await terminal.exitCode, script).toBe(0);
    } finally {
      terminal.dispose();
    }
  }
  if ('untilFile' in way) {
    const terminal = openTerminal('sh', ['-c', script], { cwd, env });
    try {
      await eventually(() => expect(readFileSync(join(cwd, way.untilFile), 'utf8')).toMatch(way.holds));
      terminal.type('\x03');
      expect(await terminal.exitCode, script).toBe(130);
    } finally {
      terminal.dispose();
    }
  }
}

function sh(
  script: string,
  cwd: string,
  env: Record<string, string>,
): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      'sh',
      ['-c', script],
      { cwd, env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
    child.stdin?.end();
  });
}

/** Lays out what the reader has: a project, a home, and the programs that the README calls; returns their environment. */
function lay(cwd: string): Record<string, string> {
  const file = (name: string, text: string, mode = 0o644) => writeFileSync(join(cwd, name), text, { mode });
  cpSync(join(ROOT, 'test/fixtures/package/state.json'), join(cwd, 'state.json'));
  file('tasks.md', '- [x] Think\n- [ ] Build\n');
  const breakdown = { id: 'T7', description: 'Cut', module: 'm', priority: 1, status: 'in_progress' };
  file(
    'task-breakdown.json',
    JSON.stringify({ generated_at: '2026-11-21T07:43:42', total_tasks: 1, tasks: [breakdown] }),
  );
  file('data.csv', '1,2\n');
  file('nightly', '#!/bin/sh\necho done\n', 0o755);
  file('agent', '#!/bin/sh\ntr -d "\\n" < state.json\necho\n', 0o755);
  for (const name of ['bin', '.home', '.home/.claude']) mkdirSync(join(cwd, name));
  file('bin/make', '#!/bin/sh\necho "[1/2] one"\necho "[2/2] two"\n', 0o755);
  file('bin/jq', '#!/bin/sh\ncat > /dev/null\n', 0o755);
  file('bin/claude', '#!/bin/sh\necho "2.1.332 (Claude Code)"\n', 0o755);
  symlinkSync(PROGRAM, join(cwd, 'bin', 'taskglass'));
  return {
    HOME: join(cwd, '.home'),
    TASKGLASS_HOME: join(cwd, '.home'),
    TASKGLASS_PASSPHRASE: 'between us',
    CLAUDE_CONFIG_DIR: join(cwd, '.home', '.claude'),
    CODEX_HOME: join(cwd, '.home', '.codex'),
    XDG_DATA_HOME: join(cwd, '.home', '.local'),
    PATH: [join(cwd, 'bin'), join(process.execPath, '..'), process.env.PATH].join(delimiter),
  };
}
