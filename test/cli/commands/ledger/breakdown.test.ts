import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  breakdownFromTransfer,
  transferFromBreakdown,
} from '../../../../src/cli/commands/ledger/breakdown.ts';
import { systemClock } from '../../../../src/clock.ts';
import { LedgerError } from '../../../../src/ledger/ledger-error.ts';
import { TaskTrackingService } from '../../../../src/ledger/service.ts';
import { decodeTransfer, encodeTransfer } from '../../../../src/ledger/transfer-format.ts';
import { hasSharedFixtures, sharedFixture } from '../../../helpers/shared-fixtures.ts';
import { temporaryDirectory } from '../../../helpers/temporary-directory.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

/** Everything that is odd about real files in one: extra keys, a string as a number, an unknown word, half a note. */
const ODD = {
  generated_at: '2026-11-21T07:43:42.382686',
  total_tasks: 5,
  project: { name: 'webgl', tags: ['a', 'b'] },
  tasks: [
    {
      dependencies: [],
      description: 'Set up  the project',
      estimated_complexity: 'medium',
      id: 'T1',
      module: 'frontend',
      priority: 1,
      status: 'completed',
      started_at: '2026-11-21T07:43:42.383204',
      completed_at: '2026-11-21T07:43:42.584225',
      result: 'done\nreally',
      attempts: '2',
      notes: [
        { timestamp: '2026-11-21T07:43:42.383206', note: 'Starting' },
        'a bare note',
        { note: 'no time' },
      ],
      status_updated_at: '2026-11-21T07:43:42.584208',
    },
    {
      id: 'T2',
      description: 'Retried',
      dependencies: ['T1', 'T9'],
      status: 'pending',
      attempts: 1,
      result: 'old',
    },
    { id: 'T3', description: 'Odd', status: 'blocked', owner: null },
    {
      id: 4,
      description: 'Failed',
      status: 'failed',
      result: 'no disk',
      failure_details: 'stack',
      attempts: 1,
    },
    { id: 'T5', status: 'failed', result: 'Cancelled', completed_at: '2026-11-21T08:00:00' },
  ],
};

describe('a breakdown in a ledger', () => {
  it('says what it says there', () => {
    const { tasks } = transferFromBreakdown(ODD, NOW);
    const told = tasks.map(({ definition, runs: [run] }) => ({
      id: definition.id,
      name: definition.name,
      status: run?.status,
      attempt: run?.attempt,
      result: run?.result,
      error: run?.error,
    }));
    expect(told).toEqual([
      {
        id: 'T1',
        name: 'Set up the project',
        status: 'completed',
        attempt: 2,
        result: 'done\nreally',
        error: null,
      },
      { id: 'T2', name: 'Retried', status: 'pending', attempt: 2, result: null, error: null },
      { id: 'T3', name: 'Odd', status: 'pending', attempt: 1, result: null, error: null },
      { id: '4', name: 'Failed', status: 'failed', attempt: 1, result: null, error: 'no disk' },
      { id: 'T5', name: 'T5', status: 'cancelled', attempt: 1, result: null, error: null },
    ]);
    expect(tasks[0]?.history.map(({ event }) => event)).toEqual(['started', 'completed']);
    expect(tasks[0]?.notes.map(({ text }) => text)).toEqual(['Starting', 'a bare note', 'no time']);
  });

  it('comes out of a real ledger as it went in, to the byte', async () => {
    expect(await throughLedger(ODD)).toBe(JSON.stringify(ODD));
  });

  it
    .skipIf(!hasSharedFixtures)
    .each(['committed-task-breakdown', 'run-01', 'run-03', 'run-05', 'run-07', 'run-09'])(
    'as real programs write them too: %s',
    async (name) => {
      const document: unknown = JSON.parse(sharedFixture(`jetbox/${name}.json`));
      expect(await throughLedger(document)).toBe(JSON.stringify(document));
    },
  );

  it('whatever stands in it, also by way of an exported file', () => {
    fc.assert(
      fc.property(breakdowns, (text) => {
        const transfer = transferFromBreakdown(JSON.parse(text), NOW);
        const exported: unknown = JSON.parse(JSON.stringify(encodeTransfer(transfer)));
        for (const each of [transfer, decodeTransfer(exported)])
          expect(JSON.stringify(breakdownFromTransfer(each, NOW + 1))).toBe(text);
      }),
      { examples: [['{"tasks":[{"attempts":{"toString":{}},"id":"T0","priority":{"valueOf":{}}}]}']] },
    );
  });

  it('changes only what has changed', async () => {
    const document = await throughLedger(ODD, async (ledger) => {
      await ledger.start('T3');
      await ledger.complete('T3', { result: 'well' });
      await ledger.note('T1', 'one more');
      await ledger.update('T2', { priority: 7 });
    });
    const { tasks, ...rest } = JSON.parse(document);
    const { tasks: _, ...restBefore } = ODD;
    expect(rest).toEqual(restBefore);
    const [first, second, third, fourth, fifth] = tasks.map(({ taskglass_ledger: _, ...task }: Raw) => task);
    expect(first).toEqual({
      ...ODD.tasks[0],
      notes: [...(ODD.tasks[0]?.notes ?? []), { timestamp: expect.any(String), note: 'one more' }],
    });
    expect(second).toEqual({ ...ODD.tasks[1], priority: 7 });
    expect(third).toEqual({
      ...ODD.tasks[2],
      status: 'completed',
      started_at: expect.any(String),
      completed_at: expect.any(String),
      result: 'well',
      attempts: 1,
    });
    expect([fourth, fifth]).toEqual([ODD.tasks[3], ODD.tasks[4]]);
  });
});

