import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TaskId } from '../../src/model/id.ts';
import { plainName } from '../../src/model/text.ts';
import { unheard } from '../../src/store/record-draft.ts';
import { EMPTY_STATE, type State, type TaskEntry, type TaskTable } from '../../src/store/state.ts';
import { emptyTaskTable, hostsOf } from '../../src/store/task-table.ts';
import { makeEntry, makeTask, TEST_SOURCE } from '../helpers/task.ts';

const entryOf = (nativeId: string, revision: number, host?: string): TaskEntry =>
  makeEntry(makeTask(nativeId, { revision, ...(host !== undefined && { host: plainName(host) }) }));

const stateOf = (tasks: TaskTable): State => ({
  ...EMPTY_STATE,
  sources: new Map([[TEST_SOURCE, { ...unheard(TEST_SOURCE), tasks }]]),
});

/** Each task with its revision, in order. */
function told(table: TaskTable): string[] {
  return [...table].map(([id, { task }]) => `${id} ${task.revision}`);
}

it('every table, also an old one, keeps what it held, whatever is made of it', () => {
  const change = fc.record({
    from: fc.nat(),
    tasks: fc.array(fc.record({ n: fc.nat(700), gone: fc.boolean() }), { maxLength: 300 }),
    host: fc.option(fc.constantFrom('build-1', 'build-2'), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const versions = [{ table: emptyTaskTable(), model: new Map<TaskId, TaskEntry>() }];
      for (const [revision, { from, tasks, host }] of changes.entries()) {
        const base = versions[from % versions.length] ?? versions[0];
        const table = base?.table.open() ?? emptyTaskTable().open();
        const model = new Map(base?.model);
        for (const { n, gone } of tasks) {
          const entry = entryOf(`t${n}`, revision, host);
          if (gone) table.delete(entry.task.id);
          else table.set(entry.task.id, entry);
          if (gone) model.delete(entry.task.id);
          else model.set(entry.task.id, entry);
        }
        table.close();
        versions.push({ table, model });
        hostsOf(stateOf(table)); // what it remembers must not hold for the tables made of this one
      }
      for (const { table, model } of versions) {
        expect(table.size).toBe(model.size);
        expect(new Map(table)).toEqual(model);
        for (const [id, entry] of model) expect(table.get(id)).toBe(entry);
        const hosts = new Set([...model.values()].flatMap(({ task }) => task.host ?? []));
        expect(Math.min(2, hostsOf(stateOf(table)))).toBe(hosts.size);
        expect([...table.keys()]).toEqual([...table.values()].map(({ task }) => task.id));
      }
    }),
    { numRuns: 60 },
  );
});

it('lists tasks in the order in which they were first told, and one that comes back in its old place', () => {
  const open = emptyTaskTable().open();
  for (const name of ['c', 'a', 'b']) open.set(entryOf(name, 1).task.id, entryOf(name, 1));
  open.close();
  const without = open.open();
  without.delete(entryOf('a', 1).task.id);
  without.close();
  const again = without.open();
  again.set(entryOf('a', 1).task.id, entryOf('a', 2));
  again.close();
  expect([told(open), told(without), told(again)]).toEqual([
    ['test/c 1', 'test/a 1', 'test/b 1'],
    ['test/c 1', 'test/b 1'],
    ['test/c 1', 'test/a 2', 'test/b 1'],
  ]);
});

it('does not grow with what comes and goes', () => {
  let table = emptyTaskTable();
  for (let n = 0; n < 20_000; n += 1) {
    const next = table.open();
    next.set(entryOf(`t${n}`, 1).task.id, entryOf(`t${n}`, 1));
    if (n > 0) next.delete(entryOf(`t${n - 1}`, 1).task.id);
    next.close();
    table = next;
  }
  expect(told(table)).toEqual(['test/t19999 1']);
});
