import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock } from '../src/clock.ts';
import type { CommandResult } from '../src/model/command.ts';
import { sourceId } from '../src/model/id.ts';
import { problem } from '../src/model/problem.ts';
import type { Task } from '../src/model/task.ts';
import { createMonitor, type Monitor } from '../src/monitor.ts';
import { createMemorySource } from '../src/sources/kit/memory.ts';
import type { CommandHandler, Source } from '../src/sources/kit/source.ts';
import { findEntry } from '../src/store/state.ts';
import { eventually } from './helpers/eventually.ts';
import { makeTask, TEST_SOURCE } from './helpers/task.ts';

const CANCELLABLE = { offers: [{ command: 'cancel', refusal: null }] } as const;
const { id } = makeTask('a');
let monitor: Monitor;
afterEach(() => monitor.close());

/** A monitor over one memory source whose `cancel` is `handler`, with one running task. */
async function watchOneTask(handler: CommandHandler, given: Partial<Task> = CANCELLABLE) {
  const clock = createFakeClock();
  const source = createMemorySource({ id: TEST_SOURCE, commands: { cancel: handler } });
  source.put(makeTask('a', given));
  monitor = createMonitor({ sources: [source], clock });
  await eventually(() => expect(entry()).toBeDefined());
  return { clock, source };
}

const entry = () => findEntry(monitor.getState(), id);
const sent: CommandHandler = async () => ({ kind: 'sent' });

