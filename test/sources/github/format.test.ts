import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobKey, jobOf } from '../../../src/eta/job.ts';
import { decodeRuns, runTask } from '../../../src/sources/github/format.ts';
import { decodeJobs, stepsOf } from '../../../src/sources/github/jobs.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { fakeJob, fakeRun, fakeStep, STARTED, STATES } from './sample.ts';

const runOf = (state: object, more: object = {}) => {
  const [run] = decodeRuns([fakeRun(9, 'CI', state, more)])?.runs ?? [];
  return run as NonNullable<typeof run>;
};

describe('a run', () => {
  const over = (conclusion: string) => ({ status: 'completed', conclusion });
  it.each([
    [{ status: 'queued' }, 'queued', null],
    [{ status: 'requested' }, 'queued', 'requested'],
    [{ status: 'pending' }, 'queued', 'pending'],
    [{ status: 'in_progress' }, 'running', null],
    [{ status: 'waiting' }, 'needs-input', 'it waits for approval'],
    [over('success'), 'completed', null],
    [over('neutral'), 'completed', 'neutral'],
    [over('failure'), 'failed', null],
    [over('timed_out'), 'failed', 'timed out'],
    [over('startup_failure'), 'failed', 'startup failure'],
    [over('cancelled'), 'cancelled', null],
    [over('skipped'), 'cancelled', 'skipped'],
    [over('stale'), 'cancelled', 'stale'],
    [over('action_required'), 'needs-input', 'it waits for approval'],
    [over('dreamt'), 'failed', 'dreamt'],
    [{ status: 'dreaming' }, 'queued', 'dreaming'],
  ])('%j is %s', (words, status, told) => {
    const state = runOf(words).task.state as Readonly<Record<string, unknown>>;
    expect(state.status).toBe(status);
    expect(state.error ?? state.reason ?? state.result ?? null).toBe(told);
  });

  it('has no time where Go has its zero', () => {
    const { task } = runOf(STATES.running, { startedAt: '0001-01-01T00:00:00Z' });
    expect(task.startedAt).toBe(STARTED);
    expect(runOf(STATES.queued).task.startedAt).toBeNull();
  });

  it('is one of the same job as the other runs of its workflow, and of no other repository', () => {
    const keyOf = (more: object) => jobKey(jobOf('github', runOf(STATES.running, more).task));
    const key = keyOf({});
    expect(keyOf({ number: 7, displayTitle: 'Other', headBranch: 'fix/door', attempt: 3 })).toBe(key);
    expect(keyOf({ url: 'https://github.com/bob/window/actions/runs/9' })).not.toBe(key);
    expect(keyOf({ workflowName: 'Release' })).not.toBe(key);
  });
});

it.each([null, {}, 'x', [null], [{}], [{ id: 1 }]])('%j is no list of runs', (document) =>
  expect(decodeRuns(document)).toBeNull(),
);

it('reads a job that waits, one that was skipped, and steps without times', () => {
  const jobs = decodeJobs({
    jobs: [
      fakeJob('late', []),
      fakeJob('never', [], { status: 'completed', conclusion: 'skipped' }),
      fakeJob('old', [{ name: 'a', number: 1, status: 'completed', conclusion: 'success' } as never]),
      null,
      7,
    ],
  });
  expect(
    stepsOf(jobs ?? [], [], false).map(({ name, status, startedAt }) => [name, status, startedAt]),
  ).toEqual([
    ['late', 'pending', null],
    ['never', 'skipped', null],
    ['old / a', 'completed', null],
  ]);
});

it('keeps to the order of the earlier run', () => {
  const jobs = (names: string[]) =>
    decodeJobs({ jobs: names.map((name) => fakeJob(name, [fakeStep('run', 1, 2)])) }) ?? [];
  const names = (now: string[], hasEnded: boolean) =>
    stepsOf(jobs(now), jobs(['b', 'a', 'c']), hasEnded).map(({ name }) => name);
  expect(names(['a', 'b', 'new'], false)).toEqual(['b / run', 'a / run', 'c / run', 'new / run']);
  expect(names(['a', 'b'], true)).toEqual(['b / run', 'a / run']);
});

it('reads anything', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.jsonValue(),
      (any, more, other) => {
        const odd = {
          ...more,
          databaseId: 9,
          status: any,
          conclusion: other,
          startedAt: other,
          url: any,
          number: other,
        };
        const [run] = decodeRuns([odd])?.runs ?? [];
        const jobs = decodeJobs({ jobs: [any, more, { ...more, name: other, steps: [any, more] }] });
        if (run) runTask(run, jobs ?? [], jobs ?? []);
        decodeRuns(any);
        decodeJobs(any);
      },
    ),
  );
});

describe.runIf(hasSharedFixtures)("what GitHub's own interface says of jobs", () => {
  const read = (name: string) => {
    const { workflow_job: job } = JSON.parse(sharedFixture(`agents/github-actions/${name}`));
    return decodeJobs({ jobs: [job] }) ?? [];
  };

  it.each([
    'workflow_job-in_progress.payload.json',
    'workflow_job-in_progress.with-queued-steps.payload.json',
  ])('%s', (name) => {
    const statuses = stepsOf(read(name), [], false).map(({ status }) => status);
    expect(statuses.length).toBeGreaterThan(0);
    expect(statuses).toContain('running');
  });
});
