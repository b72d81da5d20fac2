import { afterEach, describe, expect, it } from 'vitest';
import { ringAtEnds } from '../../src/ui/bell.ts';
import { silent } from '../helpers/scenes.ts';
import { closeScreens, openScreen } from '../helpers/screen.ts';
import { makeTask } from '../helpers/task.ts';

afterEach(closeScreens);

describe('the bell', () => {
  it('rings once when tasks end, not for news and not for what had ended before', async () => {
    const { monitor, sources, settle, clock } = await openScreen(silent(2));
    let rings = 0;
    ringAtEnds(monitor, () => {
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
    sources[0]?.put(makeTask('n0', { attempts: 2 }));
    await settle();
    sources[0]?.put(makeTask('n0', { attempts: 2, ...done }));
    await settle();
    expect(rings).toBe(2);
  });
});
