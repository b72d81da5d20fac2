import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import type { Report } from '../../src/publish/report.ts';
import { createProgressThrottle } from '../../src/run/progress-throttle.ts';

/** A report that writes down what it is told. */
function writtenReport() {
  const told: unknown[] = [];
  const report: Report = {
    signal: new AbortController().signal,
    setSteps: (names) => void told.push(names),
    step: (...step) => void told.push(step),
    tell() {},
    complete: async () => {},
    fail: async () => {},
    cancel: async () => {},
  };
  return { report, told };
}

describe('what is told of the progress found in output', () => {
  it('is nothing, not even a step, before anything was found', () => {
    const { report, told } = writtenReport();
    const progress = createProgressThrottle(report, 'make', createFakeClock());
    progress.flush();
    expect(told).toEqual([]);
  });

  it('is one step of the whole command where there are only figures', () => {
    const { report, told } = writtenReport();
    const progress = createProgressThrottle(report, 'make', createFakeClock());
    progress.tell({ kind: 'percent', percent: 10 });
    progress.flush();
    progress.tell({ kind: 'count', done: 1, total: 4 });
    progress.flush();
    expect(told).toEqual([['make'], [0, 'running', 10], [0, 'running', 25]]);
  });

  it('is the steps where these are named, the first known ones completed', () => {
    const { report, told } = writtenReport();
    const progress = createProgressThrottle(report, 'make', createFakeClock());
    progress.tell({ kind: 'step', number: 2, total: 3, name: 'link' });
    progress.flush();
    expect(told).toEqual([
      ['step 1', 'link', 'step 3'],
      [0, 'completed'],
      [1, 'running'],
    ]);
  });
});
