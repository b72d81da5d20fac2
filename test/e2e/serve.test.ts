import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
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

/** What a server says first: its address. */
function firstLine({ process: { stdout } }: Running): Promise<string> {
  const lines = createInterface({ input: stdout as Readable });
  return new Promise((resolve) => lines.once('line', resolve));
}

const socketOf = (directory: string, address: string) =>
  path.join(directory, '.home', 'run', `serve-${new URL(address).port}.sock`);

/** The server's machine; the laptop reaches it through a forwarded port, as `ssh -L` makes one. */
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'serve-'));
  await writeTasks('in_progress', 'pending');
  server = start(['serve', 'task-breakdown.json', '--port', '0'], {
    cwd: home,
    env: { TASKGLASS_TOKEN: TOKEN },
  });
  url = await firstLine(server);
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

it('can be asked by scripts of its user, through both of its doors, without a token, and ends as it is told', async () => {
  const snapshot = await run([url, '--once', '--json'], { cwd: home });
  expect(JSON.parse(snapshot.stdout)).toMatchObject({
    sources: [{ kind: 'attach', status: 'live', peers: [{ where: 'task-breakdown.json', status: 'live' }] }],
    tasks: [
      { nativeId: 'task-breakdown.json/T1', status: 'running', labels: { source: 'task-breakdown.json' } },
      { nativeId: 'task-breakdown.json/T2', status: 'queued', commands: ['cancel'] },
    ],
  });
  const viaAgui = await run(['send', 'cancel', 'task-breakdown.json/T2', `agui:${url}/agui`], { cwd: home });
  expect(viaAgui).toMatchObject({ code: 0, stderr: expect.stringContaining('is now cancelled') });
  const viaServer = await run(['send', 'retry', 'T2', url.replace('127.0.0.1', 'localhost')], { cwd: home });
  expect(viaServer).toMatchObject({ code: 0, stderr: expect.stringContaining('is now queued') });

  server.process.kill('SIGINT');
  const { code, stdout, stderr } = await server.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: `${url}\n` });
  expect(stderr).toMatch(/^taskglass: serve: cancel: Task number 2 \(asked by .+\)\n/);
  expect(stderr).not.toContain(TOKEN);
  await expect(stat(socketOf(home, url))).rejects.toThrow('ENOENT');
});

it('lets nobody else look, and says what to do, with and without a token', async () => {
  const elsewhere = { TASKGLASS_HOME: path.join(home, 'laptop') };
  const look = (env: NodeJS.ProcessEnv) => run([url, '--once'], { cwd: home, env: { ...elsewhere, ...env } });
  const [none, wrong, right] = await Promise.all([
    look({}),
    look({ TASKGLASS_TOKEN: 'guess' }),
    look({ TASKGLASS_TOKEN: TOKEN }),
  ]);
  expect(none).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(
      '/events needs its token (attach in a terminal to be asked for it, or set TASKGLASS_TOKEN_FILE',
    ),
  });
  expect(wrong).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('does not accept the token that was sent'),
  });
  expect(right.code).toBe(0);

  const file = path.join(home, 'token');
  await writeFile(file, `${TOKEN}\n`, { mode: 0o600 });
  expect((await look({ TASKGLASS_TOKEN_FILE: 'token' })).code).toBe(0);
  await chmod(file, 0o644);
  expect(await look({ TASKGLASS_TOKEN_FILE: 'token' })).toMatchObject({
    code: 2,
    stderr: `taskglass: TASKGLASS_TOKEN_FILE (${file}) is not used: it can be read by others (chmod 600 ${file})\n`,
  });
});

it('opens a socket for its user alone', async () => {
  const socket = socketOf(home, url);
  const { mode, uid } = await stat(socket);
  expect([mode & 0o777, uid]).toEqual([0o600, process.getuid?.()]);
  expect((await stat(path.dirname(socket))).mode & 0o777).toBe(0o700);
});

it('replaces a socket that a killed server left behind', async () => {
  const { port } = new URL(url);
  server.process.kill('SIGKILL');
  await server.ended;
  expect((await stat(socketOf(home, url))).isSocket()).toBe(true);
  expect(await run([url, '--once', '--wait', '1'], { cwd: home })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('nothing is listening there'),
  });
  server = start(['serve', 'task-breakdown.json', '--port', port], { cwd: home });
  await firstLine(server);
  expect((await run([url, '--once'], { cwd: home })).code).toBe(0);
});

it('says what to do where its port is taken, or none', async () => {
  const { port } = new URL(url);
  expect(await run(['serve', 'task-breakdown.json', '--port', port], { cwd: home })).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `taskglass: serve: 127.0.0.1:${port} is taken (choose another with --port, or 0 for any)\n`,
  });
  expect((await run(['serve', '--port', 'x'], { cwd: home })).stderr).toContain('--port x is not a port');
});

