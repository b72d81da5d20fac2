import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readStatusFigures } from '../../src/model/status-figures.ts';
import { runHere, type Said } from '../helpers/console.ts';
import { eventually } from '../helpers/eventually.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'program-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

describe('the command line', () => {
  it('tells the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('names every command in its help, but none that is its own affair', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const command of ['demo', 'run', 'send', 'wait', 'serve', 'publish', 'relay', 'key', 'config']) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
    expect(stdout).not.toContain('demo-worker');
  });

  it.each([['--help'], ['task', '--help'], ['ledger', '--help'], ['eta', '--help']])(
    'has a help that fits 80 columns: %s %s',
    async (...args) => {
      const { stdout } = await run(...args);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it.each([
    [['--colour'], /unknown option '--colour'/],
    [['send', 'cancel'], /missing required argument 'id'; see taskglass send --help$/m],
    [['config', 'history', 'x'], /too many arguments .*; see taskglass config history --help$/m],
    [['task', 'add'], /missing required argument 'title'; see taskglass task add --help$/m],
    [['eta'], /eta: no verb \(bench\)/],
    [['eta', 'bnch'], /eta: bnch is not a verb \(bench\)/],
    [['eta', 'bench'], /missing required argument 'dir'; see taskglass eta bench --help$/m],
    [['send', 'pause', 'x'], /pause is not a command \(cancel, retry or answer\)/],
    [['wait', '--timeout', 'soon'], /--timeout soon is not a number of seconds/],
    [['key', 'forget'], /forget is not a verb \(new, import or show\)/],
    [['gopher://hole'], /gopher:\/\/hole: no such kind of source/],
    [['maestro:https://user:secret@host'], /maestro:https:\/\/host: a login in the address is not supported/],
    [['nonsense'], /nonsense: neither a command nor a source \(a source is /],
    [['demoo'], /demoo: neither a command nor a source \(did you mean demo\?\)/],
    [['docter'], /docter: neither a command nor a source \(did you mean doctor\?\)/],
    [['completions', 'bash'], /did you mean completion\?/],
    [
      ['doctor', '--jsno'],
      /unknown option '--jsno' \(Did you mean --json\?\); see taskglass doctor --help$/m,
    ],
    [['completion'], /missing required argument 'shell'; see taskglass completion --help$/m],
    [
      ['localhost:4747'],
      /localhost:4747: neither a command nor a source \(another taskglass is http:\/\/localhost:4747\)/,
    ],
    [['sedn', 'cancel', 'T1'], /sedn: neither a command nor a source \(did you mean send\?\)/],
    [['wss://user:secret@relay.example'], /wss:\/\/relay\.example: a relay address must not contain a login/],
    [['agui:https://user:secret@host/run'], /agui:https:\/\/host: put the token into TASKGLASS_TOKEN/],
    [['agui+run:https://user:secret@host/'], /agui\+run:https:\/\/host: put the token into TASKGLASS_TOKEN/],
    [['agui+run:host'], /agui\+run:host: not an http:\/\/ or https:\/\/ address/],
    [['--read-only', 'agui+run:http://127.0.0.1:9/'], /would start a run \(leave out --read-only\)/],
    [['https://user:secret@host/'], /https:\/\/host: put the token into TASKGLASS_TOKEN/],
    [[''], /"": neither a command nor a source/],
    [['run', '--', ''], /run: no command/],
    [['--pubkey', ''], /taskglass: --pubkey must not be empty$/m],
    [['relay', '--host', ''], /relay: --host is empty/],
    [['serve', '--port', '65536'], /serve: --port 65536 is not a port/],
    [['publish', '--to', 'https://host'], /publish: --to must name one or more relays/],
    [
      ['--pubkey', 'npub1nobody'],
      /--pubkey: npub1nobody is not a public key \(write npub1… or 64 hex digits\)/,
    ],
    [['--sort', 'colour'], /taskglass: --sort must be one of urgency, name/],
    [['--stall-after', '0'], /taskglass: --stall-after must be a number from 1/],
    [['--exit-status'], /--exit-status goes with --once only/],
    [['serve', '--wait', '3'], /unknown option '--wait'/],
    [['--config', 'none.json'], /none\.json: no such file \(check the path given with --config\)/],
  ])('refuses %j in one line, with what to do', async (args, words) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({ code: 2, stdout: '', lines: 2 });
    expect(stderr).toMatch(/^taskglass: /);
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain('secret');
  });

  it.each(['loop.json', `${'long'.repeat(100)}.json`])(
    'says what keeps a source from being read: %s',
    async (name) => {
      symlinkSync('loop.json', join(cwd, 'loop.json'));
      const { code, stderr } = await run(name, '--once', '--wait', '0.2');
      expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 3, lines: 2 });
      expect(stderr).toContain('cannot be read: E');
    },
  );

  it('says what to do where there is nothing to watch', async () => {
    const { code, stdout, stderr } = await run('--once');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'no tasks (0 sources)\n' });
    expect(stderr).toContain('try: taskglass demo');
  });
});