describe('monitor.send', () => {
  it('shows the way of a command: asked, its stages, then what the source reports', async () => {
    const stages: string[] = [];
    const { source } = await watchOneTask(async (_id, { report }) => {
      report({ stage: 'signed' });
      report({ stage: 'accepted', by: 1, of: 2 });
      return { kind: 'sent' };
    });
    monitor.subscribe(() => stages.push(entry()?.pending?.stage.stage ?? 'none'));

    expect(await monitor.send(id, 'cancel')).toEqual({ kind: 'sent' });
    expect(stages).toEqual(['asked', 'signed', 'accepted']);
    expect(entry()?.task.state.status).toBe('running');

    source.put(makeTask('a', { state: { status: 'cancelled', endedAt: 5, reason: null } }));
    await eventually(() => expect(entry()?.pending).toBeNull());
    expect(entry()?.task.state.status).toBe('cancelled');
  });

  it('says so when nobody answers in ten seconds', async () => {
    const { clock } = await watchOneTask(sent);
    await monitor.send(id, 'cancel');
    clock.advance(9_999);
    expect(entry()?.pending).not.toBeNull();
    clock.advance(1);
    expect(entry()).toMatchObject({
      pending: null,
      refused: { command: 'cancel', problem: { kind: 'no-answer' } },
    });
  });

  it('waits as long again where the source tells of another state, as that the task is being stopped', async () => {
    const { clock, source } = await watchOneTask(sent);
    await monitor.send(id, 'cancel');
    clock.advance(9_000);
    const reason = 'SIGTERM was sent' as never;
    source.put(makeTask('a', { ...CANCELLABLE, state: { status: 'waiting', reason } }));
    await eventually(() => expect(entry()?.task.state.status).toBe('waiting'));
    clock.advance(10_999);
    expect(entry()).toMatchObject({ pending: { command: 'cancel' }, refused: null });
    clock.advance(1);
    expect(entry()).toMatchObject({
      pending: null,
      refused: { problem: { message: 'cancel: no answer after 20 s' } },
    });
  });

  it('does not take a sign of life for an answer', async () => {
    const { clock, source } = await watchOneTask(sent);
    await monitor.send(id, 'cancel');
    source.put(makeTask('a', { ...CANCELLABLE, updatedAt: 5 }));
    await eventually(() => expect(entry()?.task.updatedAt).toBe(5));
    clock.advance(10_000);
    expect(entry()?.refused?.problem.message).toBe('cancel: no answer after 10 s');
  });

  it('does not take the silence of an answered command for that of a later one', async () => {
    const { clock, source } = await watchOneTask(sent);
    await monitor.send(id, 'cancel');
    clock.advance(5_000);
    source.put(makeTask('a', { ...CANCELLABLE, state: { status: 'cancelled', endedAt: 5, reason: null } }));
    await eventually(() => expect(entry()?.pending).toBeNull());
    await monitor.send(id, 'cancel');
    clock.advance(5_000);
    expect(entry()?.pending?.command).toBe('cancel');
  });

  it('hands on a refusal, and a handler’s bug as one', async () => {
    const why = problem('not-allowed', 'degraded', 'not today');
    await watchOneTask(async (): Promise<CommandResult> => ({ kind: 'refused', problem: why }));
    await monitor.send(id, 'cancel');
    expect(entry()?.refused).toEqual({ command: 'cancel', problem: why, at: expect.any(Number) });
    await monitor.close();

    await watchOneTask(async () => {
      throw new Error('boom');
    });
    expect(await monitor.send(id, 'cancel')).toMatchObject({ kind: 'refused' });
    expect(entry()?.refused?.problem.message).toContain('boom');
  });

  it('asks nothing of a source that did not offer it', async () => {
    const handler = vi.fn(sent);
    await watchOneTask(handler, { offers: [{ command: 'cancel', refusal: 'owned by root' as never }] });
    expect(await monitor.send(id, 'cancel')).toMatchObject({
      kind: 'refused',
      problem: { message: 'cancel: owned by root' },
    });
    expect(await monitor.send(id, 'retry')).toMatchObject({ kind: 'refused' });
    expect(await monitor.send(makeTask('nobody').id, 'cancel')).toMatchObject({ kind: 'refused' });
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('a monitor', () => {
  it('applies what arrives at once as one batch', async () => {
    const { source } = await watchOneTask(sent);
    const heard = vi.fn();
    monitor.subscribe(heard);
    for (let n = 0; n < 50; n += 1) source.put(makeTask(`t${n}`));
    await eventually(() => expect(monitor.getState().sources.get(TEST_SOURCE)?.tasks.size).toBe(51));
    expect(heard.mock.calls.length).toBeLessThan(5);
  });

  it('shows a source that breaks as a problem, and goes on with the others', async () => {
    const broken: Source = {
      id: 'broken' as never,
      kind: 'memory',
      location: 'nowhere',
      commands: {},
      // biome-ignore lint/correctness/useYield: it breaks before it has anything to say
      async *events() {
        throw new Error('no such luck');
      },
    };
    const healthy = createMemorySource({ id: TEST_SOURCE });
    healthy.put(makeTask('a'));
    monitor = createMonitor({ sources: [broken, healthy], clock: createFakeClock() });
    await eventually(() => expect(monitor.getState().sources.get(broken.id)?.status).toBe('down'));
    expect(monitor.getState().sources.get(broken.id)?.problem?.message).toContain('no such luck');
    expect(entry()).toBeDefined();
  });

  it('reads sources that are added later, and closes them, too', async () => {
    const { source } = await watchOneTask(sent);
    const later = createMemorySource({ id: sourceId('later') });
    const heard = vi.fn();
    monitor.subscribe(heard);
    later.put(makeTask('b'));
    monitor.add([later]);
    expect(monitor.getState().sources.get(later.id)).toMatchObject({ status: 'connecting', kind: 'memory' });
    await eventually(() => expect(monitor.getState().sources.get(later.id)?.status).toBe('live'));
    source.put(makeTask('c'));
    await eventually(() => expect(monitor.getState().sources.get(TEST_SOURCE)?.tasks.size).toBe(2));
    expect(heard).toHaveBeenCalled();
    await monitor.close();
    monitor.add([createMemorySource({ id: sourceId('too late') })]);
    expect([...monitor.getState().sources.keys()]).toEqual([TEST_SOURCE, later.id]);
  });

  it('ends when every source has ended', async () => {
    const finite: Source = {
      id: TEST_SOURCE,
      kind: 'memory',
      location: '-',
      commands: {},
      async *events() {
        yield { type: 'changed', task: makeTask('a') };
      },
    };
    monitor = createMonitor({ sources: [finite], clock: createFakeClock() });
    await monitor.untilEnded(new AbortController().signal);
    expect(entry()).toBeDefined();
    await eventually(() => expect(monitor.getState().sources.get(TEST_SOURCE)?.hasEnded).toBe(true));
  });
});
