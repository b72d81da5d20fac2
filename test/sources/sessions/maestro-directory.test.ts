import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceId } from '../../../src/model/id.ts';
import { createMaestroDirectorySource } from '../../../src/sources/sessions/maestro-directory.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { startMaestroServer } from '../../helpers/maestro-server.ts';
import { hasSharedFixtures, sharedFixturePath } from '../../helpers/shared-fixtures.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import {
  commandContext,
  describeSourceContract,
  openView,
  type View,
  type WorldStatus,
} from '../source-contract.ts';

const WORDS: Record<WorldStatus, object> = {
  queued: { status: 'todo' },
  running: { status: 'in_progress', taskSessionStatuses: { s1: 'working' } },
  completed: { status: 'completed', taskSessionStatuses: { s1: 'completed' } },
  failed: { status: 'todo', taskSessionStatuses: { s1: 'failed' } },
};

/** As the program writes: one line, beside the file, renamed. */
async function put(path: string, document: unknown): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(`${path}.0a1b2c3d.tmp`, JSON.stringify(document));
  await rename(`${path}.0a1b2c3d.tmp`, path);
}

describeSourceContract('the Maestro directory source', async () => {
  const directory = await temporaryDirectory();
  const data = directory.file('data');
  const taskFile = (id: string) => join(data, 'tasks', 'p1', `${id}.json`);
  await mkdir(join(data, 'tasks', 'p1'), { recursive: true });
  await mkdir(join(data, 'sessions'));
  let added = 0;
  return {
    source: createMaestroDirectorySource({ id: sourceId('maestro'), directory: data, clock: hurriedClock }),
    async add({ name, status }) {
      added += 1;
      const id = `task_${added}`;
      await put(taskFile(id), {
        id,
        projectId: 'p1',
        title: name,
        sessionIds: ['s1'],
        updatedAt: 1,
        ...WORDS[status],
      });
      return id;
    },
    async change(nativeId, status) {
      const task = JSON.parse(await readFile(taskFile(nativeId), 'utf8'));
      await put(taskFile(nativeId), { ...task, ...WORDS[status] });
    },
    remove: (nativeId) => rm(taskFile(nativeId)),
    breakDown: () => rename(data, `${data}.away`),
    mend: () => rename(`${data}.away`, data),
    obey: async () => {},
    async close() {
      await directory[Symbol.asyncDispose]();
    },
  };
});