describe.each([
  ['--pubkey', ['--once']],
  ['--private', ['publish', '--to', 'ws://127.0.0.1:9']],
  ['--allow', ['publish', '--to', 'ws://127.0.0.1:9']],
])('a secret key that was given for a public one, as %s', (option, args) => {
  it.each([
    ['nsec1hunter2', 'a secret key'],
    ['NSEC1HUNTER2', 'a secret key'],
    [' nsec1hunter2', 'a secret key'],
    ['nostr:nsec1hunter2', 'a secret key'],
    ['ncryptsec1hunter2', 'a secret key'],
    ['5ec2e7'.repeat(10), 'a number of 60 hex digits'],
  ])('is not repeated: %s', async (given, shown) => {
    const { code, stderr } = await run(...args, option, given);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^[^\n]*\n$/u);
    expect(stderr).toContain(`${option}: ${shown} is not a public key (write npub1… or 64 hex digits)`);
  });
});

describe('taskglass config', () => {
  it('tells of each value where it comes from; the command line outdoes the environment, that the file', async () => {
    writeConfig({ fps: 10, stallAfter: 60, sort: 'name' });
    const { code, stdout } = await run(
      { TASKGLASS_FPS: '20', TASKGLASS_READ_ONLY: 'yes' },
      'config',
      '--json',
    );
    const { path, settings } = JSON.parse(stdout);
    const told = Object.fromEntries(settings.map((row: Row) => [row.name, [row.value, row.origin]]));
    expect(code).toBe(0);
    expect(path).toBe(join(cwd, '.home', 'config.json'));
    expect(told).toMatchObject({
      fps: [20, 'environment'],
      stallAfter: [60, 'file'],
      sort: ['name', 'file'],
      readOnly: [true, 'environment'],
      wait: [5, 'default'],
    });
  });

  it('is a table for people', async () => {
    const { stdout } = await run('config');
    expect(stdout).toMatch(/^file: .*config\.json$/m);
    expect(stdout).toMatch(/^fps +30 +default +frames a second, at most$/m);
  });

  it('names a bad value of the environment as it stands there', async () => {
    const { code, stderr } = await run({ TASKGLASS_READ_ONLY: 'maybe' }, 'config');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'taskglass: TASKGLASS_READ_ONLY must be true or false (correct it in the environment)\n',
    });
  });

  it.each([
    ['checklist=off', 'checklist'],
    ['claude=on, checklist=no', 'checklist'],
    ['off', 'checklist'],
  ])('lists what is looked for, and what is switched off by TASKGLASS_DISCOVER=%s', async (word, off) => {
    mkdirSync(join(cwd, 'specs/001-a'), { recursive: true });
    writeFileSync(join(cwd, 'specs/001-a/tasks.md'), '- [ ] one\n');
    const listed = await run({ HOME: cwd }, 'config', 'discover');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(/^checklist +\S+ +1$/mu);
    expect(listed.stdout).toMatch(/^runs +\S+ +– no such directory$/mu);
    expect((await run({ HOME: cwd, TASKGLASS_DISCOVER: word }, 'config', 'discover')).stdout).toMatch(
      /^checklist +\S+ +\(switched off\)$/mu,
    );
    const { stdout } = await run({ HOME: cwd, TASKGLASS_DISCOVER: word }, 'config', 'discover', '--json');
    const { kinds } = JSON.parse(stdout);
    expect(kinds.find(({ kind }: { kind: string }) => kind === off)).toMatchObject({ on: false, found: 0 });
    const view = await run({ HOME: cwd }, '--once');
    expect(view.stderr).toBe('taskglass: found here: 1 checklist (taskglass config discover lists it)\n');
    expect((await run({ HOME: cwd, TASKGLASS_DISCOVER: word }, '--once')).stdout).toMatch(/^no tasks/u);
  });

  it.each([
    ['{"discover": {"claude": "maybe"}}', /config\.json: discover\.claude: it must be true or false/],
    ['{"discover": {"clod": false}}', /config\.json: discover: it has no "clod"; it has .*claude/],
    ['{"discover": []}', /config\.json: discover: it must be true, false, or an object of them/],
    ['{"fps": 0}', /config\.json: fps: it must be a number from 1 to 60 \(correct it there\)/],
    ['{"colour": "red"}', /config\.json: Unrecognized key: "colour"/],
    ['{"fps": ', /configuration .*config\.json: /],
  ])('names a bad value with its place and leaves the file as it is: %s', async (text, words) => {
    mkdirSync(join(cwd, '.home'));
    writeFileSync(join(cwd, '.home', 'config.json'), text);
    const { code, stderr } = await run('config');
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
    expect(readFileSync(join(cwd, '.home', 'config.json'), 'utf8')).toBe(text);
  });
});

