import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overallProgress, percentage } from '../../src/model/progress.ts';
import { makeStep, makeTask } from '../helpers/task.ts';

const running = { status: 'running', reason: null } as const;
const progressOf = (given: Parameters<typeof makeTask>[1]) =>
  overallProgress(makeTask('a', { state: running, ...given }));

describe('overallProgress', () => {
  it('weighs done and running steps', () => {
    const steps = [
      makeStep(0, { status: 'completed', weight: 3 }),
      makeStep(1, { status: 'running', progress: 50, weight: 2 }),
      makeStep(2, { weight: 5 }),
    ];
    expect(progressOf({ steps })).toBe(40);
  });
  it('counts skipped as done, and nothing of what went back to pending or failed', () => {
    const steps = [
      makeStep(0, { status: 'skipped' }),
      makeStep(1, { status: 'pending', progress: 80 }),
      makeStep(2, { status: 'failed', progress: 80 }),
      makeStep(3, { status: 'running', progress: 20 }),
    ];
    expect(progressOf({ steps })).toBe(30);
  });
  it('counts steps that are announced but not listed as pending', () => {
    expect(progressOf({ steps: [makeStep(0, { status: 'completed' })], totalSteps: 3 })).toBe(33.3);
  });
  it('takes the source’s own figure without steps, or nothing', () => {
    expect(progressOf({ reportedProgress: 57.39 })).toBe(57.4);
    expect(progressOf({})).toBeNull();
  });
  it('rounds to the nearest tenth', () => {
    const steps = ['completed', 'completed', 'pending'] as const;
    expect(progressOf({ steps: steps.map((status, index) => makeStep(index, { status })) })).toBe(66.7);
    expect(progressOf({ reportedProgress: 0.04 })).toBe(0);
    expect(progressOf({ reportedProgress: 12.25 })).toBe(12.3);
  });
  it('reads 100 where all steps are done, however their weights add up', () => {
    const weights = [0.1, 0.2, 0.3, 0.7, 1 / 3];
    const steps = weights.map((weight, index) => makeStep(index, { status: 'completed', weight }));
    expect(progressOf({ steps })).toBe(100);
  });
  it('is 100 for a completed task and only then', () => {
    expect(progressOf({ state: { status: 'completed', endedAt: null, result: null } })).toBe(100);
    expect(progressOf({ reportedProgress: 99.99 })).toBe(99.9);
  });
  it('stays within 0..100 for any steps', () => {
    const anyStep = fc.record({
      status: fc.constantFrom('pending', 'running', 'completed', 'failed', 'skipped'),
      progress: fc.option(fc.double()),
      weight: fc.double({ min: 0, max: 1e6, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(anyStep), (given) => {
        const progress = progressOf({ steps: given.map((step, index) => makeStep(index, step as never)) });
        expect(progress === null || (progress >= 0 && progress <= 100)).toBe(true);
      }),
    );
  });
});

describe('percentage', () => {
  it.each([
    [42, 42],
    ['42.5', 42.5],
    [-5, 0],
    [1e9, 100],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    ['Infinity', null],
    ['', null],
    ['lots', null],
    [null, null],
    [[50], null],
  ])('reads %j as %j', (raw, expected) => {
    expect(percentage(raw)).toBe(expected);
  });
});