describe('a ledger as a breakdown', () => {
  it('comes back with everything that a breakdown has no word for', async () => {
    await using directory = await temporaryDirectory();
    const ledger = await richLedger(directory.file('a.db'));
    const transfer = await ledger.exportTasks();
    const document = breakdownFromTransfer(transfer, NOW);
    const again = transferFromBreakdown(JSON.parse(JSON.stringify(document)), NOW);
    expect(again.tasks).toEqual(transfer.tasks);
    await ledger.close();
  });

  it('takes the word of whoever changed the breakdown meanwhile, and keeps the rest', async () => {
    await using directory = await temporaryDirectory();
    const ledger = await richLedger(directory.file('a.db'));
    const transfer = await ledger.exportTasks();
    const document = breakdownFromTransfer(transfer, NOW) as { tasks: Raw[] };
    const changed = document.tasks.map((task) =>
      task.id === 'pack'
        ? { ...task, status: 'failed', result: 'no', priority: 9, attempts: 1, hint: 'x' }
        : task,
    );
    const { tasks } = transferFromBreakdown({ ...document, tasks: changed }, NOW);
    const before = transfer.tasks.find(({ definition }) => definition.id === 'pack');
    const after = tasks.find(({ definition }) => definition.id === 'pack');
    expect(after?.definition).toMatchObject({
      priority: 9,
      steps: before?.definition.steps,
      rollback: before?.definition.rollback,
    });
    expect(after?.runs.at(-1)).toMatchObject({ status: 'failed', error: 'no' });
    const [out] = breakdownFromTransfer({ ...transfer, tasks: after ? [after] : [] }, NOW).tasks as Raw[];
    expect(out).toMatchObject({ status: 'failed', result: 'no', priority: 9, hint: 'x', owner: 'data' });
    await ledger.close();
  });
});

describe('what is refused', () => {
  it.each([
    [{ tasks: 'none' }, /it has no "tasks" list/],
    [{ tasks: [{ id: 'a' }, 'b'] }, /tasks\[1\] is not a task with an id/],
    [
      { tasks: [{ id: 'a' }, { id: 'b' }, { id: 'a' }, { id: 'b' }] },
      /the same id occurs more than once: a, b/,
    ],
    [
      { tasks: [{ id: 'a', taskglass_ledger: { format: 'taskglass-ledger' } }] },
      /the export, version cannot be read/,
    ],
  ])('%j', (document, words) => {
    expect(() => transferFromBreakdown(document, NOW)).toThrow(LedgerError);
    expect(() => transferFromBreakdown(document, NOW)).toThrow(words);
  });
});

/** Values of any kind where the format has its own, and keys that it does not know. */
const odd = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: usual }, fc.jsonValue({ maxDepth: 2 }));
const stamps = fc.constantFrom('2026-11-21T07:43:42.382686', '2026-11-21', 'soon', null);
const rawTasks = fc.record(
  {
    description: odd(fc.string()),
    module: odd(fc.string()),
    priority: odd(fc.integer()),
    dependencies: odd(fc.array(fc.string())),
    status: odd(fc.constantFrom('pending', 'in_progress', 'completed', 'failed', 'blocked')),
    started_at: odd(stamps),
    completed_at: odd(stamps),
    result: odd(fc.constantFrom('Cancelled', 'done', null)),
    attempts: odd(fc.nat(5)),
    notes: odd(fc.array(fc.record({ timestamp: stamps, note: fc.string() }))),
    mood: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const breakdowns = fc
  .tuple(
    fc.array(rawTasks, { minLength: 1, maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { maxKeys: 3 }),
  )
  .map(([tasks, root]) =>
    JSON.stringify({ ...root, tasks: tasks.map((task, index) => ({ ...task, id: `T${index}` })) }),
  );

type Raw = Record<string, unknown>;

/** Imports a document into a real ledger, changes something there, and exports it again. */
async function throughLedger(
  document: unknown,
  change: (ledger: TaskTrackingService) => Promise<void> = async () => {},
): Promise<string> {
  await using directory = await temporaryDirectory();
  const ledger = await TaskTrackingService.open({ path: directory.file('a.db'), clock: systemClock });
  await ledger.importTasks(transferFromBreakdown(document, NOW), { allowMissing: true });
  await change(ledger);
  const transfer = await ledger.exportTasks({ sort: 'created' });
  await ledger.close();
  return JSON.stringify(breakdownFromTransfer(transfer, NOW));
}

async function richLedger(path: string): Promise<TaskTrackingService> {
  const ledger = await TaskTrackingService.open({ path, clock: systemClock, by: 'somebody' });
  await ledger.register([
    { id: 'fetch', name: 'Fetch the data', module: 'import', labels: { team: 'a' }, owner: 'data' },
    {
      id: 'pack',
      job: 'nightly',
      dependencies: ['fetch'],
      steps: ['read', { name: 'write', weight: 3 }],
      verification: 'true',
      rollback: ['rm', '-f', 'x'],
      description: 'Two\nlines',
      owner: 'data',
    },
  ]);
  await ledger.start('fetch', { note: 'begun' });
  await ledger.fail('fetch', { error: 'no net' });
  await ledger.reset('fetch');
  await ledger.complete('fetch', { result: '12 rows' });
  await ledger.reset('fetch');
  await ledger.start('pack', { force: true });
  await ledger.update('pack', { step: { name: 'read', status: 'completed' } });
  return ledger;
}
