import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SourceEvent } from '../../src/model/event.ts';
import { taskId } from '../../src/model/id.ts';
import { endedAtOf, hasEnded, type Task } from '../../src/model/task.ts';
import type { CommandContext, Source } from '../../src/sources/kit/source.ts';
import type { SourceRecord, TaskEntry } from '../../src/store/state.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { eventually } from '../helpers/eventually.ts';

/** The statuses that every back end can tell in its own words. */
export type WorldStatus = 'queued' | 'running' | 'completed' | 'failed';

/** A real back end in the hands of a test: the contract plays it, the source under test reads it. */
export interface SourceWorld {
  readonly source: Source;
  /** What a task that failed is there, if the back end has no word for that; null if all ends are good ones. */
  readonly failedIs?: 'cancelled' | null;
  /** What a task that is queued is there, if the back end knows no queue. */
  readonly queuedIs?: 'running';
  /** How many tasks there can be, if not any number. */
  readonly mostTasks?: number;
  /** Puts a new task there and resolves with its native id. */
  add(task: { readonly name: string; readonly status: WorldStatus }): Promise<string>;
  change(nativeId: string, status: WorldStatus): Promise<void>;
  /** Takes a task away; absent where the back end never forgets. */
  remove?(nativeId: string): Promise<void>;
  /** Makes the back end unreadable (what is there stays), and readable again. */
  breakDown(): Promise<void>;
  mend(): Promise<void>;
  /** From now on a worker obeys: a cancelled task ends, a retried one runs again. Absent where nothing is offered. */
  obey?(): Promise<void>;
  /** What the source still holds open (watchers, sockets, timers); absent where that can't be asked. */
  openResources?(): number;
  close(): Promise<void>;
}

