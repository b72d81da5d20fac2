import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let client: Client | null;
beforeEach(async () => {
  directory = await temporaryDirectory();
  client = null;
});
afterEach(async () => {
  await client?.close();
  await directory[Symbol.asyncDispose]();
});

/** Connects the protocol's own client to `taskglass mcp …args`. */
async function connect(...args: string[]): Promise<(name: string, given?: object) => Promise<Told>> {
  const opened = new Client({ name: 'test', version: '1' });
  const env = { ...process.env, TASKGLASS_HOME: directory.file('home') } as Record<string, string>;
  const words = [PROGRAM, 'mcp', ...args];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: words,
    cwd: directory.path,
    env,
  });
  await opened.connect(transport);
  client = opened;
  return async (name, given = {}) => {
    const { content, isError, structuredContent } = await opened.callTool({ name, arguments: { ...given } });
    const [first] = content as { text: string }[];
    return { error: isError ? first?.text : undefined, ...(structuredContent as object) } as Told;
  };
}

type Told = Record<string, unknown> & {
  error?: string;
  id: string;
  status: string;
  tasks: Record<string, unknown>[];
  lines: string[];
};

async function tools(): Promise<string[]> {
  const { tools: listed } = (await client?.listTools()) ?? { tools: [] };
  return listed.map(({ name }) => name).sort();
}

describe('taskglass mcp, asked by the protocol’s own client', () => {
  it('runs a command, waits for its end, and tells what it printed', async () => {
    const call = await connect();
    expect(await tools()).toEqual([
      'answer',
      'cancel',
      'get_log',
      'get_task',
      'list_tasks',
      'run',
      'wait_for',
    ]);
    const script = 'echo hashed; echo "stuck: 3 files" >&2; exit 3';
    const started = await call('run', { command: ['sh', '-c', script], name: 'Hash' });
    expect(started.id).toEqual(expect.any(String));
    const waited = await call('wait_for', { ids: [started.id] });
    expect(waited).toMatchObject({ reached: true, tasks: [{ name: 'Hash', status: 'failed' }] });
    expect(waited).not.toHaveProperty('check_again_in');
    expect((await call('get_log', { id: started.id })).lines).toEqual(
      expect.arrayContaining(['hashed', 'stuck: 3 files']),
    );
    expect((await call('get_log', { id: started.id, grep: '^stuck' })).lines).toEqual(['stuck: 3 files']);
    expect(await call('list_tasks', { filter: 'status:failed' })).toMatchObject({
      counts: { failed: 1, review: 0 },
      tasks: [{ name: 'Hash' }],
      left_out: 0,
    });
    expect(await call('get_task', { id: 'Hash' })).toMatchObject({ status: 'failed', check_again_in: 0 });
  });

  it('says when to look again, and cancels', async () => {
    const call = await connect();
    const { id } = await call('run', { command: ['sleep', '100'] });
    const waited = await call('wait_for', { ids: [id], timeout_s: 0.2 });
    expect(waited).toMatchObject({ reached: false, tasks: [{ status: 'running' }] });
    expect(waited.check_again_in).toBeGreaterThan(0);
    expect(await call('cancel', { id })).toMatchObject({ status: 'cancelled' });
    expect((await call('cancel', { id })).error).toContain('not possible while the task is cancelled');
  });

  it('answers a question, and says why it cannot', async () => {
    const asking = {
      sessionId: 's1',
      status: 'needs_input',
      lastUpdated: '2026-11-21T08:00:00Z',
      notes: 'Which?',
    };
    const board = [{ id: 'T1', title: 'Paint', status: 'todo', sessionProgress: [asking] }];
    await writeFile(join(directory.path, 'board.json'), JSON.stringify(board));
    const call = await connect('board.json');
    expect(await call('wait_for', { ids: ['Paint'] })).toMatchObject({
      reached: true,
      tasks: [{ status: 'needs-input', question: { text: 'Which?' } }],
    });
    expect(await call('answer', { id: 'T1', text: 'Blue' })).toMatchObject({ reason: 'answered: Blue' });
    expect((await call('answer', { id: 'T1', text: 'Red' })).error).toContain('it was answered already');
    expect((await call('get_task', { id: 'nothing' })).error).toContain('no task nothing');
    expect((await call('run', { command: ['no-such-program'] })).error).toContain('no-such-program');
  });

  it('offers only what changes nothing with --read-only', async () => {
    await connect('--read-only');
    expect(await tools()).toEqual(['get_log', 'get_task', 'list_tasks', 'wait_for']);
  });
});
