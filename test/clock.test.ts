import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createClockWatch,
  createFakeClock,
  endsWithin,
  type FakeClock,
  systemClock,
  untilAborted,
} from '../src/clock.ts';
import { createRefresh } from '../src/io/refresh.ts';
import { createThrottle } from '../src/io/throttle.ts';
import { createRetrier } from '../src/ledger/connection.ts';
import type { Monitor } from '../src/monitor.ts';
import { createAnswerWatch } from '../src/nostr/relay/answer-watch.ts';
import { createSubscription } from '../src/nostr/relay/subscription.ts';
import { DashboardStateEmitter, TASK_RETENTION_MS } from '../src/publish/dashboard-state/emitter.ts';
import { createFeed } from '../src/serve/feed.ts';
import { createSnapshots } from '../src/serve/snapshots.ts';
import { EMPTY_STATE, type State } from '../src/store/state.ts';
import { createSchedule } from '../src/ui/schedule.ts';

const HOUR = 3_600_000;
const JUMPS = [-HOUR, 3 * HOUR, -400 * 24 * HOUR, 30 * 24 * HOUR];

let clock: FakeClock;
beforeEach(() => {
  clock = createFakeClock();
});

describe('waiting for a signal', () => {
  it('ends when it aborts, and not before', async () => {
    const stop = new AbortController();
    let isOver = false;
    const over = untilAborted(stop.signal).then(() => {
      isOver = true;
    });
    await turn();
    expect(isOver).toBe(false);
    stop.abort();
    await over;
  });

  it('ends at once where it has aborted already', async () => {
    await expect(untilAborted(AbortSignal.abort())).resolves.toBeUndefined();
  });
});

