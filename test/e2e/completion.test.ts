import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHELLS, type Shell } from '../../src/cli/commands/completion/shells.ts';
import { PROGRAM } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

const START: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['--norc', '--noprofile', '-i'],
  zsh: ['-f', '-i'],
  fish: ['--no-config', '-i'],
};
const SETUP: Readonly<Record<Shell, string>> = {
  bash: "PS1='ready> '; source <(taskglass completion bash)",
  zsh: "PS1='ready> '; autoload -Uz compinit; compinit -u -D; source <(taskglass completion zsh)",
  fish: "function fish_prompt; echo 'ready> '; end; taskglass completion fish | source",
};

/** What somebody could call a run so that a shell does something with it. */
const HOSTILE = [
  'nightly backup',
  "it's $(touch PWNED)",
  'back`touch PWNED`tick',
  'dollar$HOME {a,b} *',
  'semi;touch PWNED',
  'pipe|touch PWNED&',
  'say "hi" \\ there',
  'colon:part=whole,end',
  'bang!bang#hash~[x]?',
  'größe 大きい 🎉',
];

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let terminal: Terminal | null = null;

beforeAll(async () => {
  home = await temporaryDirectory();
  mkdirSync(join(home.path, 'bin'));
  mkdirSync(join(home.path, 'own', 'runs'), { recursive: true });
  mkdirSync(join(home.path, '.ssh'));
  writeFileSync(join(home.path, '.ssh', 'config'), 'Host build-one build-two *.example\n');
  mkdirSync(join(home.path, 'my folder'));
  writeFileSync(join(home.path, "my folder/it's one.json"), '{}');
  HOSTILE.forEach((name, at) => {
    writeFileSync(join(home.path, 'own', 'runs', `run-${at}.json`), stateOf(`task-${at}`, name));
  });
  // What is completed is the program's answer; what is run says only what it was given.
  const shim = [
    '#!/bin/sh',
    'case $1 in complete|completion)',
    `  '${process.execPath}' '${PROGRAM}' "$@"; echo >>'${home.path}/answers'; exit;;`,
    'esac',
    `printf '%s\\0' "$@" >given.part && mv given.part given`,
  ];
  writeFileSync(join(home.path, 'bin', 'taskglass'), `${shim.join('\n')}\n`, { mode: 0o755 });
});

afterAll(() => home[Symbol.asyncDispose]());

describe.each(SHELLS)('in %s', (shell) => {
  const it = test.runIf(isInstalled(shell));

  beforeAll(() => (isInstalled(shell) ? open(shell) : undefined), 30_000);
  afterAll(() => terminal?.dispose());

  it('completes commands, verbs, options and their values', async () => {
    expect(await given('taskglass stat\t')).toEqual(['status']);
    expect(await given('taskglass ledger list-t\t--sta\tpend\t')).toEqual([
      'ledger',
      'list-tasks',
      '--status',
      'pending',
    ]);
    expect(await given('taskglass --sort=urg\t')).toEqual(['--sort=urgency']);
    expect(await given('taskglass send ret\t')).toEqual(['send', 'retry']);
  });

  it('offers tasks by name, and inserts any name so that the command gets it to the letter', async () => {
    for (const name of HOSTILE) {
      expect(await given(`taskglass wait ${typable(name)}\t`), name).toEqual(['wait', name]);
    }
    expect(existsSync(join(home.path, 'PWNED'))).toBe(false);
  });

  it('goes on within quotes', async () => {
    for (const quote of ['"', "'"]) {
      for (const name of HOSTILE.filter((name) => /['"`$!]/u.test(name))) {
        const typed = `taskglass logs ${quote}${typable(name)}\t`;
        expect(await given(typed), typed).toEqual(['logs', name]);
      }
    }
    expect(existsSync(join(home.path, 'PWNED'))).toBe(false);
  });

  it('completes hosts behind a colon', async () => {
    expect(await given('taskglass ssh:build-o\t')).toEqual(['ssh:build-one']);
  });

  it('completes files and directories, also behind an equal sign and a scheme', async () => {
    expect(await given('taskglass my\tit\t')).toEqual(["my folder/it's one.json"]);
    expect(await given('taskglass --config=my\tit\t')).toEqual(["--config=my folder/it's one.json"]);
    expect(await given('taskglass record --out my\t')).toEqual(['record', '--out', 'my folder']);
    expect(await given('taskglass claude:my\t')).toEqual(['claude:my folder']);
  });

  it('completes the command that is run as a command', async () => {
    expect(await given('taskglass run -- mkfif\tmy\t')).toEqual(['run', '--', 'mkfifo', 'my folder']);
    expect(await given('taskglass run --name=x mkfif\tmy\t')).toEqual([
      'run',
      '--name=x',
      'mkfifo',
      'my folder',
    ]);
  });

  it('says nothing where nothing can be offered', async () => {
    expect(await given('taskglass wait zzz\t')).toEqual(['wait', 'zzz']);
    expect(terminal?.screen()).not.toMatch(/error|not found/iu);
  });
});

/** Waits for a shell that knows how to complete. */
async function open(shell: Shell): Promise<void> {
  terminal = openTerminal(shell, [...START[shell]], {
    cwd: home.path,
    cols: 150,
    env: {
      HOME: home.path,
      TASKGLASS_HOME: join(home.path, 'own'),
      PATH: `${join(home.path, 'bin')}:${process.env.PATH}`,
      XDG_CONFIG_HOME: undefined,
      XDG_DATA_HOME: undefined,
      NODE_DISABLE_COMPILE_CACHE: undefined,
    },
  });
  terminal.type(`${SETUP[shell]}; echo set''-up\r`);
  await terminal.until(/^set-up$/mu);
}

/**
 * Types a line, waiting at each tab for what the shell makes of it, and returns what the command was given. zsh takes the
 * slash behind a directory back where the line ends with it.
 */
async function given(line: string): Promise<string[]> {
  if (!terminal) throw new Error('no shell is open');
  const file = join(home.path, 'given');
  rmSync(file, { force: true });
  const parts = line.split('\t');
  for (const [at, part] of parts.entries()) {
    if (part !== '') terminal.type(part);
    if (at < parts.length - 1) {
      const before = answers();
      terminal.type('\t');
      await terminal.until(() => answers() > before).catch(() => {}); // then the line says what was missing
      await settled(terminal);
    }
  }
  terminal.type('\r');
  await terminal.until(() => existsSync(file));
  const words = readFileSync(file, 'utf8').split('\0').slice(0, -1);
  return words.map((word) => word.replace(/\/$/u, ''));
}

/** Returns how often a shell has been answered. */
function answers(): number {
  const file = join(home.path, 'answers');
  return existsSync(file) ? readFileSync(file).length : 0;
}

/** Waits until the shell has drawn what it was answered. */
async function settled(shell: Terminal): Promise<void> {
  for (let before = -1, quiet = 0; quiet < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    quiet = shell.bytes === before ? quiet + 1 : 0;
    before = shell.bytes;
  }
}

/** Returns as much of a name as can be typed without quoting it. */
function typable(name: string): string {
  return /^[\p{L}]+/u.exec(name)?.[0] ?? '';
}

function stateOf(taskId: string, taskName: string): string {
  const task = {
    taskId,
    taskName,
    status: 'running',
    currentStep: 0,
    totalSteps: 0,
    steps: [],
    startedAt: 1,
  };
  return JSON.stringify({ version: 1, timestamp: 1, activeTasks: [task] });
}

function isInstalled(shell: Shell): boolean {
  try {
    execFileSync(shell, ['-c', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
