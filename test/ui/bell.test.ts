import { afterEach, describe, expect, it } from 'vitest';
import { ringAtEnds } from '../../src/ui/bell.ts';
import { silent } from '../helpers/scenes.ts';
import { closeScreens, openScreen } from '../helpers/screen.ts';
import { makeTask } from '../helpers/task.ts';

afterEach(closeScreens);

describe('the bell', () => {
  it('rings once when tasks end, not for news and not for what had ended before', async () => {
    const { monitor, clock, sources, settle, pass } = await openScreen(silent(2));
    let rings = 0;
    ringAtEnds(monitor, clock, () => {
      rings += 1;
    });
    const done = { state: { status: 'completed', endedAt: 1, result: null } } as const;
    sources[0]?.put(makeTask('n0', { reportedProgress: 50 }));
    sources[0]?.put(makeTask('new', done));
    await settle();
    expect(rings).toBe(0);
    sources[0]?.put(makeTask('n0', done));
    sources[0]?.put(makeTask('n1', done));
    await settle();
    expect(rings).toBe(1);
    sources[0]?.put(makeTask('n0', { ...done, notes: [] }));
    await settle();
    expect(rings).toBe(1);
    clock.set(-3_600_000);
    sources[0]?.put(makeTask('n0', { ...done, notes: [] }));
    await settle();
    expect(rings).toBe(1);
    await pass(10_000);
    sources[0]?.put(makeTask('n0', { attempts: 2 }));
    await settle();
    sources[0]?.put(makeTask('n0', { attempts: 2, ...done }));
    await settle();
    expect(rings).toBe(2);
  });

  it('rings once in a while where tasks end all the time, and not after it was ended', async () => {
    const { monitor, clock, sources, settle, pass } = await openScreen(silent(2));
    let rings = 0;
    const stop = ringAtEnds(monitor, clock, () => {
      rings += 1;
    });
    const flap = async (times: number) => {
      for (let time = 0; time < times; time += 1) {
        sources[0]?.put(makeTask('n0', { attempts: time + 2 }));
        await settle();
        sources[0]?.put(
          makeTask('n0', { attempts: time + 2, state: { status: 'completed', endedAt: time, result: null } }),
        );
        await settle();
      }
    };
    await flap(20);
    expect(rings).toBe(1);
    await pass(5_000);
    expect(rings).toBe(2);
    await pass(60_000);
    expect(rings).toBe(2);
    await flap(2);
    stop();
    await pass(60_000);
    expect(rings).toBe(3);
  });
});
