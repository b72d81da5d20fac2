import { describe, expect, it } from 'vitest';
import { createEtaBook } from '../../src/eta/book.ts';
import { makeStep, makeTask } from '../helpers/task.ts';

describe('createEtaBook', () => {
  const half = makeTask('a', {
    startedAt: 100_000,
    steps: [makeStep(0, { status: 'completed' }), makeStep(1, { status: 'running' })],
  });

  it('estimates a running task from its steps, in this machine’s time', () => {
    const book = createEtaBook();
    book.observe(half, 160_000);
    expect(book.estimate(half.id, 170_000)).toMatchObject({ remainingMs: 50_000, basis: 'steps' });
  });

  it('lets the source’s own end count', () => {
    const book = createEtaBook();
    book.observe({ ...half, reportedEndAt: 165_000 }, 160_000);
    expect(book.estimate(half.id, 160_000)).toMatchObject({ remainingMs: 5_000, basis: 'reported' });
  });

  it('starts anew with a new attempt', () => {
    const book = createEtaBook();
    book.observe(half, 160_000);
    book.observe({ ...half, attempts: 2, startedAt: 200_000, steps: [makeStep(0), makeStep(1)] }, 200_000);
    expect(book.estimate(half.id, 210_000)).toBeNull();
  });

  it('has nothing to say of what has ended or is unknown', () => {
    const book = createEtaBook();
    book.observe(half, 160_000);
    book.observe({ ...half, state: { status: 'failed', endedAt: 170_000, error: null } }, 170_000);
    expect(book.estimate(half.id, 170_000)).toBeNull();
    expect(book.estimate(makeTask('other').id, 0)).toBeNull();
  });
});
