import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TaskTrackingService } from '../../src/ledger/service.ts';
import { decodeTransfer, encodeTransfer } from '../../src/ledger/transfer-format.ts';
import { eventually } from '../helpers/eventually.ts';
import { refusalOf, stillClock, storyOf, temporaryLedger } from '../helpers/ledger.ts';

describe('registering', () => {
  test('fills in what is not said, and cleans what would reach a terminal', async () => {
    await using world = await temporaryLedger({ clock: stillClock() });
    const [record] = await world.ledger.register({
      id: 'a',
      name: 'Back\u001b[31m  up',
      owner: { team: 'ops' },
    });
    expect(record?.definition).toMatchObject({ id: 'a', name: 'Back up', priority: null, dependencies: [] });
    expect(record?.definition.extra).toEqual({ owner: { team: 'ops' } });
    expect(record?.status).toMatchObject({
      status: 'pending',
      run: 1,
      attempt: 1,
      version: 1,
      createdAt: 1_000_000,
    });
  });

  test('takes many at once, in any order, all or none', async () => {
    await using world = await temporaryLedger();
    await world.ledger.register([{ id: 'b', dependencies: ['a'] }, { id: 'a' }]);
    const refused = await refusalOf(world.ledger.register([{ id: 'c' }, { id: 'a' }]));
    expect(refused.code).toBe('known-task');
    expect((await world.ledger.query({ sort: 'id' })).map(({ definition }) => definition.id)).toEqual([
      'a',
      'b',
    ]);
  });

  test.each([
    [{ name: 'no id' }, 'the definition, id cannot be read'],
    [[{ id: 'a' }, { id: 'b', priority: 'high' }], 'tasks[1], priority cannot be read'],
    [
      { id: 'a', verification: { command: 'true', timeout: 5 } },
      'the definition, verification cannot be read',
    ],
    [{ id: 'a', steps: [{ name: 'x', weight: 0 }] }, 'the definition, steps.0.weight cannot be read'],
    [[{ id: 'a' }, { id: 'a' }], 'the id a occurs twice'],
    [
      { id: 'a', junk: JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) },
      'the definition cannot be stored',
    ],
  ])('refuses what cannot be read: %#', async (definition, words) => {
    await using world = await temporaryLedger();
    const { code, message } = await refusalOf(world.ledger.register(definition as never));
    expect(code).toBe('definition');
    expect(message).toContain(words);
  });

  test('spells out a circle, also one that is closed later', async () => {
    await using world = await temporaryLedger();
    const circle = [
      { id: 'a', dependencies: ['b'] },
      { id: 'b', dependencies: ['c'] },
      { id: 'c', dependencies: ['a'] },
    ];
    expect((await refusalOf(world.ledger.register(circle))).message).toContain('a → b → c → a');

    await world.ledger.register([
      { id: 'c' },
      { id: 'b', dependencies: ['c'] },
      { id: 'a', dependencies: ['b'] },
    ]);
    const closing = await refusalOf(world.ledger.update('c', { dependencies: ['a'] }));
    expect(closing.code).toBe('cycle');
    expect(closing.message).toContain('c → a → b → c');
    expect((await refusalOf(world.ledger.update('a', { dependencies: ['a'] }))).message).toContain('a → a');
  });

  test('names dependencies that nobody knows, unless they may come later', async () => {
    await using world = await temporaryLedger();
    const definition = { id: 'a', dependencies: ['x', 'y'] };
    const refused = await refusalOf(world.ledger.register(definition));
    expect(refused.code).toBe('missing-dependency');
    expect(refused.message).toContain('a depends on x, y');
    await world.ledger.register(definition, { allowMissing: true });
    expect((await world.ledger.get('a')).waitsFor).toEqual(['x', 'y']);
    expect((await refusalOf(world.ledger.start('a'))).message).toContain(
      'a waits for x (unknown), y (unknown)',
    );
  });

  test('a chain of ten thousand is no circle, and no end of the stack', async () => {
    await using world = await temporaryLedger();
    const chain = Array.from({ length: 10_000 }, (_, n) => ({
      id: `t${n}`,
      dependencies: n > 0 ? [`t${n - 1}`] : [],
    }));
    await world.ledger.register(chain);
    expect(await world.ledger.count({ status: ['waiting'] })).toBe(9_999);
  });

  test('replaces a definition where that is asked for; the run goes on', async () => {
    await using world = await temporaryLedger();
    await world.ledger.register({ id: 'a', steps: ['one', 'two'] });
    await world.ledger.start('a');
    await world.ledger.update('a', { step: { name: 'one', status: 'completed' } });
    const [after] = await world.ledger.register(
      { id: 'a', name: 'A', steps: ['zero', { name: 'one', weight: 3 }] },
      { replace: true },
    );
    expect(after?.status.status).toBe('in_progress');
    expect(after?.status.steps).toMatchObject([
      { name: 'zero', status: 'pending' },
      { name: 'one', status: 'completed', weight: 3 },
    ]);
    const last = (await world.ledger.history()).at(-1);
    expect(last).toMatchObject({ event: 'redefined', reason: 'name, steps' });
  });
});

