import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runHere } from '../../helpers/console.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let server: Server;
let address: string;
const received: { title: string; test: boolean }[] = [];

beforeEach(async () => {
  directory = await temporaryDirectory();
  received.length = 0;
  server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    received.push(JSON.parse(body));
    response.writeHead(request.url === '/refuses' ? 403 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await directory[Symbol.asyncDispose]();
});

/** Writes the board on which a session works at one task. */
async function setBoard(status: string): Promise<void> {
  const session = { sessionId: 's1', status, notes: status === 'needs_input' ? 'Which region?' : '' };
  const task = { id: 'T1', title: 'Deploy', status: 'inprogress', sessionProgress: [session] };
  const file = directory.file('board.json');
  await writeFile(`${file}.new`, JSON.stringify({ tasks: [task] }));
  await rename(`${file}.new`, file);
}

describe('taskglass watch', () => {
  it('notifies of a board, prints a line each, and ends with its signal', async () => {
    await setBoard('working');
    const ending = new AbortController();
    const args = [
      'watch',
      'board.json',
      '--notify',
      `webhook:${address}/?secret`,
      '--notify-after',
      '0',
      '--notify',
      'osc',
    ];
    const watching = runHere(args, { cwd: directory.path, signal: ending.signal });
    // What it has not read yet is no news.
    for (let status = 'needs_input'; received.length === 0; ) {
      await setBoard(status);
      await new Promise((resolve) => setTimeout(resolve, 500));
      status = status === 'working' ? 'needs_input' : 'working';
    }
    expect(received).toMatchObject([{ title: 'Deploy needs input', test: false }]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    ending.abort('SIGTERM');
    const { code, stdout, stderr } = await watching;
    expect(code).toBe(143);
    expect(stdout).toMatch(
      /^\S+Z webhook:http:\/\/127\.0\.0\.1:\d+\/… arrived: Deploy needs input · Which region\? · board\.json\n$/u,
    );
    expect(stderr).toContain('watch: osc needs a terminal: left out');
    expect(stderr).not.toContain('secret');
  });

  it('tells what the last words of a pipe were', async () => {
    const task = (status: string) =>
      JSON.stringify({
        activeTasks: [{ taskId: 'a', taskName: 'Build', status, steps: [] }],
        recentCompletions: [],
      });
    const input = `${task('running')}\n${task('failed')}\n`;
    const args = ['watch', '-', '--notify', `webhook:${address}`, '--notify-after', '0'];
    const { code, stdout } = await runHere(args, { cwd: directory.path, input });
    expect({ code, lines: stdout.split('\n').length }).toEqual({ code: 0, lines: 2 });
    expect(received).toMatchObject([{ title: 'Build failed' }]);
  });

  it('does not run for nobody', async () => {
    const { code, stderr } = await runHere(['watch', '--notify', 'title'], { cwd: directory.path });
    expect(code).toBe(2);
    expect(stderr).toContain('watch: title needs the view: left out');
    expect(stderr).toContain('watch: nobody would be notified (say how: taskglass watch --notify ntfy:TOPIC');
  });
});

describe('taskglass notify --test', () => {
  it('says of each channel whether it arrived, and what stands in the way', async () => {
    const args = [
      'notify',
      '--test',
      `webhook:${address}/?secret`,
      `webhook:${address}/refuses`,
      'bell',
      'exec:exit 3',
    ];
    const { code, stdout } = await runHere(args, { cwd: directory.path });
    expect(code).toBe(1);
    expect(stdout.replaceAll(address, 'URL').split('\n')).toEqual([
      'webhook:URL/…: arrived',
      'webhook:URL/…: failed (webhook: URL/… answered 403 (check its token or headers))',
      'bell: not sent',
      '  bell: standard output is not a terminal that supports this (use it in the view, in a terminal)',
      'exec:exit …: failed (exec: the command ended with 3)',
      '',
    ]);
    expect(received.map(({ test }) => test)).toEqual([true, true]);
  });

  it('takes what is configured', async () => {
    await mkdir(directory.file('own'));
    const file = directory.file('own/config.json');
    await writeFile(file, JSON.stringify({ notify: [{ channel: 'exec', command: ['true'] }] }));
    const { code, stdout } = await runHere(['notify', '--test'], {
      cwd: directory.path,
      env: { PATH: process.env.PATH ?? '', TASKGLASS_HOME: directory.file('own') },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'exec:true: arrived\n' });
  });

  it.each([
    [['notify'], 'there is nothing to do without --test'],
    [['notify', '--test'], 'no channel is configured, and none is named'],
    [['notify', '--test', 'beep'], 'a channel must be one of bell, osc'],
  ])('refuses %j', async (args, said) => {
    const { code, stderr } = await runHere(args, { cwd: directory.path });
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });
});

describe('the systemd unit in the documentation', () => {
  const analyze = spawnSync('systemd-analyze', ['--version']);
  const page = readFileSync(new URL('../../../docs/notifications.md', import.meta.url), 'utf8');

  it.runIf(analyze.status === 0)('is one', async () => {
    const unit = /```ini\n(.*?)```/su.exec(page)?.[1] ?? '';
    const file = directory.file('taskglass-watch.service');
    await writeFile(file, unit.replace(/^ExecStart=\S+/mu, 'ExecStart=/bin/true'));
    const { stderr, stdout } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('taskglass-watch'))).toEqual([]);
  });
});