describe('a view without a terminal', () => {
  it('prints what is known, and exits 3 where nothing could be read', async () => {
    writeState(['a', 'completed'], ['b', 'failed']);
    expect(await run('state.json', '--once')).toMatchObject({
      code: 0,
      stdout: [
        'failed            Task b  [state.json/b]',
        'completed   100%  Task a  [state.json/a]',
        '2 tasks: 1 completed, 1 failed (1 source)',
        '',
      ].join('\n'),
    });
    expect(await run('state.json', '--once', '--filter', 'status:failed')).toMatchObject({
      stdout: 'failed            Task b  [state.json/b]\n1 of 2 tasks: 1 failed (1 source)\n',
    });
    expect(await run('state.json', '--once', '--filter', 'status:queued')).toMatchObject({
      stdout: '0 of 2 tasks (1 source)\n',
    });
    expect(await run('gone.json', '--once', '--wait', '0')).toMatchObject({
      code: 3,
      stdout: 'no tasks (1 source)\n',
      stderr: expect.stringContaining('gone.json'),
    });
  });

  it('reads standard input to its end', async () => {
    const input = `${stateOf(['a', 'running'])}\n${stateOf(['a', 'completed'])}\n`;
    const { code, stdout } = await runHere(['-', '--plain'], { cwd, input });
    expect(code).toBe(0);
    expect(stdout).toContain('completed   100%  Task a');
    expect(stdout).toMatch(/1 task: 1 completed \(1 source\)\n$/);
  });

  it('streams JSON: the snapshot first', async () => {
    const { code, stdout } = await runHere(['-', '--json'], { cwd, input: `${stateOf(['a', 'running'])}\n` });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({ type: 'snapshot', version: 1 });
  });

  it('finds the files of the current directory', async () => {
    writeState(['a', 'completed']);
    expect(await run('--once', '--json').then(({ stdout }) => JSON.parse(stdout).tasks)).toMatchObject([
      { id: 'state.json/a', name: 'Task a', status: 'completed', progress: 100 },
    ]);
  });

  it.each([
    [['completed'], 0],
    [['completed', 'cancelled'], 5],
    [['cancelled', 'failed'], 4],
  ])('exits with the status of %j where that is asked for: %i', async (statuses, code) => {
    writeState(...statuses.map((status, index): [string, string] => [`t${index}`, status]));
    expect((await run('state.json', '--once', '--exit-status')).code).toBe(code);
  });
});