test("a ledger in memory is nobody else's, and no file", async () => {
  const ledger = await TaskTrackingService.open({ path: ':memory:' });
  await ledger.register({ id: 'a' });
  expect((await ledger.complete('a')).status.status).toBe('completed');
  await ledger.close();
  expect(existsSync(':memory:')).toBe(false);
});

test('a ledger that is closed says so', async () => {
  await using world = await temporaryLedger();
  const { ledger } = world;
  await ledger.close();
  for (const asked of [ledger.query(), ledger.register({ id: 'a' })])
    expect(await refusalOf(asked)).toMatchObject({
      code: 'database',
      message: `this program has closed ${ledger.path} (open it again)`,
    });
});

describe('what plain JavaScript gives', () => {
  test('as an error or a result is kept in words', async () => {
    await using world = await temporaryLedger();
    await world.ledger.register([{ id: 'a' }, { id: 'b' }]);
    const failed = await world.ledger.fail('a', { error: new Error('disk full') as unknown as string });
    const done = await world.ledger.complete('b', { result: 42 as unknown as string });
    expect([failed.status.error, done.status.result]).toEqual(['disk full', '42']);
  });

  test('as an order that there is not is refused with those that there are', async () => {
    await using world = await temporaryLedger();
    await expect(world.ledger.query({ sort: 'age' as 'name' })).rejects.toThrow(
      'tasks cannot be sorted by age, only by priority, updated, created, name, status, id',
    );
  });
});