/** What every source keeps to. `makeWorld` makes an empty back end and a source that has not been opened yet. */
export function describeSourceContract(name: string, makeWorld: () => Promise<SourceWorld>): void {
  describe(`${name} keeps the contract of a source`, { timeout: 30_000 }, () => {
    let world: SourceWorld;
    let view: View;
    let failed: 'failed' | 'cancelled' | null;
    let holdsSeveral: boolean;

    beforeEach(async () => {
      world = await makeWorld();
      failed = world.failedIs === undefined ? 'failed' : world.failedIs;
      holdsSeveral = (world.mostTasks ?? 2) > 1;
    });
    afterEach(async () => {
      await view?.close();
      await world.close();
    });

    it('knows what was there before it says that it is live', async () => {
      const running = await world.add({ name: 'Hash the archive', status: 'running' });
      const expected: Record<string, string> = { [running]: 'running' };
      if (holdsSeveral && failed)
        expected[await world.add({ name: 'Send the report', status: 'failed' })] = failed;
      view = openView(world.source);
      await view.live();

      expect(view.statuses()).toEqual(expected);
      expect(view.task(running).name).toBe('Hash the archive');
      expect(view.task(running).id).toBe(taskId(world.source.id, running));
      expect(view.task(running).source).toBe(world.source.id);
      expect(view.events.filter((event) => event.type === 'snapshot')).toHaveLength(1);
    });

    it('is live on an empty back end', async () => {
      const id = await world.add({ name: 'Hash the archive', status: 'running' });
      await world.remove?.(id);
      view = openView(world.source);
      await view.live();
      expect(Object.keys(view.statuses())).toHaveLength(world.remove ? 0 : 1);
    });

    it('reports a new task', async (context) => {
      if (!holdsSeveral) return context.skip();
      await world.add({ name: 'Hash the archive', status: 'running' });
      view = openView(world.source);
      await view.live();
      const added = await world.add({ name: 'Sort the index', status: 'queued' });
      await eventually(() => expect(view.statuses()[added]).toBe(world.queuedIs ?? 'queued'));
    });

    it('reports a change, with a higher revision, and leaves the other tasks alone', async () => {
      const changing = await world.add({ name: 'Hash the archive', status: 'running' });
      const still = holdsSeveral ? await world.add({ name: 'Sort the index', status: 'running' }) : null;
      view = openView(world.source);
      await view.live();
      const before = { changing: view.task(changing), still: still && view.task(still) };

      await world.change(changing, 'completed');
      await eventually(() => expect(view.statuses()[changing]).toBe('completed'));

      expect(view.task(changing).revision).toBeGreaterThan(before.changing.revision);
      const rule = 'what did not change is the same object; without a time of its own, updatedAt is null';
      if (still) expect(view.task(still), rule).toBe(before.still);
    });

    it('follows a task from the queue to its end', async () => {
      const id = await world.add({ name: 'Hash the archive', status: 'queued' });
      view = openView(world.source);
      await view.live();
      for (const status of ['running', failed ? 'failed' : 'completed'] as const) {
        await world.change(id, status);
        const expected = status === 'failed' ? failed : status;
        await eventually(() => expect(view.statuses()[id]).toBe(expected));
      }
      expect(hasEnded(view.task(id).state.status)).toBe(true);
    });

    it('reports a removal', async (context) => {
      if (!world.remove || !holdsSeveral) return context.skip();
      const going = await world.add({ name: 'Hash the archive', status: 'completed' });
      const staying = await world.add({ name: 'Sort the index', status: 'running' });
      view = openView(world.source);
      await view.live();
      await world.remove(going);
      await eventually(() => expect(view.statuses()).toEqual({ [staying]: 'running' }));
    });

    it('reports what is wrong, keeps the last good view, and recovers by itself', async () => {
      const id = await world.add({ name: 'Hash the archive', status: 'running' });
      view = openView(world.source);
      await view.live();

      await world.breakDown();
      await eventually(() => expect(view.record().problem?.severity).toBe('down'));
      expect(view.record().status).toBe('down');
      expect(view.record().problem?.message).not.toBe('');
      expect(view.record().problem?.hint).toEqual(expect.any(String));
      expect(view.statuses()).toEqual({ [id]: 'running' });

      await world.mend();
      await view.live();
      expect(view.record().problem).toBeNull();
      await world.change(id, 'completed');
      await eventually(() => expect(view.statuses()[id]).toBe('completed'));
    });

    it('can be opened while its back end is down', async () => {
      const id = await world.add({ name: 'Hash the archive', status: 'running' });
      await world.breakDown();
      view = openView(world.source);
      await eventually(() => expect(view.record().problem?.severity).toBe('down'));
      await world.mend();
      await view.live();
      expect(view.statuses()).toEqual({ [id]: 'running' });
    });

    it('ends and closes everything when it is aborted', async () => {
      const id = await world.add({ name: 'Hash the archive', status: 'running' });
      view = openView(world.source);
      await view.live();
      await view.close();
      const heard = view.events.length;
      await world.change(id, 'completed');
      expect(world.openResources?.() ?? 0).toBe(0);
      expect(view.events).toHaveLength(heard);
    });

    it('ends when it is aborted before it has said anything', async () => {
      view = openView(world.source);
      await view.close();
      expect(world.openResources?.() ?? 0).toBe(0);
    });

    it('offers what can be done: cancel until a task has ended, retry when it failed, only where it can', async () => {
      const can = (...commands: ('cancel' | 'retry')[]) => commands.filter((c) => world.source.commands[c]);
      const expected: Readonly<Record<WorldStatus, string[]>> = {
        queued: can('cancel'),
        running: can('cancel'),
        completed: [],
        failed: can('retry'),
      };
      const statuses = (['queued', 'running', 'completed', 'failed'] as const)
        .filter((status) => status !== 'failed' || failed)
        .slice(0, world.mostTasks);
      const ids: string[] = [];
      for (const status of statuses) ids.push(await world.add({ name: `a ${status} task`, status }));
      view = openView(world.source);
      await view.live();
      expect(ids.map((id) => offeredFor(view.task(id)))).toEqual(statuses.map((status) => expected[status]));
    });

    it('refuses a command for a task it does not know', async () => {
      view = openView(world.source);
      for (const handler of Object.values(world.source.commands)) {
        const result = await handler('no such task', commandContext());
        expect(result).toMatchObject({ kind: 'refused', problem: { message: expect.any(String) } });
      }
    });

    it('sends a cancel, and reports the end only when the worker does', async (context) => {
      const { cancel } = world.source.commands;
      if (!cancel || !world.obey) return context.skip();
      const id = await world.add({ name: 'Hash the archive', status: 'running' });
      view = openView(world.source);
      await view.live();
      await world.obey();
      expect(await cancel(id, commandContext())).toEqual({ kind: 'sent' });
      await eventually(() => expect(view.statuses()[id]).toBe('cancelled'));
      expect(offeredFor(view.task(id))).toEqual(world.source.commands.retry ? ['retry'] : []);
    });

    it('sends a retry', async (context) => {
      const { retry } = world.source.commands;
      if (!retry || !world.obey) return context.skip();
      const id = await world.add({ name: 'Hash the archive', status: 'failed' });
      view = openView(world.source);
      await view.live();
      // A back end that is read from afar may have been seen while it was on the way there.
      await eventually(() => expect(hasEnded(view.task(id).state.status)).toBe(true));
      await world.obey();
      expect(await retry(id, commandContext())).toEqual({ kind: 'sent' });
      await eventually(() =>
        expect(
          Object.entries(view.statuses()).some(
            ([other, status]) =>
              (status === 'queued' || status === 'running') &&
              (other === id || view.task(id).retriedAs === taskId(world.source.id, other)),
          ),
        ).toBe(true),
      );
      const ended = endedAtOf(view.task(id));
      expect(ended === null || Boolean(view.task(id).retriedAs)).toBe(true);
    });
  });
}

