import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import type { Check } from '../../../src/cli/commands/doctor/check.ts';
import { CHECKS } from '../../../src/cli/commands/doctor/checks.ts';
import { type DoctorParts, runDoctor } from '../../../src/cli/commands/doctor/run-doctor.ts';
import { systemClock } from '../../../src/clock.ts';
import type { Io } from '../../../src/io/io.ts';
import { DoctorReport } from '../../../src/model/doctor-report.ts';
import { words } from '../../../src/model/text.ts';
import { runHere } from '../../helpers/console.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let proc: string;

beforeEach(async () => {
  home = await temporaryDirectory();
  proc = home.file('proc');
  mkdirSync(join(proc, 'sys/fs/inotify'), { recursive: true });
  mkdirSync(join(proc, 'self'));
  mkdirSync(home.file('.home'));
  mkdirSync(home.file('work'));
  limits(65_536, 128);
  writeFileSync(join(proc, 'self/mountinfo'), '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n');
});
afterEach(() => home[Symbol.asyncDispose]());

/** What is wrong, how it is brought about, and what must be said of it. */
interface Broken {
  readonly name: string;
  readonly check: string;
  readonly status: 'warning' | 'problem';
  readonly message: RegExp;
  readonly hint: RegExp;
  readonly env?: Record<string, string>;
  readonly terminal?: { readonly columns: number; readonly rows: number };
  prepare?(): void;
}

