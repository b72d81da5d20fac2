import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { TaskBreakdown } from '../../../src/sources/task-breakdown/breakdown.ts';
import { createTaskBreakdownSource } from '../../../src/sources/task-breakdown/source.ts';
import { createBreakdownTools } from '../../../src/sources/task-breakdown/tools.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { commandContext } from '../source-contract.ts';

const EIGHT = new Date(2026, 10, 21, 8, 0, 0).getTime();

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;
let clock: FakeClock;
let breakdown: TaskBreakdown;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = directory.file('architecture/task-breakdown.json');
  clock = createFakeClock(EIGHT);
  breakdown = new TaskBreakdown(path, { clock });
});
afterEach(() => directory[Symbol.asyncDispose]());

const writeThree = () =>
  breakdown.writeTaskList([
    { id: 'T1', description: 'Setup DB', module: 'db', priority: 2 },
    { id: 'T2', description: 'Create models', priority: 1, dependencies: ['T1'], team: 'red' },
    { id: 'T3', description: 'Write docs', priority: 3 },
  ]);
const taskOf = async (id: string) =>
  (await breakdown.readTaskBreakdown()).tasks.find((task) => task.id === id);
const statuses = async () =>
  (await breakdown.readTaskBreakdown()).tasks.map((task) => `${task.id} ${task.status}`);