it('takes no commands where it is read-only', async () => {
  const other = start(['serve', 'task-breakdown.json', '--port', '0', '--read-only'], { cwd: home });
  const address = await firstLine(other);
  const sent = await run(['send', 'cancel', 'task-breakdown.json/T1', address], { cwd: home });
  expect(sent).toMatchObject({ code: 1, stderr: 'taskglass: cancel: the server is read-only\n' });
  other.process.kill('SIGTERM');
  await other.ended;
});

it('lets everybody look where it is told to, and nobody act', async () => {
  const other = start(['serve', 'task-breakdown.json', '--port', '0', '--open'], { cwd: home });
  const address = await firstLine(other);
  const elsewhere = { cwd: home, env: { TASKGLASS_HOME: path.join(home, 'laptop') } };
  expect((await run([address, '--once'], elsewhere)).code).toBe(0);
  const sent = await run(['send', 'cancel', 'task-breakdown.json/T1', address], elsewhere);
  expect(sent).toMatchObject({ code: 1, stderr: expect.stringContaining('TASKGLASS_TOKEN_FILE') });
  other.process.kill('SIGTERM');
  await other.ended;
});

it('keeps the token of its port for its owner alone, says where, and takes the same one again', async () => {
  const { port } = new URL(url);
  server.process.kill('SIGTERM');
  await server.ended;
  const tokens: string[] = [];
  for (let start_ = 0; start_ < 2; start_ += 1) {
    server = start(['serve', 'task-breakdown.json', '--port', port], { cwd: home });
    await firstLine(server);
    const file = path.join(home, '.home', 'tokens', `serve-${port}`);
    const token = (await readFile(file, 'utf8')).trim();
    tokens.push(token);
    expect(token).toMatch(/^[\w-]{22}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${url}/snapshot`, { headers })).status).toBe(200);
    server.process.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    expect(code).toBe(143);
    expect(stderr).toBe(`taskglass: serve: to attach from elsewhere, use the token in ${file}\n`);
  }
  expect(tokens[0]).toBe(tokens[1]);
});

it('forgets the token of a port that the system picked', async () => {
  const other = start(['serve', 'task-breakdown.json', '--port', '0'], { cwd: home });
  const { port } = new URL(await firstLine(other));
  const file = path.join(home, '.home', 'tokens', `serve-${port}`);
  expect((await stat(file)).isFile()).toBe(true);
  other.process.kill('SIGTERM');
  await other.ended;
  await expect(stat(file)).rejects.toThrow('ENOENT');
});

it('is asked for its token once in a terminal, and remembers it', async () => {
  const address = `http://127.0.0.1:${gate.port}`;
  const laptop = { TASKGLASS_HOME: path.join(home, 'laptop') };
  terminal = openTerminal(process.execPath, [PROGRAM, address], { cwd: tmpdir(), env: laptop });
  await terminal.until(`token of ${address}`);
  terminal.type('guess\r');
  await terminal.until(/does not accept this token.*token of/su);
  terminal.type(`${TOKEN}\r`);
  await terminal.until('Task number 1');
  expect(terminal.screen()).not.toContain(TOKEN);
  terminal.type('q');
  await terminal.exitCode;
  expect((await run([address, '--once'], { cwd: home, env: laptop })).code).toBe(0);
  const kept = await readdir(path.join(home, 'laptop', 'tokens'));
  expect(kept).toHaveLength(1);
  expect((await stat(path.join(home, 'laptop', 'tokens', `${kept[0]}`))).mode & 0o777).toBe(0o600);
});

it.each(['/team/agui', '/team/run/'])(
  'an agent at %s is asked for its token neither at itself nor at the root of its host',
  async (page) => {
    const asked: string[] = [];
    const agents = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(401).end();
    });
    await once(agents.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void agents.close());
    const address = `http://127.0.0.1:${(agents.address() as AddressInfo).port}${page}`;
    const env = { TASKGLASS_HOME: path.join(home, 'laptop') };
    terminal = openTerminal(process.execPath, [PROGRAM, `agui:${address}`], { cwd: tmpdir(), env });
    await terminal.until('token of');
    expect(asked).toEqual(['/team/']);
    terminal.type('\u0003');
    await terminal.exitCode;
  },
);

it('ends at Ctrl-C where it asks, as anywhere', async () => {
  const address = `http://127.0.0.1:${gate.port}`;
  const env = { TASKGLASS_HOME: path.join(home, 'laptop') };
  terminal = openTerminal(process.execPath, [PROGRAM, address], { cwd: tmpdir(), env });
  await terminal.until(`token of ${address}`);
  terminal.type('\u0003');
  expect(await terminal.exitCode).toBe(130);
  expect(terminal.output).not.toContain('\u001b[?1049h');
});
