import { describe, expect, it } from 'vitest';
import { nextStallAt, silenceOf, stallsAt } from '../../src/store/stall.ts';
import type { TaskEntry } from '../../src/store/state.ts';

const entry = (more: object, usualGapMs: number | null = null) =>
  ({
    task: { state: { status: 'running', reason: null }, ...more },
    lastNewsAt: 1_000,
    usualGapMs,
  }) as unknown as TaskEntry;

describe('a silence', () => {
  it('counts where news of a running task comes in a rhythm', () => {
    expect(stallsAt(entry({}), 30_000)).toBe(31_000);
    expect(stallsAt(entry({}, 20_000), 30_000)).toBe(101_000);
    expect(silenceOf(entry({}), 31_001, 30_000)).toEqual({ silentMs: 30_001, usualGapMs: null });
  });

  it('says nothing of a list, a board or a checklist, whatever gaps there were between its changes', () => {
    expect(stallsAt(entry({ mayBeQuiet: true }, 1_000), 30_000)).toBeNull();
    expect(silenceOf(entry({ mayBeQuiet: true }, 1_000), 1e12, 30_000)).toBeNull();
  });

  it('is looked for when the first of several tasks stalls that have not stalled yet', () => {
    const entries = [entry({}), entry({}, 20_000), entry({ mayBeQuiet: true })];
    const next = (nowMs: number) => nextStallAt(entries, { nowMs, stallAfterMs: 30_000 });
    expect([next(0), next(31_000), next(31_001), next(101_001)]).toEqual([31_000, 31_000, 101_000, null]);
  });
});
