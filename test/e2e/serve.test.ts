import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Gate, openGate } from '../helpers/gate.ts';
import { PROGRAM, type Running, run, start } from '../helpers/program.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

const TOKEN = 'between-us';

let home: string;
let server: Running;
let url: string;
let gate: Gate;
let terminal: Terminal | null = null;

/** A task list on the server: cancelling is written into the file itself. */
function writeTasks(...statuses: readonly string[]): Promise<void> {
  const tasks = statuses.map((status, index) => ({
    id: `T${index + 1}`,
    description: `Task number ${index + 1}`,
    module: 'm',
    priority: 1,
    status,
  }));
  const document = { generated_at: '2026-11-21T07:43:42.382686', total_tasks: tasks.length, tasks };
  return writeFile(path.join(home, 'task-breakdown.json'), JSON.stringify(document));
}

/** The server's machine; the laptop reaches it through a forwarded port, as `ssh -L` makes one. */
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'serve-'));
  await writeTasks('in_progress', 'pending');
  server = start(['serve', 'task-breakdown.json', '--port', '0'], {
    cwd: home,
    env: { TASKGLASS_TOKEN: TOKEN },
  });
  const lines = createInterface({ input: server.process.stdout as Readable });
  url = await new Promise((resolve) => lines.once('line', resolve));
  gate = await openGate(Number(new URL(url).port));
});
afterEach(async () => {
  terminal?.dispose();
  terminal = null;
  await gate[Symbol.asyncDispose]();
  server.process.kill('SIGKILL');
  await server.ended;
  await rm(home, { recursive: true, force: true });
});

const attach = () =>
  openTerminal(process.execPath, [PROGRAM, `http://127.0.0.1:${gate.port}`], {
    cwd: tmpdir(),
    env: { TASKGLASS_HOME: path.join(home, 'laptop'), TASKGLASS_TOKEN: TOKEN },
  });

it('shows the tasks of one machine on another, as they move, over a connection that breaks', async () => {
  terminal = attach();
  await terminal.until('Task number 1');
  await writeTasks('completed', 'in_progress');
  await terminal.until(/✓ Task number 1/u);
  await gate.shut();
  await terminal.until(/down/u);
  expect(terminal.screen()).toContain('Task number 1');
  await writeTasks('completed', 'failed', 'pending');
  await gate.unlock();
  await terminal.until(/✗ Task number 2/u);
  await terminal.until('Task number 3');
});

it('brings a cancel from there to here', async () => {
  terminal = attach();
  await terminal.until('Task number 1');
  terminal.type('c');
  await terminal.until(/y\/n|\(y/u);
  terminal.type('y');
  await terminal.until(/⊘ Task number 1/u);
});

it('can be asked by scripts, through both of its doors, and ends as it is told', async () => {
  const env = { TASKGLASS_TOKEN: TOKEN };
  const snapshot = await run([url, '--once', '--json'], { cwd: home, env });
  expect(JSON.parse(snapshot.stdout)).toMatchObject({
    sources: [{ kind: 'agui', status: 'live', peers: [{ where: 'task-breakdown.json', status: 'live' }] }],
    tasks: [
      { nativeId: 'task-breakdown.json/T1', status: 'running', labels: { source: 'task-breakdown.json' } },
      { nativeId: 'task-breakdown.json/T2', status: 'queued', commands: ['cancel'] },
    ],
  });
  const viaAgui = await run(['send', 'cancel', 'task-breakdown.json/T2', `agui:${url}/agui`], {
    cwd: home,
    env,
  });
  expect(viaAgui).toMatchObject({ code: 0, stderr: expect.stringContaining('is now cancelled') });
  const viaServer = await run(['send', 'retry', 'T2', url], { cwd: home, env });
  expect(viaServer).toMatchObject({ code: 0, stderr: expect.stringContaining('is now queued') });
  const stranger = await run(['send', 'cancel', 'task-breakdown.json/T2', url], { cwd: home });
  expect(stranger).toMatchObject({ code: 1, stderr: expect.stringContaining('TASKGLASS_TOKEN') });

  server.process.kill('SIGINT');
  const { code, stdout, stderr } = await server.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: `${url}\n` });
  expect(stderr).toMatch(/^taskglass: serve: cancel: Task number 2 \(asked by .+\)\n/);
  expect(stderr).not.toContain(TOKEN);
});

it('says what to do where its port is taken, or none', async () => {
  const { port } = new URL(url);
  expect(await run(['serve', 'task-breakdown.json', '--port', port], { cwd: home })).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `taskglass: serve: 127.0.0.1:${port} is taken (choose another with --port, or 0 for any)\n`,
  });
  expect((await run(['serve', '--port', 'x'], { cwd: home })).stderr).toContain('--port x is no port');
});

it('takes no commands where it is read-only, and tells of no token', async () => {
  const other = start(['serve', 'task-breakdown.json', '--port', '0', '--read-only'], { cwd: home });
  const lines = createInterface({ input: other.process.stdout as Readable });
  const address = await new Promise<string>((resolve) => lines.once('line', resolve));
  const sent = await run(['send', 'cancel', 'task-breakdown.json/T1', address], {
    cwd: home,
    env: { TASKGLASS_TOKEN: TOKEN },
  });
  expect(sent).toMatchObject({ code: 1, stderr: 'taskglass: cancel: the server is read-only\n' });
  other.process.kill('SIGTERM');
  expect((await other.ended).stderr).toBe('');
});

it('makes a token of its own where none is given, and tells it once', async () => {
  const other = start(['serve', 'task-breakdown.json', '--port', '0'], { cwd: home });
  const lines = createInterface({ input: other.process.stdout as Readable });
  await new Promise((resolve) => lines.once('line', resolve));
  other.process.kill('SIGTERM');
  const { code, stderr } = await other.ended;
  expect(code).toBe(143);
  expect(stderr).toMatch(
    /^taskglass: serve: for commands, whoever attaches needs TASKGLASS_TOKEN=[\w-]{22}\n$/,
  );
});