describe('a life', () => {
  test('from pending to completed, with times, steps and a line for each change', async () => {
    const clock = stillClock();
    await using world = await temporaryLedger({ clock, by: 'night shift' });
    const { ledger } = world;
    await ledger.register({ id: 'a', steps: ['one', 'two'] });
    clock.advance(1_000);
    await ledger.start('a', { jobRun: 7, note: 'off we go' });
    clock.advance(1_000);
    await ledger.update('a', { step: { index: 0, progress: '50' as never } });
    clock.advance(1_000);
    await ledger.update('a', { step: { name: 'one', status: 'completed' } });
    const { status } = await ledger.complete('a', { result: '3 GB' });
    expect(status).toMatchObject({
      status: 'completed',
      jobRun: 7,
      result: '3 GB',
      verifiedAt: null,
      isForced: false,
      startedAt: 1_001_000,
      endedAt: 1_003_000,
      version: 5,
    });
    expect(status.steps).toMatchObject([
      { status: 'completed', startedAt: 1_002_000, endedAt: 1_003_000 },
      { status: 'completed', startedAt: null, endedAt: 1_003_000 },
    ]);
    expect(await storyOf(ledger)).toEqual([
      'a registered →pending',
      'a started pending→in_progress',
      'a progressed in_progress→in_progress',
      'a progressed in_progress→in_progress',
      'a completed in_progress→completed',
    ]);
    expect(await ledger.notes('a')).toEqual([
      { task: 'a', at: 1_001_000, by: 'night shift', text: 'off we go' },
    ]);
  });

  test('what changes nothing is not written down', async () => {
    await using world = await temporaryLedger();
    await world.ledger.register({ id: 'a' });
    await world.ledger.start('a');
    await world.ledger.update('a', { progress: 10 });
    const { status } = await world.ledger.update('a', { progress: 10, name: 'a' });
    expect(status.version).toBe(3);
  });

  test('an attempt more after a failure, a run more after a completion', async () => {
    await using world = await temporaryLedger();
    const { ledger } = world;
    await ledger.register({ id: 'a', steps: ['one'] });
    await ledger.start('a');
    await ledger.update('a', { step: { name: 'one', progress: 5 } });
    const failed = await ledger.fail('a', { error: 'disk full' });
    expect(failed.status).toMatchObject({
      status: 'failed',
      error: 'disk full',
      steps: [{ status: 'failed' }],
    });
    const again = await ledger.reset('a');
    expect(again.status).toMatchObject({
      status: 'pending',
      run: 1,
      attempt: 2,
      error: null,
      startedAt: null,
    });
    expect(again.status.steps).toMatchObject([{ status: 'pending', progress: null }]);
    await ledger.complete('a');
    expect((await ledger.reset('a')).status).toMatchObject({
      status: 'pending',
      run: 2,
      attempt: 1,
      version: 1,
    });
    expect((await ledger.runs({ task: 'a' })).map(({ run, status }) => [run, status])).toEqual([
      [1, 'completed'],
      [2, 'pending'],
    ]);
    expect((await ledger.reset('a', { newRun: true }).catch(({ code }) => code)) as unknown).toBe('move');
  });

  test.each([
    ['pending', 'reset', 'possible now: start, complete, fail, cancel'],
    ['in_progress', 'start', 'possible now: update, complete, fail, cancel, reset'],
    ['completed', 'start', 'possible now: reset'],
    ['failed', 'complete', 'possible now: reset'],
    ['cancelled', 'fail', 'possible now: reset'],
  ] as const)('a task that is %s refuses to %s, and says what it would do', async (status, move, words) => {
    await using world = await temporaryLedger();
    const { ledger } = world;
    await ledger.register({ id: 'a' });
    if (status !== 'pending') await ledger.start('a');
    if (status === 'completed') await ledger.complete('a');
    if (status === 'failed') await ledger.fail('a', { error: 'x' });
    if (status === 'cancelled') await ledger.cancel('a', { reason: 'no need' });
    const before = await ledger.get('a');
    const refused = await refusalOf(move === 'fail' ? ledger.fail('a', { error: 'y' }) : ledger[move]('a'));
    expect(refused.code).toBe('move');
    expect(refused.problem.hint).toBe(words);
    expect(await ledger.get('a')).toEqual(before);
  });

  test('a mistyped id is met with the ones that it might be', async () => {
    await using world = await temporaryLedger();
    await world.ledger.register([{ id: 'backup' }, { id: 'restore' }]);
    const refused = await refusalOf(world.ledger.get('bakcup'));
    expect(refused.code).toBe('unknown-task');
    expect(refused.message).toBe('the ledger has no task bakcup (did you mean backup?)');
  });

  test('whoever decides on an old state is told so', async () => {
    await using world = await temporaryLedger();
    const [{ status } = { status: { version: 0 } }] = await world.ledger.register({ id: 'a' });
    const other = await world.again();
    await other.start('a');
    const refused = await refusalOf(world.ledger.cancel('a', { expectedVersion: status.version }));
    expect(refused.code).toBe('conflict');
    expect((await world.ledger.get('a')).status.status).toBe('in_progress');
  });
});

describe('what to do next', () => {
  test('is the most urgent task whose dependencies are completed', async () => {
    await using world = await temporaryLedger();
    const { ledger } = world;
    await ledger.register([
      { id: 'last' },
      { id: 'soon', priority: 2 },
      { id: 'first', priority: 1, dependencies: ['base'] },
      { id: 'base', priority: 9 },
    ]);
    const order: (string | undefined)[] = [];
    for (let n = 0; n < 5; n += 1) {
      const next = await ledger.next({ start: true });
      order.push(next?.definition.id);
      if (next) await ledger.complete(next.definition.id);
    }
    expect(order).toEqual(['soon', 'base', 'first', 'last', undefined]);
  });
});

