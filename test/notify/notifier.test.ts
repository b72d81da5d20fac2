import { afterEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { problem } from '../../src/model/problem.ts';
import type { Task, TaskState } from '../../src/model/task.ts';
import { words } from '../../src/model/text.ts';
import { createMonitor, type Monitor } from '../../src/monitor.ts';
import { SENT } from '../../src/notify/channel.ts';
import type { NotifyEvent } from '../../src/notify/event.ts';
import { NOTIFY_EVENTS } from '../../src/notify/event.ts';
import { createNotifier, type Notifier, type NotifierOptions } from '../../src/notify/notifier.ts';
import type { Summary } from '../../src/notify/summary.ts';
import { createMemorySource, type MemorySource } from '../../src/sources/kit/memory.ts';
import { taskPlace, withDismissed } from '../../src/store/dismissals.ts';
import { allEntries } from '../../src/store/state.ts';
import { makeTask } from '../helpers/task.ts';

const FAILED = { status: 'failed', endedAt: null, error: words`no room` } as const satisfies TaskState;
const DONE = { status: 'completed', endedAt: null, result: null } as const satisfies TaskState;
const ASKS = { status: 'needs-input', reason: words`which one?` } as const satisfies TaskState;

let monitor: Monitor;
let notifier: Notifier;
let clock: FakeClock;
let source: MemorySource;
afterEach(async () => {
  await notifier.close(AbortSignal.abort());
  await monitor.close();
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await turns();
}

async function put(id: string, given: Partial<Task> = {}): Promise<void> {
  source.put(makeTask(id, given));
  await turns();
}

/** A notifier over a memory source in which `before` stands; what it tells is in the returned list. */
async function open(
  before: readonly [string, Partial<Task>][] = [],
  given: Partial<NotifierOptions> & { readonly events?: readonly NotifyEvent[] } = {},
): Promise<{ told: string[]; shown: Summary[] }> {
  clock = createFakeClock();
  source = createMemorySource({ id: sourceId('memory') });
  for (const [id, task] of before) source.put(makeTask(id, task));
  monitor = createMonitor({ sources: [source], clock });
  await turns();
  const told: string[] = [];
  const shown: Summary[] = [];
  const { events = NOTIFY_EVENTS.filter((event) => event !== 'all-done'), ...options } = given;
  notifier = createNotifier({
    monitor,
    clock,
    channels: [
      {
        spec: { channel: 'bell', events, target: null },
        channel: {
          async tell({ title, text }) {
            told.push(`${title} | ${text}`);
            return SENT;
          },
          check: async () => [],
        },
      },
      {
        spec: { channel: 'title', events, target: null },
        channel: { show: (summary) => shown.push(summary), check: async () => [] },
      },
    ],
    claims: { claim: async (_channel, conditions) => conditions },
    dwellMs: 5_000,
    stallAfterMs: 30_000,
    isWatched: () => true,
    isLookedAt: () => false,
    putAside: async () => ({ dismissals: {}, muted: new Set() }),
    onDelivery: () => {},
    ...options,
  });
  return { told, shown };
}

describe('the notifier', () => {
  it('reports each event in its words, and nothing that was already true at the start', async () => {
    const { told } = await open([
      ['old', { state: FAILED }],
      ['silent', {}],
      ['asks', { mayBeQuiet: true }],
      ['fails', { mayBeQuiet: true }],
      ['ends', { mayBeQuiet: true }],
      ['agent', { mayBeQuiet: true }],
    ]);
    await put('asks', {
      state: { status: 'needs-input', reason: null },
      question: { text: words`Which licence?`, choices: [], askedAt: null },
    });
    await pass(20_000);
    await put('fails', { state: FAILED });
    await pass(20_000);
    await put('ends', { state: DONE });
    await pass(20_000);
    await put('agent', { state: DONE, review: true });
    await pass(20_000);
    expect(told.filter((line) => !line.includes('silent'))).toEqual([
      'task asks needs input | Which licence? · memory',
      'task fails failed | no room · memory',
      'task ends completed | memory',
      'task agent is for review | memory',
    ]);
    expect(told.filter((line) => line.includes('silent'))).toEqual(['task silent has gone silent | memory']);
  });

  it('reports a task that appears with an event, if that is new', async () => {
    const { told } = await open();
    await put('new', { state: ASKS });
    await put('stamped', { state: { ...FAILED, endedAt: clock.now() + 1 } });
    await put('long ago', { state: { ...FAILED, endedAt: clock.now() - 60_000 } });
    await pass(6_000);
    expect(told).toEqual([
      'task new needs input | which one? · memory',
      'task stamped failed | no room · memory',
    ]);
  });

  it('does not wait for the tasks of a source that was removed; what was true of them is told', async () => {
    const { told } = await open([['stays', { mayBeQuiet: true }]], { events: ['failed', 'all-done'] });
    const other = createMemorySource({ id: sourceId('other') });
    other.put(makeTask('runs', { mayBeQuiet: true }));
    other.put(makeTask('fails', { mayBeQuiet: true }));
    monitor.add([other]);
    await turns();
    other.put(makeTask('fails', { state: FAILED }));
    await turns();
    monitor.remove(sourceId('other'));
    await turns();
    await put('stays', { state: DONE });
    await pass(6_000);
    expect(told).toEqual(['task fails failed | no room · other', 'all done | ']);
  });

  it('does not take a source that is read for the first time for news', async () => {
    const { told } = await open();
    const late = createMemorySource({ id: sourceId('late') });
    late.put(makeTask('x', { state: ASKS }));
    monitor.add([late]);
    await turns();
    await pass(60_000);
    expect(told).toEqual([]);
  });

  it('reports that a source is lost, but not one that never was there, nor one that is back at once', async () => {
    const { told } = await open();
    const never = createMemorySource({ id: sourceId('never') });
    never.fail(problem('unreachable', 'down', 'no such host'));
    monitor.add([never]);
    source.fail(problem('unreachable', 'down', 'the connection was lost'));
    await turns();
    await pass(2_000);
    source.live();
    await turns();
    await pass(60_000);
    expect(told).toEqual([]);
    source.fail(problem('unreachable', 'down', 'the connection was lost'));
    await turns();
    await pass(6_000);
    expect(told).toEqual(['memory is down | the connection was lost']);
  });

  it('reports silence again only after news', async () => {
    const { told } = await open([['a', {}]], { events: ['stalled'] });
    await put('a', { reportedProgress: 1 });
    await pass(40_000);
    expect(told).toHaveLength(1);
    await pass(600_000);
    expect(told).toHaveLength(1);
    for (let news = 2; news < 40; news += 1) {
      await put('a', { reportedProgress: news });
      await pass(1_000);
    }
    await pass(600_000);
    expect(told).toHaveLength(2);
  });

  it('reports silence that began after the clock was set', async () => {
    const { told } = await open([['a', {}]], { events: ['stalled'] });
    await put('a', { reportedProgress: 1 });
    clock.set(7_200_000);
    monitor.getState();
    await turns();
    await put('a', { reportedProgress: 2 });
    await pass(20_000);
    expect(told).toEqual([]);
    await pass(30_000);
    expect(told).toHaveLength(1);
  });

  it('reports many at once in one notification', async () => {
    const { told } = await open(Array.from({ length: 12 }, (_, index) => [`t${index}`, {}]));
    for (let index = 0; index < 9; index += 1) await put(`t${index}`, { state: FAILED });
    for (let index = 9; index < 11; index += 1) await put(`t${index}`, { state: ASKS });
    await pass(5_000);
    expect(told).toEqual([
      '2 need input, 9 failed | task t9, task t10, task t0, task t1, task t2 and 6 more',
    ]);
  });

  it('reports only what was asked for, only what is watched, and nothing that is muted or dismissed', async () => {
    const muted = new Set<string>();
    let dismissals = {};
    const { told } = await open(
      ['a', 'muted', 'dismissed', 'other'].map((id) => [id, {}]),
      {
        events: ['failed'],
        isWatched: ({ task }) => task.nativeId !== 'other',
        putAside: async () => ({ dismissals, muted }),
      },
    );
    await put('a', { state: DONE });
    await put('other', { state: FAILED });
    await put('muted', { state: FAILED });
    await put('dismissed', { state: FAILED });
    const state = monitor.getState();
    for (const entry of allEntries(state)) {
      if (entry.task.nativeId === 'muted') muted.add(taskPlace(state, entry));
      if (entry.task.nativeId === 'dismissed') dismissals = withDismissed(dismissals, state, [entry]);
    }
    await pass(60_000);
    expect(told).toEqual([]);
    await put('dismissed', { attempts: 2 });
    await put('dismissed', { attempts: 2, state: FAILED });
    await pass(70_000);
    expect(told).toEqual(['task dismissed failed | no room · memory']);
  });

  it('reports nothing while somebody is looking, nor afterwards what was seen', async () => {
    let isLookedAt = true;
    const { told } = await open([['a', {}]], { isLookedAt: () => isLookedAt, events: ['needs-input'] });
    await put('a', { state: ASKS });
    await pass(10_000);
    isLookedAt = false;
    await pass(120_000);
    expect(told).toEqual([]);
  });

  it('claims what is seen, before another taskglass would report it', async () => {
    let isLookedAt = true;
    const claimed: string[] = [];
    const claims: NotifierOptions['claims'] = {
      async claim(channel, conditions) {
        claimed.push(...conditions.map(({ event, name }) => `${channel} ${event} ${name}`));
        return conditions;
      },
    };
    const before: [string, Partial<Task>][] = ['a', 'b', 'c'].map((id) => [id, {}]);
    const options = { claims, isLookedAt: () => isLookedAt, events: ['needs-input'] as const };
    const { told } = await open(before, options);
    await put('a', { state: ASKS });
    expect(claimed).toEqual(['["bell",null,null] needs-input task a']);
    await put('b', { state: DONE });
    isLookedAt = false;
    await put('c', { state: ASKS });
    expect(claimed).toHaveLength(1);
    isLookedAt = true;
    notifier.onLook();
    await turns();
    expect(claimed.slice(1)).toEqual(expect.arrayContaining([expect.stringContaining('task c')]));
    expect(claimed.join()).not.toContain('task b');
    await pass(10_000);
    expect(told).toEqual([]);
  });

  it('reports once that all is done, although some are only queued', async () => {
    const queued = { state: { status: 'queued', reason: null } } as const;
    const { told } = await open(
      [
        ['a', {}],
        ['b', {}],
        ['backlog', queued],
      ],
      { events: ['all-done'] },
    );
    await put('a', { state: DONE });
    await pass(60_000);
    expect(told).toEqual([]);
    await put('b', { state: FAILED });
    await pass(60_000);
    expect(told).toEqual(['all done | ']);
  });

  it('has no timer if nothing is to come', async () => {
    const timers: number[] = [];
    await open([['a', { mayBeQuiet: true }]]);
    await pass(60_000);
    const { after } = clock;
    Object.assign(clock, {
      after: (delayMs: number, action: () => void) => {
        timers.push(delayMs);
        return after(delayMs, action);
      },
    });
    await pass(3_600_000);
    expect(timers).toEqual([]);
  });

  it('shows how all tasks stand: the bar does not go back when one of several ends', async () => {
    const { shown } = await open([
      ['a', { reportedProgress: 50 }],
      ['b', { reportedProgress: 0 }],
    ]);
    await pass(0);
    await put('a', { state: DONE });
    await pass(1_000);
    await put('b', { state: ASKS, reportedProgress: 40 });
    await pass(1_000);
    await put('b', { state: FAILED });
    await pass(1_000);
    expect(
      shown.map(({ progress, running, needsYou, failed }) => [progress, running, needsYou, failed]),
    ).toEqual([
      [25, 2, 0, 0],
      [50, 1, 0, 0],
      [70, 0, 1, 0],
      [null, 0, 0, 1],
    ]);
  });
});