describe('waiting no longer than so long', () => {
  /** Counts the timers that are set and not called off. */
  function counting(base: FakeClock) {
    let pending = 0;
    const after: FakeClock['after'] = (delayMs, action) => {
      pending += 1;
      const cancel = base.after(delayMs, action);
      return () => {
        pending -= 1;
        cancel();
      };
    };
    return { clock: { ...base, after }, pending: () => pending };
  }

  it('tells that the work has ended, and leaves no timer behind', async () => {
    const { clock: counted, pending } = counting(clock);
    await expect(endsWithin(counted, 100, Promise.resolve('x'))).resolves.toBe(true);
    expect(pending()).toBe(0);
  });

  it('tells that it takes longer; its failure afterwards is nobody’s', async () => {
    const work = Promise.withResolvers<void>();
    const ended = endsWithin(clock, 100, work.promise);
    clock.advance(100);
    await expect(ended).resolves.toBe(false);
    work.reject(new Error('too late'));
    await turn();
  });

  it('fails as the work does, and leaves no timer behind', async () => {
    const { clock: counted, pending } = counting(clock);
    await expect(endsWithin(counted, 100, Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(pending()).toBe(0);
  });
});

describe('the machine’s clock', () => {
  it('has a reading that only goes forward', () => {
    const before = systemClock.monotonic();
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
    expect(before).toBeLessThan(systemClock.now());
    expect(Number.isInteger(before)).toBe(true);
  });

  it('is noticed when it is set, once, and left alone while it is slewed', () => {
    const setBy = createClockWatch(clock);
    clock.advance(HOUR);
    clock.set(900);
    expect(setBy()).toBe(0);
    clock.set(-HOUR);
    expect([setBy(), setBy()]).toEqual([900 - HOUR, 0]);
  });
});

/** Whatever waits goes on after the clock was set as if it had not been: forward, back, and to the true time again. */
describe.each(JUMPS)('after the clock was set by %d ms', (byMs) => {
  const jumps = [0, byMs, -byMs];

  it('news are drawn within a frame', () => {
    let draws = 0;
    const schedule = createSchedule({
      clock,
      fps: 10,
      terminal: { isBusy: () => false, onceReady() {} },
      draw: () => {
        draws += 1;
        return Number.POSITIVE_INFINITY;
      },
    });
    for (const [count, jump] of jumps.entries()) {
      schedule.news();
      schedule.news();
      clock.set(jump);
      schedule.news();
      clock.advance(100);
      expect(draws).toBe(2 * (count + 1));
      clock.advance(100);
    }
  });

  it('what changes with time is drawn within a minute, and at most once a second', () => {
    let draws = 0;
    const schedule = createSchedule({
      clock,
      fps: 10,
      terminal: { isBusy: () => false, onceReady() {} },
      draw: () => {
        draws += 1;
        return clock.now() + 1;
      },
    });
    schedule.now();
    for (const jump of jumps) {
      clock.set(jump);
      const before = draws;
      clock.advance(60_000);
      expect(draws - before).toBeGreaterThanOrEqual(1);
      const during = draws;
      clock.advance(10_000);
      expect(draws - during).toBeGreaterThanOrEqual(9);
      expect(draws - during).toBeLessThanOrEqual(10);
    }
  });

  it('listeners of serve are told within its interval', async () => {
    const { monitor, change } = changingState();
    const feed = createFeed(monitor, clock);
    for (const jump of jumps) {
      change();
      clock.advance(0);
      const told = feed.current();
      change();
      clock.set(jump);
      change();
      clock.advance(50);
      expect(feed.current()).not.toBe(told);
      expect(feed.current()).toBe(monitor.getState());
      clock.advance(50);
    }
    feed.close();
  });

  it('a snapshot is as old as it may be, not older', () => {
    const { monitor } = changingState();
    let asked = 0;
    const context = () => {
      asked += 1;
      return { nowMs: clock.now(), stallAfterMs: 30_000, readOnly: false, estimate: () => null };
    };
    const snapshots = createSnapshots({ monitor, clock, isListed: () => true, sort: 'urgency', context });
    for (const [count, jump] of jumps.entries()) {
      clock.set(jump);
      snapshots.text();
      snapshots.text();
      expect(asked).toBe(count + 1);
      clock.advance(1_001);
    }
  });

  it('a throttle says the newest at the end of its interval', () => {
    let said = 0;
    const throttle = createThrottle(clock, 5_000, () => {
      said += 1;
    });
    for (const [count, jump] of jumps.entries()) {
      throttle.said();
      clock.set(jump);
      throttle.request();
      clock.advance(4_999);
      expect(said).toBe(count);
      clock.advance(1);
      expect(said).toBe(count + 1);
    }
  });

  it('a back end is read again after a rest as long as the reading took', async () => {
    const ending = new AbortController();
    let readings = 0;
    const refresh = createRefresh({
      clock,
      signal: ending.signal,
      read: async () => {
        readings += 1;
        clock.set(byMs);
      },
    });
    for (let count = 1; count <= 3; count += 1) {
      refresh.soon();
      await turn();
      await turn();
      expect(readings).toBe(count);
      clock.advance(20);
      await turn();
    }
    ending.abort();
    await refresh.ended();
  });

  it('a busy database is given up after the time limit', async () => {
    const patiently = createRetrier({ path: 'x.db', clock, lockTimeoutMs: 1_000 });
    let attempts = 0;
    let isOver = false;
    const waiting = patiently(() => {
      attempts += 1;
      if (attempts === 3) clock.set(byMs);
      throw Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR', errcode: 5 });
    }).catch(() => {
      isOver = true;
    });
    const startedAt = clock.monotonic();
    while (!isOver && clock.monotonic() - startedAt < 10_000) {
      clock.advance(10);
      await turn();
    }
    await waiting;
    expect(clock.monotonic() - startedAt).toBeGreaterThanOrEqual(1_000);
    expect(clock.monotonic() - startedAt).toBeLessThanOrEqual(1_200);
  });

  it('a silent relay is noticed', () => {
    const subscription = createSubscription({
      id: 'r',
      filters: [{}],
      history: { most: 1 },
      clock,
      say: () => {},
    });
    const subscribed = { subscription } as never;
    const watch = createAnswerWatch({
      clock,
      answerMs: 10_000,
      subscriptions: { unanswered: () => [subscribed] },
      isPaused: () => false,
      rested: () => {},
      changed: () => {},
    });
    subscription.send();
    watch.start();
    clock.set(byMs);
    clock.advance(9_999);
    expect(watch.isSilent).toBe(false);
    clock.advance(1);
    expect(watch.isSilent).toBe(true);
    watch.stop();
  });

  it('an ended task stays for five minutes', async () => {
    const emitter = new DashboardStateEmitter({ clock });
    for (const jump of jumps) {
      emitter.startTask('a', 'A');
      emitter.completeTask('a');
      clock.set(jump);
      emitter.cleanupCompletedTasks();
      clock.advance(TASK_RETENTION_MS - 1);
      expect(emitter.state.activeTasks).toHaveLength(1);
      clock.advance(1);
      expect(emitter.state.activeTasks).toEqual([]);
    }
    await emitter.close();
  });
});

/** A state that can be made another one. */
function changingState(): { monitor: Pick<Monitor, 'getState' | 'subscribe'>; change(): void } {
  let state: State = EMPTY_STATE;
  const listeners = new Set<() => void>();
  return {
    monitor: {
      getState: () => state,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    change() {
      state = { ...state };
      for (const listener of listeners) listener();
    },
  };
}
