import { userInfo } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../src/model/json.ts';
import { decodeRuns, runTask } from '../../src/sources/github/format.ts';
import { decodeJobs } from '../../src/sources/github/jobs.ts';
import type { TaskDraft } from '../../src/sources/kit/task-draft.ts';
import { decodePueue } from '../../src/sources/pueue/format.ts';
import { decodeSqueue } from '../../src/sources/slurm/format.ts';
import { decodeShow } from '../../src/sources/systemd/format.ts';
import { unitTask } from '../../src/sources/systemd/unit-task.ts';
import { hostileText, UNSAFE } from '../helpers/hostile-text.ts';
import { fakeJob, fakeRun, fakeStep, STATES as RUN_STATES } from './github/sample.ts';
import { pueueState, pueueTask, STATUSES } from './pueue/sample.ts';
import { STATES as JOB_STATES, queueOf, slurmJob } from './slurm/sample.ts';
import { fakeUnit, STATES as UNIT_STATES } from './systemd/sample.ts';

type Read = (document: unknown) => readonly TaskDraft[];

const jobs = [fakeJob('build', [fakeStep('checkout', 1, 2), fakeStep('compile', 2)])];
const run = fakeRun(9, 'CI', RUN_STATES.running);

/** What each program prints, and how it is read. */
const PROGRAMS: readonly (readonly [string, unknown, Read])[] = [
  [
    'pueue',
    pueueState([
      pueueTask(0, 'make', STATUSES.failed),
      pueueTask(1, 'test', STATUSES.queued, { dependencies: [0] }),
    ]),
    (document) => decodePueue(document)?.tasks ?? [],
  ],
  [
    'squeue',
    queueOf([
      slurmJob(1, 'train', JOB_STATES.running),
      slurmJob(2, 'arr', JOB_STATES.queued, { array_task_string: '1-3' }),
    ]),
    (document) => decodeSqueue(document, { name: userInfo().username, uid: null }, 0)?.tasks ?? [],
  ],
  ['gh run list', [run], (document) => (decodeRuns(document)?.runs ?? []).map(({ task }) => task)],
  [
    'gh api',
    { jobs },
    (document) =>
      (decodeRuns([run])?.runs ?? []).map((one) => runTask(one, decodeJobs(document) ?? undefined, [])),
  ],
  [
    'systemctl show',
    fakeUnit('backup', UNIT_STATES.failed),
    (document) =>
      decodeShow(
        Object.entries(document as object)
          .map(([name, value]) => `${name}=${typeof value === 'object' ? '' : value}`)
          .join('\n'),
      ).flatMap((unit) => unitTask(unit, { nextAt: 1, wasRunning: true, isStopped: false }) ?? []),
  ],
];

/** Every text of a task that is shown without being made plain again. */
function shownTexts(task: TaskDraft): string {
  const { name, state, steps, notes, labels, host, cwd, url, question } = task;
  return JSON.stringify([name, state, steps, notes, labels, host, cwd, url, question]).replaceAll('\\n', ' ');
}

/** The document with another value in one of its places, chosen by `at`. */
function changed(document: unknown, at: number, value: unknown): unknown {
  let left = at;
  const walk = (one: unknown): unknown => {
    if (left === 0) {
      left -= 1;
      return value;
    }
    left -= 1;
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(document);
}

function countOf(document: unknown): number {
  if (typeof document !== 'object' || document === null) return 1;
  return Object.values(document).reduce((sum: number, one) => sum + countOf(one), 1);
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

describe.each(PROGRAMS)('what %s prints', (_program, document, read) => {
  it('is read as it is', () => expect(read(document).length).toBeGreaterThan(0));

  it('may have anything in any place', () => {
    const value = fc.oneof(hostileText, fc.jsonValue(), fc.constantFrom(1e308, -1, 2 ** 53));
    const place = fc.nat(countOf(document) - 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(place, value), { minLength: 1, maxLength: 4 }), (changes) => {
        const odd = changes.reduce((one, [at, what]) => changed(one, at, what), document);
        const tasks = read(typeof odd === 'object' && odd !== null ? odd : {});
        expect(tasks.map(shownTexts).join('')).not.toMatch(UNSAFE);
      }),
      { numRuns: 500 },
    );
  });

  it('may be nested without end in any place', () => {
    for (let at = 1; at < countOf(document); at += 1)
      expect(() => read(changed(document, at, nested(20_000)))).not.toThrow();
  });

  it('is no document if it is cut', () => {
    const text = JSON.stringify(document);
    for (let length = 0; length < text.length; length += 61)
      expect(readJson(text.slice(0, length))).toBeUndefined();
  });
});

it('may list more than is shown', () => {
  const tasks = Array.from({ length: 1_000_000 }, (_, id) => ({ id, status: 'Queued' }));
  const reading = decodePueue({
    tasks: Object.fromEntries(tasks.map((task) => [task.id, task])),
    groups: {},
  });
  expect(reading).toMatchObject({ problem: { kind: 'too-large' } });
  expect(reading?.tasks).toHaveLength(100_000);
});