/** The commands that every source means the same by; a user's status is offered as its board has it. */
function offeredFor(task: Task): string[] {
  return task.offers.map(({ command }) => command).filter((command) => command !== 'setStatus');
}

/** A command's context for a test that does not look at the stages. */
export function commandContext(): CommandContext {
  return { signal: new AbortController().signal, report() {} };
}

/** A store fed from one opened source, as the monitor would, without its batching. */
export interface View {
  readonly events: readonly SourceEvent[];
  record(): SourceRecord;
  task(nativeId: string): Task;
  /** Native id → status of every task. */
  statuses(): Record<string, string>;
  names(): string[];
  /** Resolves once the source is live with no `down` problem. */
  live(): Promise<void>;
  close(): Promise<void>;
}

export function openView(source: Source): View {
  const closing = new AbortController();
  const store = createStore();
  const events: SourceEvent[] = [];
  store.dispatch([
    {
      source: source.id,
      at: Date.now(),
      event: { type: 'opened', kind: source.kind, location: source.location },
    },
  ]);
  const reading = readInto(store, source, events, closing.signal);
  const record = () => store.getState().sources.get(source.id) as SourceRecord;

  return {
    events,
    record,
    task: (nativeId) => (record().tasks.get(taskId(source.id, nativeId)) as TaskEntry).task,
    statuses: () =>
      Object.fromEntries([...record().tasks.values()].map(({ task }) => [task.nativeId, task.state.status])),
    names: () => [...record().tasks.values()].map(({ task }) => task.name),
    live: () => eventually(() => expect(record().status).toBe('live')),
    async close() {
      closing.abort();
      await reading;
    },
  };
}

async function readInto(
  store: Store,
  source: Source,
  events: SourceEvent[],
  signal: AbortSignal,
): Promise<void> {
  for await (const event of source.events({ signal })) {
    events.push(event);
    store.dispatch([{ source: source.id, at: Date.now(), event }]);
  }
}
