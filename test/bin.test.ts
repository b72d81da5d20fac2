import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { COMMANDS } from '../src/cli/commands.ts';
import { eventually } from './helpers/eventually.ts';
import { openTerminal } from './helpers/terminal.ts';

const ROOT = join(import.meta.dirname, '..');
const PROBE = join(import.meta.dirname, 'fixtures', 'bin', 'probe.cjs');
const WATCH_CODE = join(import.meta.dirname, 'fixtures', 'bin', 'watch-code.cjs');
const require = createRequire(import.meta.url);
const { isRecent } = require('../bin/versions.js');
const { compileCacheDirectory } = require('../bin/compile-cache.js');
const { cacheName } = require('../bin/code-cache.js');
const oldNode = findOldNode();

/** A package laid out as taskglass is when installed, whose program tells what it met. */
let home: string;
let started: ChildProcess[];

beforeEach(() => {
  started = [];
  home = mkdtempSync(join(tmpdir(), 'taskglass-bin-'));
  cpSync(join(ROOT, 'bin'), join(home, 'bin'), { recursive: true });
  mkdirSync(join(home, 'dist'));
  cpSync(PROBE, join(home, 'dist', 'cli-PROBE123.cjs'));
  writeFileSync(join(home, 'dist', 'cli.cjs'), "require('./cli-PROBE123.cjs');");
  cpSync(join(ROOT, 'package.json'), join(home, 'package.json'));
});

afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(home, { recursive: true });
});

describe('a recent Node', () => {
  it('is one from 22.13 on', () => {
    const recent = ['22.13.0', '22.20.1', '24.0.0', '100.1.0'].map(isRecent);
    const old = ['0.12.18', '20.20.2', '22.12.9', '22.9.0'].map(isRecent);
    expect({ recent, old }).toEqual({ recent: [true, true, true, true], old: [false, false, false, false] });
  });

  it('loads the program with its arguments, and ends with its exit code', async () => {
    const child = start(process.execPath, ['exit', '7', 'two words']);
    expect(await report(child)).toMatchObject({ node: process.version, args: ['exit', '7', 'two words'] });
    expect(await codeOf(child)).toBe(7);
  });

  it('keeps compiled code in the cache directory of the user', async () => {
    const cache = join(home, 'cache');
    await codeOf(start(process.execPath, ['exit', '0'], { XDG_CACHE_HOME: cache }));
    expect(existsSync(join(cache, 'taskglass', 'compile-cache'))).toBe(true);
  });

  it('runs no code that was compiled of another source, or by another command', async () => {
    const cache = join(home, 'cache');
    const run = (...words: string[]) =>
      textOf(start(process.execPath, words, { XDG_CACHE_HOME: cache }).stdout);
    for (const [name, text] of [
      ['cli-AAAAAAAA.cjs', 'first'],
      ['cli-BBBBBBBB.cjs', 'other'], // as long as the first
      ['cli-plain.cjs', 'third'],
      ['cli-plain.cjs', 'again'], // without a hash, of the same name
    ] as const) {
      writeFileSync(join(home, 'dist', name), `exports.text = () => '${text}';`);
      writeFileSync(join(home, 'dist', 'cli.cjs'), `process.stdout.write(require('./${name}').text());`);
      expect([await run(), await run(), await run('ledger')]).toEqual([text, text, text]);
    }
    const files = readdirSync(join(cache, 'taskglass', 'compile-cache'));
    expect(files.map((name) => name.split('-').at(-1)).sort()).toEqual(['ledger', 'view']);
  });

  it('keeps what another run of the same command has loaded, as long as that is of this version', async () => {
    const cache = join(home, 'cache');
    const program = (name: string) => join(home, 'dist', `cli-${name.repeat(8)}.cjs`);
    const kept = async (name: string) => {
      writeFileSync(program(name), '');
      await codeOf(start(process.execPath, [name], { XDG_CACHE_HOME: cache }));
      const folder = join(cache, 'taskglass', 'compile-cache');
      const bytes = readFileSync(join(folder, readdirSync(folder)[0] ?? ''));
      const table = JSON.parse(bytes.toString('latin1', 4, 4 + bytes.readUInt32LE(0)));
      return table.map(([script]: [string]) => script[4]).sort();
    };
    const load = "require('./cli-' + process.argv[2].repeat(8) + '.cjs');";
    writeFileSync(join(home, 'dist', 'cli.cjs'), load);
    expect([await kept('A'), await kept('B')]).toEqual([['A'], ['A', 'B']]);
    rmSync(program('A'));
    expect(await kept('C')).toEqual(['B', 'C']);
  });

  it('keeps compiled code as it is for an hour', async () => {
    const cache = join(home, 'cache');
    const keptAt = async () => {
      await codeOf(start(process.execPath, ['exit', '0'], { XDG_CACHE_HOME: cache }));
      const folder = join(cache, 'taskglass', 'compile-cache');
      const file = join(folder, readdirSync(folder)[0] ?? '');
      return { file, stats: statSync(file) };
    };
    const first = await keptAt();
    expect((await keptAt()).stats.ino).toBe(first.stats.ino);
    utimesSync(first.file, 0, first.stats.mtimeMs / 1000 - 3700);
    expect((await keptAt()).stats.mtimeMs).toBeGreaterThanOrEqual(first.stats.mtimeMs);
  });

  it('runs where its compiled code was damaged, and mends it', async () => {
    const cache = join(home, 'cache');
    const run = () => codeOf(start(process.execPath, ['exit', '7'], { XDG_CACHE_HOME: cache }));
    await run();
    const folder = join(cache, 'taskglass', 'compile-cache');
    const file = join(folder, readdirSync(folder)[0] ?? '');
    const whole = readFileSync(file);
    for (const length of [0, 3, 9, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length));
      expect(await run()).toBe(7);
      expect(readFileSync(file).length).toBe(whole.length);
    }
  });

  it('has code kept by a run that bounded its heap taken by V8 at the next start', async () => {
    const run = (action: string) =>
      textOf(start(process.execPath, [action, '0'], { NODE_OPTIONS: `--require ${WATCH_CODE}` }).stderr);
    expect(await run('grow')).toBe('flags changed: true\n');
    expect(await run('exit')).toBe('refused: false\nflags changed: false\n');
  });

  it('keeps code anew that V8 has refused', async () => {
    const run = (flags: string) => {
      const env = { NODE_OPTIONS: `--require ${WATCH_CODE} ${flags}` };
      return textOf(start(process.execPath, ['exit', '0'], env).stderr);
    };
    const tell = [await run(''), await run('--stack-trace-limit=20'), await run('--stack-trace-limit=20')];
    expect(tell.map((text) => /refused: (\w+)/u.exec(text)?.[1])).toEqual([undefined, 'true', 'false']);
  });

  it('has a cache for each command', () => {
    const names = Object.values(COMMANDS)
      .flat()
      .map(({ name }) => name);
    const short = ['demo-worker', 'help', 'version']; // not started from here, or said at once
    expect(names.filter((name) => !cacheName([name]).endsWith(`-${name}`)).sort()).toEqual(short);
    expect(cacheName(['state.json'])).toBe(cacheName([]));
    expect(cacheName(['state.json', '--once'])).not.toBe(cacheName(['state.json']));
    expect(cacheName(['ledger', '--once'])).toBe(cacheName(['ledger']));
  });

  it('runs without any home, and leaves nothing where it was called', async () => {
    const child = start(process.execPath, ['exit', '0'], { HOME: '', XDG_CACHE_HOME: '' });
    expect(await codeOf(child)).toBe(0);
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });
});