describe('taskglass wait', () => {
  it('ends with how the tasks ended', async () => {
    writeState(['a', 'completed'], ['b', 'failed']);
    expect((await run('wait', 'a', 'state.json')).code).toBe(0);
    expect((await run('wait', 'state.json')).code).toBe(4);
  });

  it('ends with 124 when the time is up, and with 2 where there is no such task', async () => {
    writeState(['a', 'running']);
    expect((await run('wait', 'a', 'state.json', '--timeout', '0')).code).toBe(124);
    expect(await run('wait', 'z', 'state.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no task z'),
    });
  });

  it('says which task the beginning of an id is taken for, and takes it for one of several never', async () => {
    writeState(['build-7', 'completed'], ['nightly-1', 'failed'], ['nightly-2', 'completed']);
    expect(await run('wait', 'buil', 'state.json')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^taskglass: assuming that buil means Task build-7 \(.*build-7\)$/mu),
    });
    for (const whole of ['build-7', 'Task build-7'])
      expect((await run('wait', whole, 'state.json')).stderr).not.toContain('assuming');
    for (const command of ['wait', 'logs'])
      expect(await run(command, 'nightly', 'state.json')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('several tasks match nightly'),
      });
  });
});

describe('taskglass status', () => {
  it('says in one line how all tasks stand', async () => {
    writeState(['a', 'running'], ['b', 'failed'], ['c', 'completed']);
    expect(await run('status', 'state.json', '--ascii')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\S+ 1 running \(1 stalled\) - \S+ 1 failed\n$/u),
      stderr: '',
    });
    const { stdout } = await run('status', 'state.json', '--format', 'json');
    expect(readStatusFigures(JSON.parse(stdout))).toMatchObject({
      running: 1,
      failed: 1,
      completed: 1,
      needsYou: 0,
      asking: [{ id: 'state.json/b', name: 'Task b', why: 'failed' }],
    });
  });

  it('has nothing against nothing', async () => {
    expect(await run('status')).toEqual({ code: 0, stdout: 'no tasks\n', stderr: '' });
    expect(await run('status', '--format', 'starship')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('asks a server that has read everything already', async () => {
    writeState(['a', 'running'], ['b', 'running']);
    const ending = new AbortController();
    const serving = runHere(['serve', '--port', '0'], { cwd, signal: ending.signal });
    const elsewhere = join(cwd, 'elsewhere');
    mkdirSync(elsewhere);
    const env = { TASKGLASS_HOME: join(cwd, '.home') };
    const line = async () => (await runHere(['status', '--ascii'], { cwd: elsewhere, env })).stdout;
    await eventually(async () => expect(await line()).toMatch(/ 2 running/u));
    ending.abort();
    await serving;
    expect(await line()).toBe('no tasks\n');
  });

  it('refuses a format that nobody reads', async () => {
    expect(await run('status', '--format', 'xml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--format xml is not a format (plain, tmux, waybar, starship, json)'),
    });
  });
});