const BROKEN: readonly Broken[] = [
  {
    name: 'HOME is empty',
    check: 'directories',
    status: 'warning',
    env: {
      HOME: '',
      TASKGLASS_HOME: '',
      XDG_STATE_HOME: '/tmp',
      XDG_CONFIG_HOME: '/tmp',
      XDG_DATA_HOME: '/tmp',
    },
    message: /^HOME is not set$/u,
    hint: /set it to your home directory/u,
  },
  {
    name: 'its directory is a file',
    check: 'directories',
    status: 'problem',
    env: { TASKGLASS_HOME: 'FILE/inside' },
    message: /file\.txt is not a directory$/u,
    hint: /move it away/u,
    prepare: () => writeFileSync(home.file('file.txt'), ''),
  },
  {
    name: 'others can write into its directory',
    check: 'directories',
    status: 'problem',
    message: /^others can write into .*\.home$/u,
    hint: /^chmod go-w /u,
    prepare: () => execFileSync('chmod', ['777', home.file('.home')]),
  },
  {
    name: 'the runtime directory is open to others',
    check: 'directories',
    status: 'warning',
    env: { XDG_RUNTIME_DIR: '/tmp' },
    message: /^XDG_RUNTIME_DIR is \/tmp, which is not/u,
    hint: /unset it/u,
  },
  {
    name: 'the configuration is not JSON',
    check: 'configuration',
    status: 'problem',
    message: /^configuration .*config\.json: /u,
    hint: /correct the file/u,
    prepare: () => writeFileSync(home.file('.home/config.json'), '{"fps": '),
  },
  {
    name: 'the configuration has a wrong value',
    check: 'configuration',
    status: 'problem',
    message: /fps: it must be a number from 1 to 60$/u,
    hint: /correct it there/u,
    prepare: () => writeFileSync(home.file('.home/config.json'), '{"fps": 999}'),
  },
  {
    name: 'a setting in the environment is wrong',
    check: 'configuration',
    status: 'problem',
    env: { TASKGLASS_FPS: 'many' },
    message: /^TASKGLASS_FPS must be/u,
    hint: /correct it in the environment/u,
  },
  {
    name: 'the key can be read by others',
    check: 'keys',
    status: 'problem',
    message: /^others can read .*key\.ncryptsec \(mode 0644\)$/u,
    hint: /^chmod 600 /u,
    prepare: () => writeFileSync(home.file('.home/key.ncryptsec'), 'ncryptsec1hunter2', { mode: 0o644 }),
  },
  {
    name: 'a token can be read by others',
    check: 'keys',
    status: 'problem',
    message: /^others can read .*serve-4747 \(mode 0640\)$/u,
    hint: /^chmod 600 /u,
    prepare() {
      mkdirSync(home.file('.home/tokens'));
      writeFileSync(home.file('.home/tokens/serve-4747'), 'hunter2', { mode: 0o640 });
    },
  },
  {
    name: 'the key is in the environment',
    check: 'keys',
    status: 'warning',
    env: { TASKGLASS_NSEC: 'nsec1hunter2' },
    message: /^TASKGLASS_NSEC holds a secret key/u,
    hint: /taskglass key import/u,
  },
  {
    name: 'TERM is dumb',
    check: 'terminal',
    status: 'warning',
    env: { TERM: 'dumb' },
    message: /^TERM is dumb: plain lines/u,
    hint: /xterm-256color/u,
  },
  {
    name: 'TERM is not set',
    check: 'terminal',
    status: 'warning',
    env: { TERM: '' },
    message: /^TERM is not set: plain lines/u,
    hint: /xterm-256color/u,
  },
  {
    name: 'the terminal is too small',
    check: 'terminal',
    status: 'warning',
    terminal: { columns: 30, rows: 8 },
    message: /30×8/u,
    hint: /40×10/u,
  },
  {
    name: 'the locale is not UTF-8',
    check: 'locale',
    status: 'warning',
    env: { LANG: 'C' },
    message: /^C is not UTF-8/u,
    hint: /LANG=C\.UTF-8/u,
  },
  {
    name: 'screen is between',
    check: 'multiplexer',
    status: 'warning',
    env: { STY: '1.pts-0' },
    message: /^screen does not pass on/u,
    hint: /tmux/u,
  },
  {
    name: 'TMUX is set and nobody answers',
    check: 'multiplexer',
    status: 'warning',
    env: { TMUX: '/nowhere/tmux,1,0' },
    message: /tmux does not answer/u,
    hint: /unset TMUX/u,
  },
  {
    name: 'no instance of inotify is left',
    check: 'watches',
    status: 'problem',
    message: /2 of 2 instances in use: none are left$/u,
    hint: /max_user_instances=1024/u,
    prepare() {
      limits(65_536, 2);
      inotify(7, [3, 4]);
    },
  },
  {
    name: 'no watch is left',
    check: 'watches',
    status: 'problem',
    message: /^10 of 10 watches .*none are left$/u,
    hint: /max_user_watches=/u,
    prepare() {
      limits(10, 128);
      inotify(7, [5, 5]);
    },
  },
  {
    name: 'few watches are allowed',
    check: 'watches',
    status: 'warning',
    message: /^0 of 1,024 watches/u,
    hint: /max_user_watches=/u,
    prepare: () => limits(1_024, 128),
  },
  {
    name: 'a configured source is none',
    check: 'sources',
    status: 'problem',
    message: /gopher:\/\/hole: no such kind of source/u,
    hint: /a source is/u,
    prepare: () => writeFileSync(home.file('.home/config.json'), '{"sources": ["gopher://hole"]}'),
  },
  {
    name: 'a configured source is not there',
    check: 'sources',
    status: 'problem',
    message: /gone\.json/u,
    hint: /./u,
    prepare: () =>
      writeFileSync(home.file('.home/config.json'), JSON.stringify({ sources: [home.file('gone.json')] })),
  },
  {
    name: 'a program that can be asked cannot be run',
    check: 'programs',
    status: 'warning',
    env: { PATH: 'BIN:/usr/bin:/bin' },
    message: /^gh is here, but cannot be run$/u,
    hint: /gh --version/u,
    prepare() {
      mkdirSync(home.file('bin'));
      writeFileSync(home.file('bin/gh'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    },
  },
  {
    name: 'the program of a channel is not there',
    check: 'notifications',
    status: 'problem',
    message: /no-such-program/u,
    hint: /PATH/u,
    prepare: () =>
      writeFileSync(
        home.file('.home/config.json'),
        JSON.stringify({ notify: [{ channel: 'exec', command: ['no-such-program', '--token=hunter2'] }] }),
      ),
  },
  {
    name: 'another taskglass comes first',
    check: 'taskglass',
    status: 'warning',
    env: { PATH: 'BIN:/usr/bin:/bin' },
    message: /but taskglass on PATH is .*bin\/taskglass$/u,
    hint: /put this one first/u,
    prepare() {
      mkdirSync(home.file('bin'));
      writeFileSync(home.file('bin/taskglass'), '#!/bin/sh\n', { mode: 0o755 });
    },
  },
];

describe('taskglass doctor', () => {
  const self = realpathSync(process.argv[1] ?? '');
  it.each([
    ['pnpm', (bin: string) => `basedir=$(dirname "$0")\nexec node  "$basedir/${relative(bin, self)}" "$@"\n`],
    ['Yarn', () => `exec "${process.execPath}" '${self}' "$@"\n`],
  ])('knows itself behind the script that %s puts on PATH', async (_, lines) => {
    mkdirSync(home.file('bin'));
    const script = `#!/bin/sh\n${lines(home.file('bin'))}`;
    writeFileSync(home.file('bin/taskglass'), script, { mode: 0o755 });
    const { report } = await examine({ env: { PATH: 'BIN:/usr/bin:/bin' } });
    expect(report.checks.find(({ name }) => name === 'taskglass')).toMatchObject({ status: 'ok' });
  });

  it('finds no problem in a home that is well, and exits with 0', async () => {
    const { code, report } = await examine();
    expect(report.checks.filter(({ status }) => status === 'problem')).toEqual([]);
    expect(code).toBe(0);
    expect(new Set(report.checks.map(({ name }) => name))).toEqual(
      new Set(CHECKS.map(({ name }) => name).filter((name) => name !== 'multiplexer')),
    );
  });

  it.each(BROKEN)('says it, and what to do: $name', async ({ check, status, message, hint, ...broken }) => {
    broken.prepare?.();
    const { code, report, text } = await examine(broken);
    const found = report.checks.filter((each) => each.name === check && each.status === status);
    const fitting = found.find((each) => message.test(each.message));
    expect(fitting, JSON.stringify(report.checks.filter(({ name }) => name === check))).toBeDefined();
    expect(fitting?.hint).toMatch(hint);
    if (status === 'problem')
      expect({ code, hasProblems: report.problems > 0 }).toEqual({ code: 1, hasProblems: true });
    expect(text).not.toContain('hunter2');
  });

  it('says that its directory cannot be written to', () => {
    execFileSync('chmod', ['-R', 'a+rX', home.path]);
    execFileSync('chmod', ['500', home.file('.home')]);
    const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    if ('uid' in asNobody) execFileSync('chown', ['65534:65534', home.file('.home')]);
    const { status, stdout } = spawnSync(process.execPath, [MAIN, 'doctor', '--json'], {
      cwd: home.file('work'),
      env: environment(),
      encoding: 'utf8',
      ...asNobody,
    });
    execFileSync('chmod', ['700', home.file('.home')]);
    expect(status).toBe(1);
    const found = DoctorReport.parse(JSON.parse(stdout)).checks.filter((each) => each.status === 'problem');
    expect(found).toEqual([
      {
        name: 'directories',
        status: 'problem',
        message: expect.stringMatching(/\.home cannot be written to$|^~ cannot be written to$/u),
        hint: expect.stringMatching(/^chmod u\+w .*or name another directory in TASKGLASS_HOME$/u),
      },
    ]);
  });

  it.each(['nfs4', '9p', 'fuse.sshfs', 'virtiofs'])('says that %s tells of no changes', async (type) => {
    writeFileSync(
      join(proc, 'self/mountinfo'),
      `1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:1 / ${home.file('work')} rw - ${type} there rw\n`,
    );
    const { report } = await examine();
    expect(report.checks.filter(({ name }) => name === 'file system')).toEqual([
      {
        name: 'file system',
        status: 'warning',
        message: expect.stringMatching(new RegExp(`work is on ${type}, which does not report changes$`, 'u')),
        hint: expect.stringContaining('a local directory is cheaper'),
      },
    ]);
  });

  it('does not miss an option in a tmux that is older than it, and passes everything on', async () => {
    const options = ['version}/3.1', 'allow-passthrough}/', 'focus-events}/1', 'set-clipboard}/on'];
    const edits = [...options, 'escape-time}/10', 'bell-action}/any', 'client_term[a-z]*}/'];
    mkdirSync(home.file('bin'), { recursive: true });
    const script = `#!/bin/sh\nfor last; do :; done\nprintf '%s\\n' "$last" | sed ${edits.map((edit) => `-e 's/#{${edit}/g'`).join(' ')}\n`;
    writeFileSync(home.file('bin/tmux'), script, { mode: 0o755 });
    const { report } = await examine({ env: { TMUX: '/nowhere/tmux,1,0', PATH: 'BIN:/usr/bin:/bin' } });
    expect(report.checks.filter(({ name }) => name === 'multiplexer')).toEqual([
      {
        name: 'multiplexer',
        status: 'ok',
        message: 'tmux 3.1: passes on all that taskglass uses',
        hint: null,
      },
    ]);
  });

  test.runIf(hasTmux())('asks tmux what it passes on', async () => {
    const socket = home.file('tmux');
    const tmux = (...args: string[]) =>
      execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
    tmux('new-session', '-d', 'sleep 600');
    try {
      const env = { TMUX: `${socket},${tmux('display-message', '-p', '#{pid}').trim()},0` };
      tmux('set', '-g', 'allow-passthrough', 'off', ';', 'set', '-g', 'focus-events', 'off');
      tmux('set', '-s', 'set-clipboard', 'external', ';', 'set', '-s', 'escape-time', '500');
      const before = (await examine({ env })).report.checks.filter(({ name }) => name === 'multiplexer');
      expect(before.map(({ status, hint }) => [status, hint])).toEqual([
        ['warning', 'in tmux.conf: set -g allow-passthrough on'],
        ['warning', 'in tmux.conf: set -g focus-events on'],
        ['warning', 'in tmux.conf: set -s set-clipboard on'],
        ['warning', 'in tmux.conf: set -s escape-time 10'],
      ]);
      for (const { hint } of before) tmux(...(hint ?? '').replace('in tmux.conf: ', '').split(' '));
      const after = (await examine({ env })).report.checks.filter(({ name }) => name === 'multiplexer');
      expect(after.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^tmux \S+: passes on all that taskglass uses$/u),
      ]);
    } finally {
      tmux('kill-server');
    }
  });

  it('knows a file system that tells of no changes by its kind, and names it', async () => {
    writeFileSync(
      join(proc, 'self/mountinfo'),
      ['1 0 8:1 / / rw - ext4 /dev/sda1 rw', `2 1 0:1 / ${home.path} rw shared:1 - overlay overlay rw`].join(
        '\n',
      ),
    );
    const { report } = await examine();
    const found = report.checks.find(({ name }) => name === 'file system');
    expect(found?.message).toMatch(/is on overlay: changes made outside may be noticed late$/u);
  });

  it('gives up on a check that hangs, and on none of the others', async () => {
    const hanging: Check = { name: 'hanging', look: () => new Promise(() => {}) };
    const throwing: Check = { name: 'throwing', look: () => Promise.reject(new Error('no luck')) };
    const well: Check = {
      name: 'well',
      look: async () => [{ status: 'ok', message: words`yes`, hint: null }],
    };
    const { report } = await examine({}, { checks: [hanging, throwing, well], limitMs: 50 });
    expect(report.checks.map(({ name, status, message }) => [name, status, message])).toEqual([
      ['hanging', 'warning', 'not known: no answer within 0.05 s'],
      ['throwing', 'warning', 'not known: no luck'],
      ['well', 'ok', 'yes'],
    ]);
  });

  it('opens nothing that needs the network, and starts nothing that a source would', async () => {
    let visitors = 0;
    const server = createServer((socket) => {
      visitors += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const configured = [
      `ws://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}/?token=hunter2`,
      `exec:touch ${home.file('ran')}`,
    ];
    writeFileSync(home.file('.home/config.json'), JSON.stringify({ sources: configured }));
    const { report, text } = await examine();
    server.close();
    expect({ visitors, ran: existsSync(home.file('ran')) }).toEqual({ visitors: 0, ran: false });
    expect(report.checks.filter(({ message }) => message.includes('is not asked'))).toHaveLength(3);
    expect(text).not.toContain('hunter2');
  });

  it('says what is known of the terminal, and of channels that need one', async () => {
    writeFileSync(
      home.file('.home/config.json'),
      JSON.stringify({ notify: ['osc', 'bell', 'webhook:http://127.0.0.1:9/hunter2'] }),
    );
    const said = (checks: { name: string; message: string }[], name: string) =>
      checks.filter((each) => each.name === name).map(({ message }) => message);
    const inTerminal = await examine({ env: { TERM: 'xterm-kitty' }, terminal: { columns: 120, rows: 40 } });
    expect(said(inTerminal.report.checks, 'terminal')).toEqual([
      expect.stringMatching(/kitty \(xterm-kitty\), 120×40, \d/u),
      'knows links (OSC 8), clipboard (OSC 52), notifications (OSC 99), focus',
    ]);
    expect(said(inTerminal.report.checks, 'notifications')).toEqual([
      'nothing stands in the way of osc, bell, webhook; taskglass notify --test tries it',
    ]);
    const piped = await examine();
    expect(said(piped.report.checks, 'notifications')).toContain(
      'osc is for a terminal, which standard output is not here',
    );
    expect(inTerminal.text + piped.text).not.toContain('hunter2');
  });

  it('changes nothing', async () => {
    const tree = () => execFileSync('ls', ['-lRA', '--time-style=full-iso', home.path], { encoding: 'utf8' });
    const before = tree();
    await examine();
    expect(tree()).toBe(before);
  });

  it('is a document of its schema', async () => {
    const { text } = await examine();
    expect(DoctorReport.parse(JSON.parse(text))).toEqual(JSON.parse(text));
    expect(JSON.stringify(z.toJSONSchema(DoctorReport))).toContain('"problem"');
  });

  it('is read in a terminal of any width: each line with its sign, and what to do below it', async () => {
    for (const columns of [40, 60, 80, 120]) {
      const { code, stdout } = await runHere(['doctor'], {
        cwd: home.file('work'),
        env: { ...environment(), TERM: 'dumb', COLUMNS: `${columns}` },
      });
      expect(code).toBe(0);
      expect(stdout.split('\n').filter((line) => line.length > columns)).toEqual([]);
      expect(stdout).toMatch(/^! terminal/mu);
      expect(stdout).toMatch(/^ +-> if your terminal/mu);
      expect(stdout).toMatch(/^0 problems, \d+ warnings?$/mu);
    }
  });
});

/** Runs doctor in this process, on a fake /proc, as JSON. */
async function examine(
  { env = {}, terminal }: Pick<Broken, 'env' | 'terminal'> = {},
  parts: DoctorParts = {},
) {
  const chunks: string[] = [];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const resolved = Object.entries(env).map(([name, value]) => [
    name,
    value.replace('FILE', home.file('file.txt')).replace('BIN', home.file('bin')),
  ]);
  const io = {
    stdin: new PassThrough(),
    stdout: Object.assign(stdout, { isTTY: terminal !== undefined, columns: 120, rows: 40, ...terminal }),
    stderr: new Writable({ write: (_chunk, _encoding, done) => done() }),
    env: { ...environment(), ...Object.fromEntries(resolved) },
    cwd: home.file('work'),
    clock: systemClock,
    signal: new AbortController().signal,
  } as unknown as Io; // streams as a command uses them
  const code = await runDoctor({ json: true }, io, { proc, limitMs: 10_000, ...parts });
  const text = chunks.join('');
  return { code, text, report: DoctorReport.parse(JSON.parse(text)) };
}

function hasTmux(): boolean {
  return spawnSync('tmux', ['-V']).status === 0;
}

function environment(): Record<string, string> {
  return {
    HOME: home.file('.home'),
    TASKGLASS_HOME: home.file('.home'),
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    PATH: '/usr/bin:/bin',
  };
}

function limits(watches: number, instances: number): void {
  writeFileSync(join(proc, 'sys/fs/inotify/max_user_watches'), `${watches}\n`);
  writeFileSync(join(proc, 'sys/fs/inotify/max_user_instances'), `${instances}\n`);
}

/** A process that has instances of inotify open, with so many watches each. */
function inotify(pid: number, counts: readonly number[]): void {
  mkdirSync(join(proc, `${pid}/fd`), { recursive: true });
  mkdirSync(join(proc, `${pid}/fdinfo`));
  counts.forEach((count, at) => {
    symlinkSync('anon_inode:inotify', join(proc, `${pid}/fd/${at}`));
    const lines = Array.from(
      { length: count },
      (_, wd) => `inotify wd:${wd} ino:1 sdev:1 mask:2 ignored_mask:0`,
    );
    writeFileSync(join(proc, `${pid}/fdinfo/${at}`), `pos:\t0\n${lines.join('\n')}\n`);
  });
}