describe('a task breakdown', () => {
  it('is written with its status fields, in directories made for it', async () => {
    await writeThree();
    const document = JSON.parse(await readFile(path, 'utf8'));
    expect(document).toMatchObject({ generated_at: '2026-11-21T08:00:00.000000', total_tasks: 3 });
    expect(document.tasks[1]).toEqual({
      id: 'T2',
      description: 'Create models',
      priority: 1,
      dependencies: ['T1'],
      team: 'red',
      status: 'pending',
      started_at: null,
      completed_at: null,
      result: null,
      attempts: 0,
      notes: [],
    });
  });

  it('keeps the status fields that a task brings along', async () => {
    await breakdown.writeTaskList([
      { id: 'T1', description: 'x', status: 'completed', attempts: 3, elapsed_ms: 5 },
    ]);
    expect(JSON.parse(await readFile(path, 'utf8')).tasks[0]).toMatchObject({
      status: 'completed',
      attempts: 3,
    });
    expect(await readFile(path, 'utf8')).not.toContain('elapsed_ms');
  });

  it('is refused with an id twice, and with dependencies in a circle', async () => {
    const task = (id: string, ...dependencies: string[]) => ({ id, description: id, dependencies });
    await expect(breakdown.writeTaskList([task('A'), task('A')])).rejects.toThrow(
      'the id "A" is empty or occurs twice',
    );
    await expect(
      breakdown.writeTaskList([task('A'), task('B', 'D'), task('C', 'B'), task('D', 'C', 'A')]),
    ).rejects.toThrow('circular dependencies: B → D → C → B');
    await expect(
      breakdown.writeTaskList([{ id: 7 as unknown as string, description: 'x' }, task('7')]),
    ).rejects.toThrow('the id "7" is empty or occurs twice');
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('is changed before a program ends that waits for its turn', async () => {
    await writeThree();
    await writeFile(`${path}.lock`, 'somebody else');
    const program = `
      import { rmSync } from 'node:fs';
      import { TaskBreakdown } from ${JSON.stringify(new URL('../../../src/sources/task-breakdown/breakdown.ts', import.meta.url).href)};
      setTimeout(() => rmSync(process.argv[1] + '.lock'), 200).unref();
      await new TaskBreakdown(process.argv[1]).markTaskStatus('T1', 'completed');`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program, path]);
    expect(await statuses()).toContain('T1 completed');
  });

  it('may hold a chain as long as its list', async () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => ({
      id: `T${index}`,
      description: 'one of many',
      dependencies: index === 19_999 ? [] : [`T${index + 1}`],
    }));
    await breakdown.writeTaskList(chain);
    expect(await breakdown.getNextTask()).toMatchObject({ id: 'T19999' });
  });

  it('is read with its counts', async () => {
    await writeThree();
    await breakdown.markTaskStatus('T3', 'in_progress');
    clock.advance(90_000);
    const { tasks, ...counts } = await breakdown.readTaskBreakdown();
    expect(counts).toEqual({
      total_tasks: 3,
      pending_count: 2,
      in_progress_count: 1,
      completed_count: 0,
      failed_count: 0,
      blocked_count: 1,
      percentage: 0,
    });
    expect(tasks.map(({ elapsed_ms }) => elapsed_ms)).toEqual([null, null, 90_000]);
    await breakdown.markTaskStatus('T3', 'completed');
    clock.advance(90_000);
    expect(await breakdown.readTaskBreakdown()).toMatchObject({ percentage: 33.3 });
    expect(await taskOf('T3')).toMatchObject({ elapsed_ms: 90_000 });
  });

  it('gives the next task by dependencies, then by priority', async () => {
    await writeThree();
    const next = async (skipDependencies = false) => (await breakdown.getNextTask({ skipDependencies }))?.id;
    expect(await next()).toBe('T1');
    expect(await next(true)).toBe('T2');
    await breakdown.markTaskStatus('T1', 'completed');
    expect(await next()).toBe('T2');
    await breakdown.markTaskStatus('T2', 'failed');
    expect(await next()).toBe('T3');
    await breakdown.markTaskStatus('T3', 'in_progress');
    expect(await breakdown.getNextTask()).toBeNull();
  });

  it('is moved as its original moves it', async () => {
    await writeThree();
    await breakdown.markTaskStatus('T1', 'in_progress', { notes: 'Starting' });
    expect(await taskOf('T1')).toMatchObject({
      status: 'in_progress',
      started_at: '2026-11-21T08:00:00.000000',
      completed_at: null,
      attempts: 1,
      notes: [{ timestamp: '2026-11-21T08:00:00.000000', note: 'Starting' }],
      status_updated_at: '2026-11-21T08:00:00.000000',
    });
    clock.advance(1_000);
    await breakdown.markTaskStatus('T1', 'failed', {
      result: 'no network',
      failureDetails: 'Error: x\n at y',
    });
    clock.advance(1_000);
    await breakdown.markTaskStatus('T1', 'pending');
    await breakdown.markTaskStatus('T1', 'in_progress');
    await breakdown.markTaskStatus('T1', 'in_progress');
    expect(await taskOf('T1')).toMatchObject({
      status: 'in_progress',
      started_at: '2026-11-21T08:00:00.000000',
      completed_at: '2026-11-21T08:00:01.000000',
      result: 'no network',
      failure_details: 'Error: x\n at y',
      attempts: 3,
      status_updated_at: '2026-11-21T08:00:02.000000',
    });
  });

  it('refuses what is no status, and a task it does not have', async () => {
    await writeThree();
    const before = await readFile(path, 'utf8');
    await expect(breakdown.markTaskStatus('T1', 'done' as 'completed')).rejects.toThrow(
      'invalid status "done": must be pending, in_progress, completed, failed',
    );
    await expect(breakdown.markTaskStatus('T9', 'completed')).rejects.toThrow(`${path} has no task T9`);
    await expect(new TaskBreakdown(directory.file('gone.json')).readTaskBreakdown()).rejects.toThrow(
      `there is no ${directory.file('gone.json')}`,
    );
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('changes several tasks or none', async () => {
    await writeThree();
    await expect(
      breakdown.markTaskStatuses([
        { taskId: 'T1', status: 'completed' },
        { taskId: 'T9', status: 'completed' },
      ]),
    ).rejects.toThrow('has no task T9');
    expect(await statuses()).toEqual(['T1 pending', 'T2 pending', 'T3 pending']);
    await breakdown.markTaskStatuses([
      { taskId: 'T1', status: 'completed' },
      { taskId: 'T2', status: 'in_progress' },
    ]);
    expect(await statuses()).toEqual(['T1 completed', 'T2 in_progress', 'T3 pending']);
  });

  it('takes updates of any key but id and status', async () => {
    await writeThree();
    await breakdown.updateTask('T1', { priority: 9, dependencies: ['T3'], assignee: 'me' });
    expect(await taskOf('T1')).toMatchObject({
      priority: 9,
      dependencies: ['T3'],
      assignee: 'me',
      updated_at: '2026-11-21T08:00:00.000000',
    });
    for (const [updates, words] of [
      [{ status: 'completed' }, 'status cannot be changed by an update'],
      [{ id: 'T7' }, 'id cannot be changed by an update'],
      [{ priority: 'high' }, 'priority must be a number'],
      [{ dependencies: 'T1' }, 'dependencies must be a list of task ids'],
      [{ dependencies: ['T2'] }, 'circular dependencies: T1 → T2 → T1'],
    ] as const)
      await expect(breakdown.updateTask('T1', updates)).rejects.toThrow(words);
    expect(await taskOf('T1')).toMatchObject({ dependencies: ['T3'] });
  });

  it('puts back what a crash interrupted', async () => {
    await writeThree();
    await breakdown.markTaskStatuses([
      { taskId: 'T1', status: 'in_progress' },
      { taskId: 'T3', status: 'in_progress' },
    ]);
    const resumed = new TaskBreakdown(path, { clock });
    expect(await resumed.resetInterrupted()).toEqual(['T1', 'T3']);
    expect(await statuses()).toEqual(['T1 pending', 'T2 pending', 'T3 pending']);
    expect((await taskOf('T1'))?.notes).toEqual([
      { timestamp: '2026-11-21T08:00:00.000000', note: 'Reset after interruption' },
    ]);
    expect(await resumed.resetInterrupted()).toEqual([]);
  });

  it('keeps the history of every move beside the file, those of a view too', async () => {
    await writeThree();
    await breakdown.markTaskStatus('T1', 'in_progress', { notes: 'go' });
    await createTaskBreakdownSource({ id: sourceId('s'), path, clock }).commands.cancel?.(
      'T1',
      commandContext(),
    );
    await breakdown.markTaskStatus('T3', 'completed', { result: 'ok' });
    const at = '2026-11-21T08:00:00.000000';
    expect(await breakdown.getTaskHistory()).toEqual([
      { at, task_id: 'T1', from: 'pending', to: 'in_progress', attempts: 1, note: 'go' },
      {
        at,
        task_id: 'T1',
        from: 'in_progress',
        to: 'failed',
        attempts: 1,
        result: 'Cancelled',
        note: expect.stringMatching(/^Cancelled by /u),
      },
      { at, task_id: 'T3', from: 'pending', to: 'completed', attempts: 0, result: 'ok' },
    ]);
    expect(await breakdown.getTaskHistory('T3')).toHaveLength(1);
    expect(JSON.parse(await readFile(path, 'utf8'))).not.toHaveProperty('history');
  });

  it('loses nothing of many changes at once, from two instances', async () => {
    const tasks = Array.from({ length: 20 }, (_, i) => ({ id: `T${i}`, description: 'x' }));
    breakdown = new TaskBreakdown(path);
    await breakdown.writeTaskList(tasks);
    const other = new TaskBreakdown(path);
    await Promise.all(
      tasks.map(({ id }, i) => (i % 2 ? breakdown : other).markTaskStatus(id, 'completed', { result: id })),
    );
    expect(await breakdown.readTaskBreakdown()).toMatchObject({ completed_count: 20, percentage: 100 });
    expect(await breakdown.getTaskHistory()).toHaveLength(20);
  });

  it.runIf(hasSharedFixtures)('leaves the rest of a recorded file as it was', async () => {
    await writeThree();
    const before = sharedFixture('jetbox/run-07.json');
    await writeFile(path, before);
    await breakdown.markTaskStatus('T4', 'completed', { result: 'done' });
    const lines = new Set(before.split('\n'));
    expect((await readFile(path, 'utf8')).split('\n').filter((line) => !lines.has(line))).toEqual([
      '      "completed_at": "2026-11-21T08:00:00.000000",',
      '      "result": "done",',
      '      "status_updated_at": "2026-11-21T08:00:00.000000",',
    ]);
  });
});