describe('taskglass wait --any and --until', () => {
  it.each([
    [['running', 'failed'], ['--any'], 4],
    [['running', 'completed', 'cancelled'], ['--any'], 0],
    [['running', 'running'], ['--any'], 124],
    [['running', 'completed'], ['--until', 'running'], 0],
    [['running', 'failed'], ['--until', 'running'], 4],
    [['running', 'pending'], ['--until', 'running'], 124],
    [['running', 'pending'], ['--until', 'running', '--any'], 0],
    [['asking'], ['--until', 'needs-input'], 7],
    [['asking', 'running'], ['--until', 'needs-input', '--any'], 7],
    [['asking', 'running'], ['--until', 'needs-input, running'], 7],
    [['asking'], [], 124],
  ])('%j with %j: %i', async (statuses, options, code) => {
    const tasks = statuses.map((status, index) => ({
      taskId: `t${index}`,
      taskName: `Task ${index}`,
      status: status === 'asking' ? 'running' : status,
      completedAt: ['running', 'pending', 'asking'].includes(status) ? undefined : 1_800_000_000_000 + index,
      ...(status === 'asking' && { question: { text: 'Go on?', choices: [] } }),
    }));
    writeFileSync(join(cwd, 'state.json'), JSON.stringify({ timestamp: 1, widgets: {}, activeTasks: tasks }));
    const said = await run('wait', 'state.json', '--timeout', '0.05', ...options);
    expect(said.code).toBe(code);
    if (statuses.includes('asking')) expect(said.stderr).toContain('Task 0 needs input: Go on?');
  });

  it.each(['', ' ,', 'done', 'completed,ended'])('refuses --until %j', async (until) => {
    writeState(['a', 'completed']);
    expect(await run('wait', 'state.json', '--until', until)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/wait: --until .* is not a status/u),
    });
  });

  it('takes names, and shows on a terminal how far they are, leaving no trace', async () => {
    writeState(['a', 'completed'], ['b', 'running']);
    const args = ['wait', 'Task a', 'Task b', 'state.json', '--timeout', '0.3'];
    const env = { TERM: 'xterm-256color' };
    const { code, stderr } = await runHere(args, { cwd, env, hasTerminal: true });
    expect(code).toBe(124);
    expect(stderr).toContain('1 of 2 ended · Task b');
    expect(stderr).toContain('\u001b8\u001b[K');
    expect((await run(...args)).stderr).not.toContain('\u001b');
  });
});

describe('taskglass send', () => {
  it('asks a task list, and ends when that reports the change', async () => {
    const tasks = [{ id: 'T1', description: 'Write it', module: 'a', priority: 1, status: 'failed' }];
    writeFileSync(
      join(cwd, 'task-breakdown.json'),
      JSON.stringify({ generated_at: '2026-11-21T07:43:42.382686', total_tasks: 1, tasks }),
    );
    const { code, stderr } = await run('send', 'retry', 'T1', 'task-breakdown.json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'taskglass: retry: Write it is now queued\n' });
  });

  it('asks nobody where the id is empty, as an unset variable is', async () => {
    writeState(['a', 'running']);
    for (const words of [
      ['send', 'cancel', ''],
      ['wait', ''],
    ])
      expect(await run(...words)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^taskglass: no task "" /),
      });
  });

  it('says what is not possible now', async () => {
    writeState(['a', 'completed']);
    expect(await run('send', 'cancel', 'a', 'state.json')).toMatchObject({
      code: 1,
      stderr: 'taskglass: cancel: not possible while the task is completed\n',
    });
  });
});

interface Row {
  readonly name: string;
  readonly value: unknown;
  readonly origin: string;
}

function run(...words: readonly (string | Record<string, string>)[]): Promise<Said> {
  const env = words.find((word) => typeof word === 'object') ?? {};
  return runHere(
    words.filter((word) => typeof word === 'string'),
    { cwd, env },
  );
}

function writeConfig(values: object): void {
  mkdirSync(join(cwd, '.home'), { recursive: true });
  writeFileSync(join(cwd, '.home', 'config.json'), JSON.stringify(values));
}

function writeState(...tasks: [id: string, status: string][]): void {
  writeFileSync(join(cwd, 'state.json'), stateOf(...tasks));
}

function stateOf(...tasks: [id: string, status: string][]): string {
  const activeTasks = tasks.map(([id, status]) => ({
    taskId: id,
    taskName: `Task ${id}`,
    status,
    currentStep: 0,
    totalSteps: 1,
    steps: status === 'running' ? [{ index: 0, name: 'work', status: 'running' }] : [],
  }));
  return JSON.stringify({ version: 1, timestamp: 1_795_000_000_000, activeTasks });
}
