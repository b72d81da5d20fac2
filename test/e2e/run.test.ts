import { execFileSync, spawn as spawnChild } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type IPty, spawn } from '@lydell/node-pty';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DashboardState } from '../../src/model/dashboard-state.ts';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM, run, start } from '../helpers/program.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'run-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** The only task in a state file: the one of the only run, unless a file is named. */
async function readTask(file?: string) {
  const runs = path.join(cwd, '.home', 'runs');
  const names = file ? [] : (await readdir(runs)).filter((name) => name.endsWith('.json'));
  const state: DashboardState = JSON.parse(await readFile(file ?? path.join(runs, names[0] ?? ''), 'utf8'));
  return state.activeTasks[0];
}

function spawnProgram(args: readonly string[], stdout: 'pipe' | number) {
  const env = { ...process.env, TASKGLASS_HOME: path.join(cwd, '.home') };
  return spawnChild(process.execPath, [PROGRAM, ...args], { cwd, env, stdio: ['ignore', stdout, 'pipe'] });
}

describe('taskglass run', () => {
  it('passes output and exit code on, and leaves a task that says how it went', async () => {
    const script = 'echo out; echo err >&2; echo "[ 40%] done"; exit 3';
    const { code, stdout, stderr } = await run(['run', '--name', 'Build', '--', 'sh', '-c', script], { cwd });
    expect({ code, stdout, stderr }).toEqual({ code: 3, stdout: 'out\n[ 40%] done\n', stderr: 'err\n' });
    expect(await readTask()).toMatchObject({
      taskName: 'Build',
      status: 'failed',
      error: expect.stringMatching(/^exit code 3\n(?=.*\[ 40%\] done)(?=.*err)/su),
      steps: [{ status: 'failed', progress: 40 }],
    });
  });

  it('gives a command outputs that it can also open by name', async () => {
    const script = 'echo out > /dev/stdout; echo err > /dev/stderr; echo tee | tee /dev/stderr > /dev/null';
    const { code, stdout, stderr } = await run(['run', '--', 'sh', '-c', script], { cwd });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'out\n', stderr: 'err\ntee\n' });
  });

  it('runs the command also where nothing can be published, and says so', async () => {
    const env = { TASKGLASS_HOME: '/dev/null/home', TASKGLASS_HISTORY: 'false' };
    const { code, stdout, stderr } = await run(['run', '--', 'sh', '-c', 'echo out; exit 3'], { cwd, env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'out\n' });
    const [state, log, ...more] = stderr.trimEnd().split('\n').sort();
    expect(state).toMatch(/^taskglass: \/dev\/null\/home\/runs\/.* did not accept the state: ENOTDIR/u);
    expect(log).toMatch(/^taskglass: output is no longer saved: .*ENOTDIR/u);
    expect(more).toEqual([]);
  });

  it('clears away what ended longer ago than runs are kept, and nothing that may still run', async () => {
    const runs = path.join(cwd, '.home', 'runs');
    const task = (status: string) => JSON.stringify({ version: 1, activeTasks: [{ status }] });
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    await mkdir(runs, { recursive: true });
    for (const [name, status, hours] of [
      ['fresh', 'failed', 1],
      ['old', 'failed', 3],
      ['long', 'running', 300],
    ] as const) {
      await writeFile(path.join(runs, `${name}.json`), task(status));
      await utimes(path.join(runs, `${name}.json`), hoursAgo(hours), hoursAgo(hours));
      await mkdir(path.join(runs, `${name}.json.logs`));
    }
    for (const [name, hours] of [
      ['gone', 3],
      ['early', 1],
    ] as const) {
      await mkdir(path.join(runs, `${name}.json.logs`));
      await utimes(path.join(runs, `${name}.json.logs`), hoursAgo(hours), hoursAgo(hours));
    }
    await run(['run', '--name', 'new', '--', 'true'], { cwd, env: { TASKGLASS_RETENTION: '2' } });
    const left = (await readdir(runs)).sort();
    expect(left).toEqual([
      ...['early.json.logs', 'fresh.json', 'fresh.json.logs', 'long.json', 'long.json.logs'],
      expect.stringMatching(/^new-.*\.json$/u),
      expect.stringMatching(/^new-.*\.json\.run$/u),
    ]);
  });

  it('is called by its command where its name is empty', async () => {
    await run(['run', '--name', '', '--', 'true'], { cwd });
    expect(await readTask()).toMatchObject({ taskName: 'true' });
  });

  it('claims no progress where it knows none', async () => {
    const { ended } = start(
      ['run', '--', 'sh', '-c', 'echo working; while ! test -e go; do sleep 0.02; done'],
      { cwd },
    );
    const snapshot = async () => JSON.parse((await run(['--once', '--json'], { cwd })).stdout).tasks[0];
    await eventually(async () =>
      expect(await snapshot()).toMatchObject({ status: 'running', progress: null, steps: [] }),
    );
    await writeFile(path.join(cwd, 'go'), '');
    await ended;
    expect(await snapshot()).toMatchObject({ status: 'completed', progress: 100 });
  });

  it('makes steps of "Step n/m"', async () => {
    await run(['run', '--', 'sh', '-c', 'echo "Step 1/3 : FROM x"; sleep 0.1; echo "Step 3/3 : RUN make"'], {
      cwd,
    });
    const task = await readTask();
    expect(task?.status).toBe('completed');
    expect(task?.steps.map(({ name, status }) => [name, status])).toEqual([
      ['FROM x', 'completed'],
      ['step 2', 'completed'],
      ['RUN make', 'completed'],
    ]);
  });

  it('keeps the output to itself when asked to, and finds progress by one’s own pattern', async () => {
    const args = [
      'run',
      '--quiet',
      '--progress-pattern',
      'at (\\d+)~',
      '--',
      'sh',
      '-c',
      'echo "at 70~"; exit 1',
    ];
    expect(await run(args, { cwd })).toMatchObject({ code: 1, stdout: '' });
    expect((await readTask())?.steps[0]?.progress).toBe(70);
  });

  it('passes a signal on even while the user’s pattern takes forever, and gives that up', async () => {
    const pattern = ['--progress-pattern', '(a+)+$'];
    const script = `while :; do echo ${'a'.repeat(60)}!; sleep 0.1; done`;
    const running = start(['run', ...pattern, '--', 'sh', '-c', script], { cwd });
    // The search has its share of the time: it may be a while before it was broken off thrice.
    await new Promise((resolve) => running.process.stderr?.once('data', resolve));
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/^taskglass: run: --progress-pattern takes too long [^\n]*\n$/u);
  });

  it('answers as a shell where there is no such command', async () => {
    expect(await run(['run', '--', './nosuch'], { cwd })).toMatchObject({ code: 127 });
    expect(await readTask()).toMatchObject({ status: 'failed', error: 'no such command: ./nosuch' });
  });

  it('is cancelled by `send`: SIGTERM to the whole group, and the task says so', async () => {
    const { ended } = start(['run', '--', 'sh', '-c', 'sleep 600 & echo child $! > pid; wait'], { cwd });
    const child = await eventually(async () => {
      const pid = Number((await readFile(path.join(cwd, 'pid'), 'utf8')).split(' ')[1]);
      expect(pid).toBeGreaterThan(0);
      return pid;
    });
    const id = await eventually(async () => {
      const task = await readTask();
      expect(task).toBeDefined();
      return task?.taskId ?? '';
    });
    const sent = run(['send', 'cancel', id], { cwd });
    expect(await ended).toMatchObject({ code: 143 });
    expect(await sent).toMatchObject({ code: 0 });
    expect(await readTask()).toMatchObject({ status: 'cancelled' });
    await eventually(() => expect(() => process.kill(child, 0)).toThrow('ESRCH'));
  });

  it('says meanwhile what a cancel waits for, and is cancelled, where the command ignores SIGTERM', async () => {
    const script = 'trap "" TERM; echo ready; while :; do sleep 0.05; done';
    const { process: child, ended } = start(['run', '--name', 'Deaf', '--', 'sh', '-c', script], { cwd });
    await once(child.stdout as Readable, 'data');
    const sent = run(['send', 'cancel', 'Deaf'], { cwd });
    const tasks = async () => JSON.parse((await run(['--once', '--json'], { cwd })).stdout).tasks;
    const reason = 'being cancelled: SIGTERM was sent, SIGKILL follows after 10 s';
    await eventually(async () => expect(await tasks()).toMatchObject([{ status: 'waiting', reason }]));
    expect(await sent).toMatchObject({ code: 0, stderr: 'taskglass: cancel: Deaf is now cancelled\n' });
    expect(await ended).toMatchObject({ code: 137 });
    expect(await tasks()).toMatchObject([{ status: 'cancelled', reason: null }]);
  });

  it('passes signals on: the command decides what they mean', async () => {
    const script = 'trap "exit 7" INT; echo ready; while :; do sleep 0.05; done';
    const { process: child, ended } = start(['run', '--', 'sh', '-c', script], { cwd });
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 7 });
  });

  it.each(['stdout', 'stderr'] as const)(
    'lets the command learn that nobody reads %s, and says how it ended',
    async (output) => {
      const script = `while :; do echo line >&${output === 'stdout' ? 1 : 2}; sleep 0.02; done`;
      const child = spawnProgram(['run', '--', 'sh', '-c', script], 'pipe');
      child[output]?.once('data', () => child[output]?.destroy());
      expect(await once(child, 'close')).toEqual([141, null]);
      expect(await readTask()).toMatchObject({
        status: 'failed',
        error: expect.stringMatching(/ended by SIGPIPE/u),
      });
    },
  );

  it.runIf(existsSync('/dev/full'))('is not well where output is lost: a full disk', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawnProgram(['run', '--', 'sh', '-c', 'echo kept > done; echo lost'], full);
    const said = text(child.stderr as Readable);
    expect(await once(child, 'close')).toEqual([1, null]);
    closeSync(full);
    expect(await said).toBe(
      'taskglass: the output cannot be written: ENOSPC (make room, or send it elsewhere)\n',
    );
    expect(await readTask()).toMatchObject({ status: 'completed' });
  });

  it('ends with its terminal, and so does the command: its task does not run forever', async () => {
    const env = { ...process.env, TASKGLASS_HOME: path.join(cwd, '.home') };
    const script = 'while :; do echo line; sleep 0.02; done';
    const args = [PROGRAM, 'run', '--', 'sh', '-c', script];
    const terminal = spawn(process.execPath, args, { cwd, env });
    await new Promise<void>((resolve) => terminal.onData((piece) => piece.includes('line') && resolve()));
    (terminal as IPty & { destroy(): void }).destroy();
    await eventually(async () => expect((await readTask())?.status).toMatch(/cancelled|failed/u));
  });

  it.each([
    ['itself', '/usr/bin/nohup', ''],
    ...(process.platform === 'linux' ? [['the script around it', '', 'trap "" HUP; ']] : []),
  ])('outlives SIGHUP where %s was started by nohup', async (_what, started, before) => {
    const script = `${before}"$@"; exit $?`;
    const command = 'echo ready $PPID; while ! test -e go; do sleep 0.02; done; exit 3';
    const words = ['-c', script, 'sh', process.execPath, PROGRAM, 'run', '--', 'sh', '-c', command];
    const shell = spawnChild('sh', words, {
      cwd,
      env: { ...process.env, TASKGLASS_HOME: path.join(cwd, '.home'), _: started },
    });
    const [ready] = await once(shell.stdout, 'data');
    process.kill(Number(String(ready).split(' ')[1]), 'SIGHUP');
    await writeFile(path.join(cwd, 'go'), '');
    expect(await once(shell, 'close')).toEqual([3, null]);
  });

  describe.runIf(existsSync('/bin/bash'))('as a job of a shell', () => {
    const command = 'sh -c \'echo beg""un; while ! test -e go; do sleep 0.02; done; echo > done; exit 3\'';
    const until = (name: string) => eventually(() => access(path.join(cwd, name)));

    async function withShell(work: (shell: Terminal) => Promise<void>): Promise<void> {
      const env = { TASKGLASS_HOME: path.join(cwd, '.home'), PS1: 'next$ ' };
      const shell = openTerminal('/bin/bash', ['--norc', '--noprofile', '-i'], { cwd, env });
      await shell.until('next$');
      await work(shell);
      shell.type('wait; exit\r');
      await shell.exitCode;
      shell.dispose();
    }

    it('runs in the background', () =>
      withShell(async (shell) => {
        shell.type(`${process.execPath} ${PROGRAM} run -- ${command} &\r`);
        await shell.until('begun');
        await writeFile(path.join(cwd, 'go'), '');
        await eventually(async () => expect(await readTask()).toMatchObject({ error: 'exit code 3\nbegun' }));
      }));

    it('continues in the background, and takes keys again in the foreground', () =>
      withShell(async (shell) => {
        shell.type(
          `${process.execPath} ${PROGRAM} run -- ${command.replace('exit', 'read x; echo got $x; exit')}\r`,
        );
        await shell.until('begun');
        shell.type('\u001a');
        await shell.until(/Stopped.*next\$$/su);
        shell.type('bg\r');
        await writeFile(path.join(cwd, 'go'), '');
        await until('done');
        shell.type('fg\r');
        await shell.until(/\$ fg\n\S/u); // the shell shows what it brings back
        shell.type('keys\r');
        // Until the shell asks again, keys go to the command: what it no longer reads is lost.
        await shell.until(/got keys\s+next\$$/u);
      }));
  });

  it('stays after a failure when asked to, and runs again on a retry', async () => {
    const script = 'if test -e second; then exit 0; else touch second; exit 5; fi';
    const { ended } = start(['run', '--stay', '--to', 'state.json', '--', 'sh', '-c', script], { cwd });
    const file = path.join(cwd, 'state.json');
    await eventually(async () => expect(await readTask(file)).toMatchObject({ status: 'failed' }));
    expect(await run(['send', 'retry', 'state', 'state.json'], { cwd })).toMatchObject({ code: 0 });
    expect(await ended).toMatchObject({ code: 0 });
    expect(await readTask(file)).toMatchObject({ taskId: 'state', status: 'completed' });
  });

  it('is seen by a plain taskglass, also when it starts later', async () => {
    await run(['run', '--name', 'First', '--', 'true'], { cwd });
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'elsewhere-'));
    const watching = start(['--json'], { cwd: elsewhere, env: { TASKGLASS_HOME: path.join(cwd, '.home') } });
    let heard = '';
    watching.process.stdout?.on('data', (piece) => {
      heard += piece;
    });
    await eventually(() => expect(heard).toContain('"First"'));
    await run(['run', '--name', 'Second', '--', 'true'], { cwd });
    await eventually(() => expect(heard).toMatch(/"Second","status":"completed"/u));
    watching.process.kill('SIGTERM');
    await watching.ended;
    await rm(elsewhere, { recursive: true });
  });

  it('publishes to a relay, signed, and is cancelled from there by the same key', async () => {
    const relay = start(['relay'], { cwd });
    const url = await new Promise<string>((resolve) =>
      relay.process.stdout?.once('data', (line) => resolve(String(line).trim())),
    );
    const env = { TASKGLASS_NSEC: '11'.repeat(32) };
    const script = 'echo "[ 30%] one"; sleep 600 & wait';
    const running = start(['run', '--name', 'Far away', '--to', url, '--', 'sh', '-c', script], { cwd, env });
    const snapshot = async () =>
      JSON.parse((await run([url, '--once', '--json'], { cwd, env })).stdout).tasks[0];
    await eventually(async () =>
      expect(await snapshot()).toMatchObject({ name: 'Far away', status: 'running', progress: 30 }),
    );
    const { id } = await snapshot();
    expect(await run(['send', 'cancel', id, url], { cwd, env })).toMatchObject({ code: 0 });
    expect(await running.ended).toMatchObject({ code: 143 });
    relay.process.kill('SIGTERM');
    await relay.ended;
  });

  it.each([
    ['no state file', '{"name":"my package"}', 'is not a state file'],
    ['text', 'all that I wrote today', 'is not a state file'],
    ["another's tasks", '{"activeTasks":[{"taskId":"other"}]}', 'holds other tasks'],
    ['more than a state', '{"activeTasks":[],"mine":"keep"}', 'holds something that taskglass did not write'],
  ])('does not replace a file that holds %s', async (_what, text, why) => {
    const file = path.join(cwd, 'notes.json');
    await writeFile(file, text);
    const { code, stderr, stdout } = await run(['run', '--to', 'notes.json', '--', 'echo', 'done'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `taskglass: run: --to ${file}: it ${why}, and would be replaced (name a file for this run alone)\n`,
    );
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it.runIf(existsSync('/proc/self/stat'))('that was killed has failed, for everyone who looks', async () => {
    const env = { TASKGLASS_RETENTION: '2' };
    const elsewhere = { cwd: path.join(cwd, 'elsewhere'), env: { ...env, TASKGLASS_HOME: `${cwd}/.home` } };
    await mkdir(elsewhere.cwd);
    const running = start(['run', '--name', 'Killed', '--', 'sh', '-c', 'echo $$; exec sleep 60'], { cwd });
    const [line] = await once(running.process.stdout as Readable, 'data');
    const watching = start(['wait', 'Killed'], elsewhere);
    try {
      await eventually(async () => expect((await readTask())?.status).toBe('running'));
      running.process.kill('SIGKILL');
      expect(await watching.ended).toMatchObject({ code: 4 });
    } finally {
      process.kill(Number(String(line)), 'SIGKILL');
      await running.ended;
    }
    const { tasks } = JSON.parse((await run(['--once', '--json'], elsewhere)).stdout);
    expect(tasks).toMatchObject([
      { name: 'Killed', status: 'failed', error: 'its process is gone', commands: ['retry', 'dismiss'] },
    ]);

    const runs = path.join(cwd, '.home', 'runs');
    const [name = ''] = (await readdir(runs)).filter((name) => /^Killed.*\.json$/u.test(name));
    await utimes(path.join(runs, name), 1, 1);
    await run(['run', '--name', 'new', '--', 'true'], { cwd, env });
    const left = await readdir(runs);
    expect(left.filter((name) => !/^(?:new-|\.)/u.test(name))).toEqual([]);
  });

  it('does not replace what is no file, nor start the command', async () => {
    execFileSync('mkfifo', [path.join(cwd, 'pipe.json')]);
    const { code, stderr, stdout } = await run(['run', '--to', 'pipe.json', '--', 'echo', 'done'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `taskglass: run: --to ${cwd}/pipe.json is a pipe, not a file (name a file for this run alone)\n`,
    );
  });

  it('publishes to a relay that is there later, and says what none has taken', async () => {
    const env = { TASKGLASS_NSEC: '11'.repeat(32) };
    const first = start(['relay'], { cwd });
    const address = once(first.process.stdout as Readable, 'data');
    const url = String((await address)[0]).trim();
    first.process.kill('SIGTERM');
    await first.ended;

    const lost = await run(['run', '--name', 'Lost', '--to', url, '--', 'true'], { cwd, env });
    expect(lost.code).toBe(0);
    expect(lost.stderr).toContain('taskglass: 3 reports reached no relay, and this process ends');

    const running = start(['run', '--name', 'Early', '--to', url, '--', 'sleep', '600'], { cwd, env });
    const relay = start(['relay', '--port', new URL(url).port], { cwd });
    const tasks = async () => JSON.parse((await run([url, '--once', '--json'], { cwd })).stdout).tasks;
    await eventually(async () => expect(await tasks()).toMatchObject([{ name: 'Early', status: 'running' }]));
    running.process.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 143 });
    expect(await tasks()).toMatchObject([{ name: 'Early', status: 'cancelled' }]);
    relay.process.kill('SIGTERM');
    await relay.ended;
  });

  it('is retried from a relay when it stays', async () => {
    const relay = start(['relay'], { cwd });
    const url = await new Promise<string>((resolve) =>
      relay.process.stdout?.once('data', (line) => resolve(String(line).trim())),
    );
    const env = { TASKGLASS_NSEC: '11'.repeat(32) };
    const script =
      'test -z "$TASKGLASS_NSEC" || exit 9; if test -e second; then exit 0; else touch second; exit 5; fi';
    const running = start(['run', '--stay', '--name', 'Twice', '--to', url, '--', 'sh', '-c', script], {
      cwd,
      env,
    });
    const tasks = async () => JSON.parse((await run([url, '--once', '--json'], { cwd, env })).stdout).tasks;
    await eventually(async () => expect(await tasks()).toMatchObject([{ name: 'Twice', status: 'failed' }]));
    const [{ id }] = await tasks();
    expect(await run(['send', 'retry', id, url], { cwd, env })).toMatchObject({ code: 0 });
    expect(await running.ended).toMatchObject({ code: 0 });
    await eventually(async () =>
      expect(
        (await tasks()).map(({ status, attempts }: { status: string; attempts: number }) => [
          status,
          attempts,
        ]),
      ).toEqual([
        ['failed', 1],
        ['completed', 2],
      ]),
    );
    relay.process.kill('SIGTERM');
    await relay.ended;
  });

  it('ends with its command, whatever daemon that leaves behind', async () => {
    const { ended } = start(['run', '--', 'sh', '-c', 'sleep 600 & echo $! > daemon; echo started'], { cwd });
    expect(await ended).toMatchObject({ code: 0, stdout: 'started\n' });
    process.kill(Number(await readFile(path.join(cwd, 'daemon'), 'utf8')));
  });

  it('notices a cancel even if the terminal accepts nothing', async () => {
    const env = { ...process.env, TASKGLASS_HOME: path.join(cwd, '.home') };
    const stuck = spawn(process.execPath, [PROGRAM, 'run', '--name', 'Stuck', '--', 'yes'], { cwd, env });
    const exit = new Promise<number>((resolve) => stuck.onExit(({ exitCode }) => resolve(exitCode)));
    await new Promise<void>((resolve) => stuck.onData(() => resolve()));
    stuck.pause();
    const taskId = await eventually(async () => (await readTask())?.taskId ?? '');
    expect(await run(['send', 'cancel', taskId], { cwd })).toMatchObject({ code: 0 });
    expect(await readTask()).toMatchObject({ status: 'cancelled' });
    stuck.resume();
    expect(await exit).toBe(143);
  });

  it('loses nothing that was printed last where the terminal is slow', async () => {
    const script = `"${process.execPath}" "${PROGRAM}" run -- seq 6000; echo over; sleep 60`;
    const slow = spawn('sh', ['-c', script], {
      cwd,
      env: { ...process.env, TASKGLASS_HOME: `${cwd}/.home` } as Record<string, string>,
    });
    let output = '';
    slow.onData((piece) => {
      output += piece;
      slow.pause();
      setTimeout(() => slow.resume(), 250);
    });
    await eventually(() => expect(output).toContain('over'));
    slow.kill('SIGKILL');
    expect(output.split(/\s+/u).slice(-5)).toEqual(['5998', '5999', '6000', 'over', '']);
  });

  it('hands on every byte of a long paste', async () => {
    const line = `${'é€🙂'.repeat(40)}\n`;
    const pasted = line.repeat(2_000);
    const script = `stty -echo; echo rea""dy; head -c ${Buffer.byteLength(pasted)} > pasted; echo whole`;
    const terminal = openTerminal(process.execPath, [PROGRAM, 'run', '--', 'sh', '-c', script], {
      cwd,
      env: { TASKGLASS_HOME: `${cwd}/.home` },
    });
    await terminal.until('ready');
    terminal.type(pasted);
    await terminal.until('whole');
    expect((await readFile(path.join(cwd, 'pasted'), 'utf8')) === pasted).toBe(true);
    expect(await terminal.exitCode).toBe(0);
    terminal.dispose();
  });

  it('gives the command a terminal where it has one itself', async () => {
    await writeFile(
      path.join(cwd, 'ask.sh'),
      'test -t 1 && echo "a terminal of $(tput cols)"; read -r word; echo "got $word"; exit 4\n',
    );
    const terminal = openTerminal(process.execPath, [PROGRAM, 'run', '--', 'sh', 'ask.sh'], {
      cols: 77,
      cwd,
      env: { TASKGLASS_HOME: `${cwd}/.home` },
    });
    await terminal.until('a terminal of 77');
    terminal.type('hello\r');
    await terminal.until('got hello');
    expect(await terminal.exitCode).toBe(4);
    terminal.dispose();
  });
});