describe('a Maestro data directory', { timeout: 30_000 }, () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let view: View | null;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    view = null;
  });
  afterEach(async () => {
    await view?.close();
    await directory[Symbol.asyncDispose]();
  });
  const sourceOf = (path: string) =>
    createMaestroDirectorySource({ id: sourceId('maestro'), directory: path, clock: hurriedClock });
  const open = async (path: string): Promise<View> => {
    view = openView(sourceOf(path));
    await view.live();
    return view;
  };

  it.runIf(hasSharedFixtures)('as a real server left it, compared by hand', async () => {
    const data = directory.file('data');
    await cp(sharedFixturePath('maestro/data-final'), data, { recursive: true });
    const { record, statuses, events } = await open(data);
    expect(statuses()).toEqual({
      task_1795247213641_fghhnesr2: 'running',
      task_1795247213666_q05ifm6jz: 'cancelled',
      task_1795247213698_rydmv8rhx: 'running',
      task_1795247213721_gsgi5t3ha: 'queued',
      task_1795247214271_vi7p6cmmy: 'queued',
    });
    expect(record().problem).toBeNull();
    const tasks = [...record().tasks.values()].map(({ task }) => task);
    expect(tasks.map(({ name }) => name)).toEqual([
      'Build the login page',
      'Add unit tests',
      'Deploy to staging',
      '(untitled)',
      'Write the README',
    ]);
    expect(tasks[0]).toMatchObject({
      startedAt: 1_795_247_214_359,
      userStatus: 'in_progress',
      labels: { project: 'Website rewrite', priority: 'high' },
      sessions: [
        { name: 'Worker 1', status: 'completed', updatedAt: 1_795_247_217_970, notes: 'Login page done' },
        { name: 'Worker 2', status: 'idle', notes: 'Started working on task' },
      ],
    });
    expect(tasks[0]?.notes.map(({ text }) => text)).toEqual([
      'Worker 1: Started working on task',
      'Worker 2: Started working on task',
      'Worker 1: Scaffolded the form',
      'Worker 1: OAuth callback wired',
      'Worker 1: Need API key',
      'Worker 1: Login page done',
    ]);
    expect(tasks[1]?.sessions).toMatchObject([
      { name: 'Worker 2', status: 'failed', notes: '3 tests failed: expected 200, got 500' },
    ]);
    expect(tasks[2]).toMatchObject({
      state: { status: 'running', reason: expect.stringMatching(/^ünïcode ✓ x/u) },
    });
    expect(JSON.stringify(events)).not.toContain('MAESTRO_SESSION_ID');
  });

  it('of an earlier version has its tasks side by side, and one word for all sessions', async () => {
    await put(directory.file('tasks/t1.json'), {
      id: 't1',
      title: 'A',
      status: 'todo',
      sessionIds: ['s1'],
      sessionStatus: 'blocked',
    });
    await put(directory.file('projects/p1.json'), { id: 'p1' });
    const { statuses } = await open(directory.path);
    expect(statuses()).toEqual({ t1: 'waiting' });
  });

  it('does not let a session that is gone work on anything', async () => {
    await put(directory.file('tasks/p/t1.json'), {
      id: 't1',
      status: 'todo',
      sessionIds: ['s1'],
      taskSessionStatuses: { s1: 'working' },
    });
    await put(directory.file('sessions/s1.json'), { id: 's1', status: 'stopped', env: { KEY: 'swordfish' } });
    const opened = await open(directory.path);
    expect(opened.task('t1')).toMatchObject({
      state: { status: 'queued' },
      sessions: [{ id: 's1', status: 'stopped' }],
    });
    expect(JSON.stringify(opened.events)).not.toContain('swordfish');
  });

  it('hides what the program made for itself, as soon as it is known', async () => {
    await put(directory.file('tasks/p/t1.json'), { id: 't1', projectId: 'p', title: 'A', status: 'todo' });
    await put(directory.file('tasks/p/t2.json'), { id: 't2', title: 'B', clientRequestId: 'system-voice' });
    await put(directory.file('tasks/q/t3.json'), { id: 't3', projectId: 'q', title: 'C', status: 'todo' });
    const { statuses } = await open(directory.path);
    expect(statuses()).toEqual({ t1: 'queued', t3: 'queued' });
    await put(directory.file('projects/q.json'), { id: 'q', isMaster: true });
    await eventually(() => expect(statuses()).toEqual({ t1: 'queued' }));
  });

  it('follows sessions and new projects', async () => {
    await put(directory.file('tasks/p/t1.json'), { id: 't1', status: 'in_progress', sessionIds: ['s1'] });
    const { statuses } = await open(directory.path);
    await put(directory.file('sessions/s1.json'), {
      id: 's1',
      status: 'working',
      needsInput: { active: true, message: 'Which colour?' },
    });
    await eventually(() => expect(statuses()).toEqual({ t1: 'needs-input' }));
    await put(directory.file('tasks/new/t2.json'), { id: 't2', status: 'todo' });
    await eventually(() => expect(statuses()).toEqual({ t1: 'needs-input', t2: 'queued' }));
  });

  it('keeps what a broken file held, says so, and recovers', async () => {
    const path = directory.file('tasks/p/t1.json');
    await put(path, { id: 't1', title: 'A', status: 'in_progress' });
    await put(directory.file('tasks/p/t2.json'), { id: 't2', title: 'B', status: 'todo' });
    const { record, statuses } = await open(directory.path);
    await writeFile(path, '{"id": "t1", ');
    await put(directory.file('tasks/p/t2.json'), [[[[1]]]]);
    await eventually(() => expect(record().problem?.message).toContain('t1.json is not valid JSON'));
    expect(record().status).toBe('live');
    await eventually(() => expect(statuses()).toEqual({ t1: 'running' }));
    await put(path, { id: 't1', title: 'A', status: 'completed' });
    await put(directory.file('tasks/p/t2.json'), { id: 't2', title: 'B', status: 'todo' });
    await eventually(() => expect(record().problem).toBeNull());
    expect(statuses()).toEqual({ t1: 'completed', t2: 'queued' });
  });

  it('without a server gets the user’s status as the program would write it', async () => {
    const path = directory.file('tasks/p/t1.json');
    const before = {
      id: 't1',
      title: 'Ä',
      status: 'todo',
      odd: { env: { KEY: 'x' } },
      updatedAt: 5,
      startedAt: null,
      completedAt: null,
    };
    await put(path, before);
    await writeFile(directory.file('server-url'), 'http://127.0.0.1:1');
    await open(directory.path);
    const { ino } = await stat(path);
    const { setStatus } = sourceOf(directory.path).commands;
    expect(await setStatus?.('t1', { ...commandContext(), argument: 'in_progress' })).toMatchObject({
      kind: 'refused',
    });

    const source = sourceOf(directory.path);
    await view?.close();
    view = openView(source);
    await view.live();
    expect(await source.commands.setStatus?.('t1', { ...commandContext(), argument: 'in_progress' })).toEqual(
      { kind: 'sent' },
    );
    await eventually(() => expect(view?.statuses().t1).toBe('running'));
    const text = await readFile(path, 'utf8');
    const { updatedAt, startedAt, ...rest } = JSON.parse(text);
    expect(rest).toEqual({
      id: 't1',
      title: 'Ä',
      status: 'in_progress',
      odd: { env: { KEY: 'x' } },
      completedAt: null,
    });
    expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(before));
    expect([updatedAt, startedAt].every((at) => at > 1_700_000_000_000)).toBe(true);
    expect(text).not.toContain('\n');
    expect((await stat(path)).ino).not.toBe(ino);
    expect(await readdir(directory.file('tasks/p'))).toEqual(['t1.json']);
  });

  it('is left to its server, if that is running', async () => {
    await using server = await startMaestroServer();
    server.put('task', { id: 't1', status: 'in_progress' });
    await put(directory.file('tasks/p/t1.json'), { id: 't1', status: 'in_progress' });
    await put(directory.file('tasks/p/t2.json'), { id: 't2', status: 'in_progress' });
    await writeFile(directory.file('server-url'), `${server.url}\n`);
    const source = sourceOf(directory.path);
    view = openView(source);
    await view.live();
    const { cancel } = source.commands;
    expect(await cancel?.('t1', commandContext())).toEqual({ kind: 'sent' });
    expect(server.tasks.get('t1')?.status).toBe('cancelled');
    expect(JSON.parse(await readFile(directory.file('tasks/p/t1.json'), 'utf8')).status).toBe('in_progress');

    expect(await cancel?.('t2', commandContext())).toEqual({ kind: 'sent' }); // another's server: it knows no t2
    await eventually(() => expect(view?.statuses().t2).toBe('cancelled'));
    server.mood = 'error';
    expect(await cancel?.('t1', commandContext())).toMatchObject({
      kind: 'refused',
      problem: { message: expect.stringContaining('answers 500') },
    });
  });

  it('that is not one says what is missing', async () => {
    view = openView(sourceOf(directory.path));
    await eventually(() =>
      expect(view?.record().problem?.message).toContain('is not a Maestro data directory'),
    );
  });
});