describe('the tools of an agent', () => {
  it('are defined by JSON Schemas', () => {
    const { definitions } = createBreakdownTools(breakdown);
    expect(definitions.map(({ function: { name } }) => name)).toEqual([
      'write_task_list',
      'read_task_breakdown',
      'get_next_task',
      'mark_task_status',
      'mark_task_statuses',
      'update_task',
      'update_tasks',
      'reset_interrupted',
      'get_task_history',
    ]);
    expect(definitions[3]?.function.parameters).toMatchObject({
      type: 'object',
      properties: {
        task_id: { type: 'string' },
        status: { type: 'string', enum: ['pending', 'in_progress', 'completed', 'failed'] },
      },
      required: ['task_id', 'status'],
    });
    expect(JSON.parse(JSON.stringify(definitions))).toEqual(definitions);
  });

  it('carry an agent through a breakdown', async () => {
    const { call } = createBreakdownTools(breakdown);
    const tasks = [
      { id: 'T1', description: 'Setup DB', owner: 'me' },
      { id: 'T2', description: 'Create models', dependencies: ['T1'] },
    ];
    expect(await call('write_task_list', JSON.stringify({ tasks }))).toEqual({
      status: 'success',
      message: '2 tasks written',
      total_tasks: 2,
    });
    expect(await call('get_next_task', '')).toMatchObject({
      status: 'success',
      message: 'Next task: T1 - Setup DB',
      task: { id: 'T1', owner: 'me' },
    });
    expect(await call('mark_task_status', { task_id: 'T1', status: 'in_progress' })).toEqual({
      status: 'success',
      message: 'Task T1 marked as in_progress',
      task_id: 'T1',
      new_status: 'in_progress',
    });
    await call('mark_task_statuses', { changes: [{ task_id: 'T1', status: 'completed', result: 'ok' }] });
    await call('update_task', { task_id: 'T2', updates: { priority: 1 } });
    await call('update_tasks', { changes: [{ task_id: 'T2', updates: { estimated_complexity: 'low' } }] });
    expect(await call('read_task_breakdown', null)).toMatchObject({
      status: 'success',
      message: '1 of 2 tasks are completed',
      percentage: 50,
      tasks: [{ result: 'ok' }, { priority: 1, estimated_complexity: 'low' }],
    });
    await call('mark_task_status', { task_id: 'T2', status: 'in_progress' });
    expect(await call('reset_interrupted', {})).toMatchObject({ task_ids: ['T2'] });
    expect(await call('get_task_history', { task_id: 'T1' })).toMatchObject({ message: '2 changes' });
    expect(await call('get_next_task', { skip_dependencies: true })).toMatchObject({ task: { id: 'T2' } });
    await call('mark_task_status', { task_id: 'T2', status: 'failed', failure_details: 'Error: x' });
    expect(await call('get_next_task', {})).toMatchObject({ status: 'success', task: null });
  });

  it('answer with an error to whatever makes no sense', async () => {
    const { call } = createBreakdownTools(breakdown);
    expect(await call('make_coffee', {})).toMatchObject({
      status: 'error',
      message: expect.stringContaining('unknown tool make_coffee: there are write_task_list, '),
    });
    expect(await call(undefined as unknown as string, {})).toMatchObject({ status: 'error' });
    expect(await call('read_task_breakdown', {})).toEqual({
      status: 'error',
      message: `there is no ${path} (it appears as soon as something writes it)`,
    });
    await writeThree();
    for (const [args, words] of [
      ['{"task_id": ', 'the arguments are not JSON: it ends too early'],
      [{ task_id: 'T1', status: 'done' }, 'status'],
      [7, 'expected object'],
      [{ task_id: 'T9', status: 'failed' }, 'has no task T9'],
    ] as const)
      expect(await call('mark_task_status', args)).toMatchObject({
        status: 'error',
        message: expect.stringContaining(words),
      });
  });
});
