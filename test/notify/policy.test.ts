import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { words } from '../../src/model/text.ts';
import type { Condition } from '../../src/notify/event.ts';
import { createPolicy } from '../../src/notify/policy.ts';

const DWELL_MS = 5_000;
const asks = (signature = ''): Condition => ({
  event: 'needs-input',
  place: 'a',
  signature,
  stamp: null,
  id: 'a',
  name: words`a`,
  text: null,
  source: null,
  host: null,
});
const failed: Condition = { ...asks(), event: 'failed', signature: '1' };

const none = () => false;

/** What is told of `place` at each moment at which the policy wants to be asked, until nothing waits. */
function told(policy: ReturnType<typeof createPolicy>): { at: number; event: string; signature: string }[] {
  const all: { at: number; event: string; signature: string }[] = [];
  for (let at = policy.nextAt; at !== null; at = policy.nextAt)
    for (const { event, signature } of policy.take(at, none)) all.push({ at, event, signature });
  return all;
}

describe('the policy', () => {
  it('reports what is true for the whole dwell, at its end, and once', () => {
    const policy = createPolicy({ dwellMs: DWELL_MS });
    policy.observe('a', asks(), 1_000);
    expect(policy.take(5_999, none)).toEqual([]);
    expect(told(policy)).toEqual([{ at: 6_000, event: 'needs-input', signature: '' }]);
    policy.observe('a', asks(), 90_000);
    expect(policy.nextAt).toBeNull();
  });

  it('reports nothing that goes away within it, or whose task goes', () => {
    const policy = createPolicy({ dwellMs: DWELL_MS });
    policy.observe('a', asks(), 0);
    policy.observe('a', null, 4_999);
    policy.observe('b', asks(), 0);
    policy.lose('b');
    expect(policy.nextAt).toBeNull();
  });

  it('reports 20 flips in 10 s once', () => {
    const policy = createPolicy({ dwellMs: DWELL_MS });
    for (let flip = 0; flip < 20; flip += 1) policy.observe('a', flip % 2 === 0 ? null : asks(), flip * 500);
    expect(told(policy)).toEqual([{ at: 19 * 500 + DWELL_MS, event: 'needs-input', signature: '' }]);
  });

  it('reports a task once a minute: the newest event, if it is still true by then', () => {
    const policy = createPolicy({ dwellMs: DWELL_MS });
    policy.observe('a', asks('one'), 0);
    expect(policy.take(5_000, none)).toHaveLength(1);
    policy.observe('a', asks('two'), 6_000);
    policy.observe('a', failed, 20_000);
    expect(told(policy)).toEqual([{ at: 65_000, event: 'failed', signature: '1' }]);
    policy.observe('a', asks('three'), 70_000);
    policy.observe('a', null, 71_000);
    expect(policy.nextAt).toBeNull();
  });

  it('does not report again what comes back as it was', () => {
    const policy = createPolicy({ dwellMs: DWELL_MS });
    policy.observe('a', failed, 0);
    expect(policy.take(5_000, none)).toHaveLength(1);
    policy.lose('a');
    policy.observe('a', failed, 100_000);
    expect(policy.nextAt).toBeNull();
    policy.observe('a', null, 110_000);
    policy.observe('a', failed, 120_000);
    expect(told(policy)).toEqual([{ at: 125_000, event: 'failed', signature: '1' }]);
  });

  it('counts what somebody looks at as reported', () => {
    const policy = createPolicy({ dwellMs: DWELL_MS });
    policy.observe('a', asks(), 0);
    expect(policy.take(5_000, () => true)).toEqual([]);
    expect(policy.nextAt).toBeNull();
    policy.observe('a', failed, 6_000);
    expect(told(policy)).toEqual([{ at: 11_000, event: 'failed', signature: '1' }]);
  });

  it('gathers what comes right after a report', () => {
    const policy = createPolicy({ dwellMs: DWELL_MS });
    for (let index = 0; index < 100; index += 1) policy.observe(`t${index}`, failed, index * 10);
    expect(policy.take(DWELL_MS, none)).toHaveLength(1);
    expect(policy.nextAt).toBe(2 * DWELL_MS);
    expect(policy.take(2 * DWELL_MS, none)).toHaveLength(99);
  });

  it('keeps its promises whatever happens', () => {
    const moves = fc.array(
      fc.record({
        place: fc.constantFrom('a', 'b', 'c'),
        to: fc.constantFrom(null, asks('one'), asks('two'), failed, 'lost' as const),
        afterMs: fc.integer({ min: 0, max: 20_000 }),
        isSeen: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(moves, (all) => {
        const policy = createPolicy({ dwellMs: DWELL_MS });
        const since = new Map<string, { at: number; what: string }>();
        const last = new Map<string, number>();
        let now = 0;
        for (const { place, to, afterMs, isSeen } of all) {
          now += afterMs;
          for (const condition of policy.take(now, () => isSeen)) {
            const key = condition.text ?? '';
            expect(now - (since.get(key)?.at ?? now)).toBeGreaterThanOrEqual(DWELL_MS);
            expect(now - (last.get(key) ?? -60_000)).toBeGreaterThanOrEqual(60_000);
            last.set(key, now);
          }
          if (to === 'lost' || to === null) since.delete(place);
          if (to === 'lost') policy.lose(place);
          else policy.observe(place, to && { ...to, text: words`${place as 'a'}` }, now);
          const what = to === 'lost' || to === null ? '' : `${to.event} ${to.signature}`;
          if (what !== '' && since.get(place)?.what !== what) since.set(place, { at: now, what });
        }
      }),
    );
  });
});