describe('queries', () => {
  test('filter, sort, limit and count', async () => {
    const clock = stillClock();
    await using world = await temporaryLedger({ clock });
    const { ledger } = world;
    for (const [id, job, module, priority] of [
      ['a', 'nightly', 'core', 3],
      ['b', 'nightly', 'edge', 1],
      ['c', 'weekly', 'core', null],
      ['d', 'weekly', 'core', 2],
    ] as const) {
      clock.advance(10);
      await ledger.register({
        id,
        job,
        module,
        priority,
        name: `name ${id}`,
        dependencies: id === 'd' ? ['a'] : [],
      });
    }
    clock.advance(10);
    await ledger.fail('b', { error: 'x' });
    const ids = async (query: object) =>
      (await ledger.query(query)).map(({ definition }) => definition.id).join('');
    expect(await ids({})).toBe('bdac');
    expect(await ids({ sort: 'updated' })).toBe('bdca');
    expect(await ids({ sort: 'created' })).toBe('dcba');
    expect(await ids({ sort: 'name' })).toBe('abcd');
    expect(await ids({ sort: 'status' })).toBe('bdca');
    expect(await ids({ job: 'weekly' })).toBe('dc');
    expect(await ids({ module: 'core', job: 'nightly' })).toBe('a');
    expect(await ids({ priority: 3 })).toBe('a');
    expect(await ids({ priority: { atMost: 2 } })).toBe('bd');
    expect(await ids({ status: ['failed'] })).toBe('b');
    expect(await ids({ status: ['waiting'] })).toBe('d');
    expect(await ids({ status: ['ready', 'failed'] })).toBe('bac');
    expect(await ids({ since: 1_000_040 })).toBe('bd');
    expect(await ids({ ids: ['c', 'a', 'nobody'] })).toBe('ac');
    expect(await ids({ limit: 2, offset: 1 })).toBe('da');
    expect(await ledger.count({ module: 'core', limit: 1 })).toBe(3);
    expect(await ledger.dependents('a')).toEqual(['d']);
  });
});

describe('listeners', () => {
  test('hear each line once and in order, from whoever wrote it, until they stop', async () => {
    await using world = await temporaryLedger();
    const other = await world.again();
    await world.ledger.register({ id: 'before' });
    const heard: string[] = [];
    const stop = world.ledger.on(({ task, event }) => heard.push(`${task} ${event}`));
    await other.register({ id: 'a' });
    await world.ledger.start('a');
    expect(heard).toEqual(['a registered', 'a started']);
    await other.cancel('a');
    await eventually(() => expect(heard.at(-1)).toBe('a cancelled'));
    stop();
    await other.reset('a');
    await world.ledger.start('a');
    expect(heard).toEqual(['a registered', 'a started', 'a cancelled']);
  });
});

test('a listener that throws does no harm to the change, nor to other listeners', async () => {
  await using world = await temporaryLedger();
  const caught = new Promise((resolve) => {
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => {
      for (const other of others) process.on('uncaughtException', other);
      resolve(error.message);
    });
  });
  const heard: string[] = [];
  world.ledger.on(() => {
    throw new Error('a bug of the listener');
  });
  world.ledger.on(({ event }) => heard.push(event));
  const [record] = await world.ledger.register({ id: 'a' });
  expect(record?.status.status).toBe('pending');
  expect(heard).toEqual(['registered']);
  expect(await caught).toBe('a bug of the listener');
});