describe('the directory of compiled code', () => {
  const BELOW = ['taskglass', 'taskglass/compile-cache'];
  let cache: string;
  beforeEach(() => {
    cache = join(home, 'cache');
    vi.stubEnv('XDG_CACHE_HOME', cache);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([0o000, 0o002, 0o022, 0o077])('is for its user alone, with a mask of %o', async (mask) => {
    const command = `umask ${mask.toString(8)}; exec "$0" "$1" exit 0`;
    execFileSync('sh', ['-c', command, process.execPath, join(home, 'bin', 'taskglass.js')], {
      env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: undefined },
    });
    for (const path of ['', ...BELOW]) expect(statSync(join(cache, path)).mode & 0o777).toBe(0o700);
    expect(compileCacheDirectory()).toBe(join(cache, 'taskglass', 'compile-cache'));
  });

  it.each([
    ['cache', 0o777, false],
    ['cache', 0o775, false],
    ['cache', 0o755, true],
    ['cache', 0o1777, true],
    ['cache/taskglass', 0o777, false],
    ['cache/taskglass', 0o770, false],
    ['cache/taskglass', 0o755, true],
    ['cache/taskglass/compile-cache', 0o777, false],
    ['cache/taskglass/compile-cache', 0o770, false],
    ['cache/taskglass/compile-cache', 0o705, false],
    ['cache/taskglass/compile-cache', 0o755, false],
  ])('with %s of mode %o is used: %s', (path, mode, isUsed) => {
    mkdirSync(join(home, path), { recursive: true, mode: 0o700 });
    chmodSync(join(home, path), mode);
    expect(compileCacheDirectory() !== null).toBe(isUsed);
    if (!isUsed) expect(statSync(join(home, path)).mode & 0o7777).toBe(mode);
  });

  it.runIf(process.getuid?.() === 0).each(['cache', 'cache/taskglass', 'cache/taskglass/compile-cache'])(
    'is not used where %s belongs to somebody else',
    (path) => {
      mkdirSync(join(home, path), { recursive: true, mode: 0o700 });
      chownSync(join(home, path), 65_534, 65_534);
      expect(compileCacheDirectory()).toBe(null);
    },
  );

  it('is found without the links on the way, which could lead elsewhere later', () => {
    mkdirSync(join(home, 'real'), { mode: 0o700 });
    symlinkSync(join(home, 'real'), cache);
    expect(compileCacheDirectory()).toBe(join(home, 'real', 'taskglass', 'compile-cache'));
    mkdirSync(join(home, 'open'));
    chmodSync(join(home, 'open'), 0o777);
    rmSync(cache);
    symlinkSync(join(home, 'open'), cache);
    expect(compileCacheDirectory()).toBe(null);
    rmSync(cache);
    symlinkSync(join(home, 'nowhere'), cache);
    expect(compileCacheDirectory()).toBe(null);
  });

  it('is done without where a file is in the way', () => {
    writeFileSync(cache, '');
    expect(compileCacheDirectory()).toBe(null);
  });
});

describe('what old Nodes read', () => {
  it.each(['taskglass.js', 'versions.js', 'hand-over.js', 'inherited.js'])(
    '%s is ES5: nothing in it needs lowering',
    async (file) => {
      const source = readFileSync(join(ROOT, 'bin', file), 'utf8').replace(/^#!.*/, '');
      const asIs = await transform(source, { target: 'esnext' });
      const lowered = await transform(source, { target: 'es5' });
      expect(lowered.code).toBe(asIs.code);
    },
  );
});

describe.skipIf(!oldNode)('an old Node', () => {
  it.each([
    [['run', '--', 'make', '-j4'], 'run -- make -j4'],
    [['send', 'answer', "what's next", ''], `send answer 'what'\\''s next' ''`],
    [['--filter', '\x1b]0;title\x07'], '--filter …'],
  ])('says in one line what to run where no newer one is installed: %j', async (args, shown) => {
    const child = start(oldNode, args);
    const errors = await textOf(child.stderr);
    const said = /^taskglass needs Node 22\.13 or newer \(this is [\d.]+\)\. Install one, or run: (.+)\n$/u;
    expect(said.exec(errors)?.[1]).toBe(`npx -y node@24 ${join(home, 'bin', 'taskglass.js')} ${shown}`);
    expect(await codeOf(child)).toBe(2);
  });

  it('does not name a file that only Yarn can read in its archives', async () => {
    writeFileSync(join(home, 'pnp.cjs'), "Object.defineProperty(process.versions, 'pnp', { value: '3' });");
    const child = start(oldNode, ['run', '--', 'make'], {
      NODE_OPTIONS: `--require ${join(home, 'pnp.cjs')}`,
    });
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const command = `npx -y -p node@24 -p taskglass@${version} taskglass run -- make`;
    expect(await textOf(child.stderr)).toMatch(new RegExp(`or run: ${command}\n$`, 'u'));
  });

  describe('with a newer one beside it', () => {
    beforeEach(() => installNode(join(home, 'node_modules')));

    it('hands over, with arguments and exit code', async () => {
      const child = start(oldNode, ['exit', '7', 'two words']);
      expect(await report(child)).toMatchObject({
        node: nodeOfTheProject(),
        args: ['exit', '7', 'two words'],
      });
      expect(await codeOf(child)).toBe(7);
    });

    it('finds the newer one as a module would, beside the package too', async () => {
      rmSync(join(home, 'node_modules'), { recursive: true });
      const installed = join(home, 'app', 'node_modules', 'taskglass');
      for (const part of ['bin', 'dist', 'package.json']) {
        cpSync(join(home, part), join(installed, part), { recursive: true });
      }
      installNode(join(home, 'app', 'node_modules'));
      const child = start(oldNode, ['exit', '0'], {}, installed);
      expect(await report(child)).toMatchObject({ node: nodeOfTheProject() });
    });

    it.runIf(process.getuid?.() === 0)('does not run one that somebody else has put there', async () => {
      const binary = join(home, 'node_modules', 'node', 'bin', 'node');
      rmSync(join(home, 'node_modules', 'node'));
      mkdirSync(dirname(binary), { recursive: true });
      writeFileSync(join(home, 'node_modules', 'node', 'package.json'), '{"version":"24.0.0"}');
      writeFileSync(binary, '#!/bin/sh\ntouch ran\n', { mode: 0o755 });
      chownSync(binary, 65_534, 65_534);
      expect(await codeOf(start(oldNode, ['exit', '0']))).toBe(2);
      expect(existsSync(join(home, 'ran'))).toBe(false);
      chownSync(binary, 0, 0);
      expect(await codeOf(start(oldNode, ['exit', '0']))).toBe(0);
      expect(existsSync(join(home, 'ran'))).toBe(true);
    });

    it('ends with 128 + n where a signal killed the program', async () => {
      const child = start(oldNode, ['wait']);
      const { pid } = await report(child);
      process.kill(pid, 'SIGKILL');
      expect(await codeOf(child)).toBe(137);
    });

    it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const)('passes %s on', async (signal) => {
      const child = start(oldNode, ['tell-signals', signal]);
      await report(child);
      child.kill(signal);
      expect(await textOf(child.stdout)).toContain(`got ${signal}`);
      expect(await codeOf(child)).toBe(42);
    });

    it('leaves no orphan when it is killed outright', async () => {
      const child = start(oldNode, ['wait']);
      const { pid } = await report(child);
      child.kill('SIGKILL');
      await eventually(() => expect(isRunning(pid)).toBe(false));
    });

    it('passes the terminal on', async () => {
      const terminal = openTerminal(oldNode, [join(home, 'bin', 'taskglass.js'), 'tell-terminal'], {
        cols: 77,
        rows: 21,
      });
      await terminal.until('a terminal of 77×21');
      terminal.resize(50, 20);
      await terminal.until('a terminal of 50×20');
      terminal.type('x');
      await terminal.until('key x');
      terminal.dispose();
    });

    it('stops with the program at Ctrl-Z and goes on with it', async () => {
      const shell = openTerminal('bash', ['--norc', '--noprofile', '-i'], { env: { PS1: 'ready> ' } });
      await shell.until('ready>');
      shell.type(`${oldNode} ${join(home, 'bin', 'taskglass.js')} wait\r`);
      await shell.until(/"pid":\d+/);
      const { pid, parent } = JSON.parse(/\{.*\}/.exec(shell.screen().replaceAll('\n', ''))?.[0] ?? '');
      shell.type('\x1a');
      await eventually(() => expect([stateOf(pid), stateOf(parent)]).toEqual(['T', 'T']));
      await shell.until('Stopped');
      shell.type('fg\r');
      await eventually(() => expect([stateOf(pid), stateOf(parent)]).toEqual(['S', 'S']));
      shell.type('\x03');
      await eventually(() => expect([isRunning(pid), isRunning(parent)]).toEqual([false, false]));
      shell.dispose();
    });
  });
});

function start(node: string, args: string[], env: Record<string, string> = {}, folder = home): ChildProcess {
  const child = spawn(node, [join(folder, 'bin', 'taskglass.js'), ...args], {
    cwd: home,
    env: {
      ...process.env,
      NODE_DISABLE_COMPILE_CACHE: undefined, // vitest sets it while it measures coverage
      XDG_CACHE_HOME: join(home, 'cache'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  return child;
}

/** The first line of what the probe tells of itself. */
async function report(
  child: ChildProcess,
): Promise<{ pid: number; parent: number; node: string; args: string[] }> {
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? [])
    return JSON.parse(String(chunk));
  throw new Error('the probe told nothing');
}

async function textOf(stream: ChildProcess['stdout']): Promise<string> {
  return (await stream?.setEncoding('utf8').toArray())?.join('') ?? '';
}

function codeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', resolve));
}

function installNode(modules: string): void {
  mkdirSync(modules, { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', 'node'), join(modules, 'node'));
}

function nodeOfTheProject(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules', 'node', 'package.json'), 'utf8'));
  return `v${version}`;
}

function isRunning(pid: number): boolean {
  return !['Z', 'X', null].includes(stateOf(pid));
}

/** The letter that /proc has for a process: R, S, T (stopped), Z, …; null when it is gone. */
function stateOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0] ?? null;
  } catch {
    return null;
  }
}

/** Some Node on the PATH that is too old for taskglass; '' where there is none. */
function findOldNode(): string {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return candidates.find((node) => existsSync(node) && !isRecent(versionOf(node))) ?? '';
}

function versionOf(node: string): string {
  return execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
}
