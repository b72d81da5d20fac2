import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNamedAlike, jobKey, jobOf, taskKey, withoutNumbers } from '../../src/eta/job.ts';

describe('a name without what differs from run to run', () => {
  it.each([
    ['Build 1.2.3 (#4521)', 'build # (#)'],
    ['make -j4', 'make -j#'],
    ['Backup of 2026-11-21T07:43:42.382Z', 'backup of #'],
    ['Backup 21/11/2026 07:43', 'backup # #'],
    ['deploy 9f86d081884c7d659a2feaa0c55ad015', 'deploy #'],
    ['job 3f2504e0-4f89-41d3-9a0c-0305e82c3301 done', 'job # done'],
    ['pay npub1qqqsyqcyq5rqwzqfpg9scrgwpuqpzysn', 'pay #'],
    ['Step 3/9', 'step #'],
    ['deadbeef', 'deadbeef'],
    ['Façade', 'façade'],
    ['日本語 12', '日本語 #'],
    ['', ''],
  ])('%s → %s', (name, plain) => expect(withoutNumbers(name)).toBe(plain));

  it('is short, and found soon, however long the name', () => {
    expect(withoutNumbers('x'.repeat(1_000_000))).toHaveLength(200);
    expect(withoutNumbers('1-'.repeat(500_000)).length).toBeLessThanOrEqual(200);
  });
});

describe('a job', () => {
  const task = (name: string, ...steps: string[]) => ({
    name,
    steps: steps.map((step) => ({ name: step })),
    totalSteps: steps.length,
  });

  it('is the same for each of its runs, and another one for other steps, names or kinds', () => {
    const key = (kind: string, name: string, ...steps: string[]) => jobKey(jobOf(kind, task(name, ...steps)));
    expect(key('a', 'Build 1', 'fetch', 'make')).toBe(key('a', 'build 2', 'Fetch', 'make'));
    const others = [
      key('b', 'Build 1', 'fetch', 'make'),
      key('a', 'Built 1', 'fetch', 'make'),
      key('a', 'Build 1', 'fetch'),
    ];
    expect(others).not.toContain(key('a', 'Build 1', 'fetch', 'make'));
  });

  it('names every step differently, also those that are not listed yet', () => {
    expect(jobOf('a', { ...task('Pack', 'part 1', 'part 2', 'sign'), totalSteps: 5 }).steps).toEqual([
      'part #',
      'part # (2)',
      'sign',
      'step #',
      'step # (2)',
    ]);
  });

  it('without steps is one step of its own', () =>
    expect(jobOf('a', task('Upload 7')).steps).toEqual(['upload #']));

  it('tells its tasks apart', () => {
    const job = jobOf('a', task('Upload 7'));
    expect(taskKey(job, '1')).not.toBe(taskKey(job, '2'));
  });

  it('need not be worked out again for what is named alike', () => {
    const names = fc.constantFrom('Build 1', 'build 2', 'Upload');
    const tasks = fc.record({
      name: names,
      cwd: fc.constantFrom(null, '/a', '/b'),
      steps: fc.array(fc.record({ name: names }), { maxLength: 3 }),
      totalSteps: fc.nat(4),
    });
    fc.assert(
      fc.property(tasks, tasks, (one, other) => {
        expect(isNamedAlike(one, structuredClone(one))).toBe(true);
        if (isNamedAlike(one, other)) expect(jobOf('a', other)).toEqual(jobOf('a', one));
      }),
    );
  });
});