describe('export and import', () => {
  test('carry over all that is known of a task', async () => {
    const clock = stillClock();
    await using world = await temporaryLedger({ clock, by: 'me' });
    const { ledger } = world;
    await ledger.register([
      { id: 'a', steps: ['one'], verification: 'true', labels: { team: 'ops' }, foo: [1, { b: null }] },
      { id: 'b', dependencies: ['a'] },
    ]);
    await ledger.start('a', { note: 'hello' });
    await ledger.complete('a', { result: 'fine' });
    await ledger.reset('a');
    const exported = await ledger.exportTasks();
    await using copy = await temporaryLedger({ clock });
    expect(await copy.ledger.importTasks(exported, { allowCommands: true })).toMatchObject({
      imported: ['a', 'b'],
      skipped: [],
      commands: [{ task: 'a', place: 'verification' }],
    });
    const withoutIds = (transfer: typeof exported) =>
      transfer.tasks.map((task) => ({ ...task, history: task.history.map(({ id: _, ...entry }) => entry) }));
    expect(withoutIds(await copy.ledger.exportTasks())).toEqual(withoutIds(exported));
    await copy.ledger.start('a');
    expect((await copy.ledger.get('a')).status).toMatchObject({ run: 2, version: 2 });
  });

  test('as JSON say only what there is to say', async () => {
    await using world = await temporaryLedger({ clock: stillClock(), by: 'me' });
    await world.ledger.register({ id: 'a', steps: ['one'], foo: null });
    const transfer = await world.ledger.exportTasks();
    const text = JSON.stringify(encodeTransfer(transfer));
    expect(text.match(/"\w+":null/g)).toEqual(['"foo":null']);
    expect(decodeTransfer(JSON.parse(text))).toEqual(transfer);
  });

  test('each of many tasks keeps what is its own, in the order that was asked for', async () => {
    await using world = await temporaryLedger();
    const { ledger } = world;
    const idOf = (index: number) => `t${String(index).padStart(4, '0')}`;
    const ids = Array.from({ length: 1_001 }, (_, index) => idOf(index));
    await ledger.register(
      ids.map((id, index) => ({ id, dependencies: index === 1_000 ? ['t0001', 't0000'] : [] })),
    );
    for (const id of ['t0000', 't1000']) {
      await ledger.cancel(id, { note: `of ${id}` });
      await ledger.reset(id, { newRun: true });
    }
    const { tasks } = await ledger.exportTasks();
    expect(tasks.map(({ definition }) => definition.id)).toEqual(ids);
    const told = tasks.map(({ runs, history, notes }) => [runs.length, history.length, notes.length]);
    expect(told).toEqual(ids.map((id) => (id === 't0000' || id === 't1000' ? [2, 3, 1] : [1, 1, 0])));
    expect(tasks[1_000]?.definition.dependencies).toEqual(['t0001', 't0000']);
    expect(tasks[1_000]?.notes[0]?.text).toBe('of t1000');
    const { tasks: some } = await ledger.exportTasks({ ids: ['t1000', 't0007'] });
    expect(some.map(({ definition, history }) => [definition.id, history.length])).toEqual([
      ['t0007', 1],
      ['t1000', 3],
    ]);
  });

  test('what is there already is refused, skipped or replaced', async () => {
    await using world = await temporaryLedger();
    const { ledger } = world;
    await ledger.register([{ id: 'a', name: 'old' }]);
    const exported = await ledger.exportTasks();
    const [task] = exported.tasks;
    if (!task) throw new Error('nothing was exported');
    const fresh = { ...task, definition: { ...task.definition, id: 'b' }, runs: [], history: [] };
    const renamed = { ...task, definition: { ...task.definition, name: 'new' } };
    const transfer = { ...exported, tasks: [renamed, fresh] };
    expect((await refusalOf(ledger.importTasks(transfer))).code).toBe('known-task');
    expect(await ledger.count()).toBe(1);
    expect(await ledger.importTasks(transfer, { onConflict: 'skip' })).toEqual({
      imported: ['b'],
      skipped: ['a'],
      commands: [],
    });
    expect(await ledger.importTasks(transfer, { onConflict: 'replace' })).toMatchObject({
      imported: ['a', 'b'],
    });
    expect((await ledger.get('a')).definition.name).toBe('new');
    expect((await ledger.get('b')).status).toMatchObject({ status: 'pending', version: 1 });
  });
});
