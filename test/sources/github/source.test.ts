import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEtaIndex } from '../../../src/eta/eta-index.ts';
import { sourceId } from '../../../src/model/id.ts';
import { openGithub } from '../../../src/sources/github/source.ts';
import type { Source } from '../../../src/sources/kit/source.ts';
import { openRunHistory } from '../../../src/storage/run-history.ts';
import { eventually } from '../../helpers/eventually.ts';
import { askingClock, type FakeProgram } from '../../helpers/fake-program.ts';
import { commandContext, describeSourceContract, openView, type View } from '../source-contract.ts';
import { createFakeGh, type FakeRun, fakeJob, fakeRun, fakeStep, STARTED, STATES } from './sample.ts';

type Gh = FakeProgram<readonly FakeRun[]>;

function sourceOf({ env, directory }: Gh, place = 'ann/door'): Source {
  const opened = openGithub({ id: sourceId('gh'), place, clock: askingClock, env, cwd: directory });
  if ('severity' in opened) throw new Error(opened.message);
  return opened;
}

describeSourceContract('the GitHub source', async () => {
  const gh = await createFakeGh();
  let added = 0;
  return {
    ...gh,
    source: sourceOf(gh),
    async add({ name, status }) {
      added += 1;
      // The name is that of the workflow: here it has neither a repository nor a number.
      const run = fakeRun(added, name, STATES[status], { url: '', number: null });
      await gh.edit((runs) => [...runs, run]);
      return String(added);
    },
    change: (id, status) =>
      gh.edit((runs) =>
        runs.map((run) => (String(run.databaseId) === id ? { ...run, ...STATES[status] } : run)),
      ),
    remove: (id) => gh.edit((runs) => runs.filter(({ databaseId }) => String(databaseId) !== id)),
  };
});

/** The jobs of a run that took `pace` times as long as usual, until `now` seconds after its start. */
function jobsUntil(now: number, pace = 1) {
  const step = (name: string, from: number, to: number) => {
    const [begin, end] = [from * pace, to * pace];
    if (now < begin) return fakeStep(name);
    return now < end ? fakeStep(name, begin) : fakeStep(name, begin, end);
  };
  const build = fakeJob('build', [step('checkout', 5, 15), step('compile', 15, 105)]);
  // GitHub lists a job once those that it needs are done.
  if (now < 105 * pace) return [build];
  return [build, fakeJob('test', [step('unit', 110, 200), step('e2e', 200, 290)])];
}

describe('the GitHub source', () => {
  let gh: Gh;
  let view: View;
  beforeEach(async () => {
    gh = await createFakeGh();
  });
  afterEach(async () => {
    await view?.close();
    await gh.close();
  });

  const done = (id: number) => fakeRun(id, 'CI', STATES.completed, { jobs: jobsUntil(300) });
  const running = (id: number, now: number) => fakeRun(id, 'CI', STATES.running, { jobs: jobsUntil(now) });

  it('knows the steps that are still to come from an earlier run', async () => {
    await gh.edit(() => [running(9, 50), done(8), done(7), done(6), done(5)]);
    view = openView(sourceOf(gh));
    await view.live();
    const task = view.task('9');
    expect(task.steps.map(({ name, status }) => [name, status])).toEqual([
      ['build / checkout', 'completed'],
      ['build / compile', 'running'],
      ['test / unit', 'pending'],
      ['test / e2e', 'pending'],
    ]);
    expect(task.steps[0]).toMatchObject({ startedAt: STARTED + 5_000, endedAt: STARTED + 15_000 });
    expect(task).toMatchObject({
      name: 'door CI #9',
      url: 'https://github.com/ann/door/actions/runs/9',
      labels: { title: 'Mend the door', branch: 'main' },
    });
    expect(view.task('8').steps.map(({ name }) => name)).toEqual(task.steps.map(({ name }) => name));
    // Two earlier ones are asked for, each once.
    await eventually(async () =>
      expect((await gh.calls()).filter((call) => call.includes('/runs/9/jobs'))).toHaveLength(3),
    );
    const others = (await gh.calls()).filter((call) => /runs\/[^9]+\/jobs/u.test(call));
    const lineOf = (id: number) => `gh api repos/ann/door/actions/runs/${id}/jobs?per_page=100`;
    expect(others.toSorted()).toEqual([7, 8].map(lineOf));
  });

  it('has an end foretold from runs that ended before anybody looked', async () => {
    await gh.edit(() => [running(9, 50), done(8), done(7), done(6), done(5)]);
    view = openView(sourceOf(gh));
    await view.live();
    const learnt = createEtaIndex();
    for (const id of ['8', '7']) learnt.observe('github', view.task(id), STARTED);
    const history = openRunHistory(`${gh.directory}/runs.db`);
    history.learn(learnt.takeFinished());
    const index = createEtaIndex();
    index.remember({ ...history, score: () => null });
    const task = view.task('9');
    index.observe('github', task, STARTED + 50_000);
    const estimate = index.shownEstimate(task.id, STARTED + 50_000);
    history.close();
    expect(estimate).toMatchObject({ basis: 'history', earlierRuns: 2 });
    expect(Math.abs((estimate?.remainingMs ?? 0) - 240_000)).toBeLessThan(25_000);
  });

  it('asks once more for the steps of a run that has ended', async () => {
    await gh.edit(() => [running(9, 50)]);
    view = openView(sourceOf(gh));
    await view.live();
    await gh.edit(() => [done(9)]);
    await eventually(() =>
      expect(view.task('9').steps.map(({ status }) => status)).toEqual(Array(4).fill('completed')),
    );
    expect(view.task('9').steps[3]).toMatchObject({
      startedAt: STARTED + 200_000,
      endedAt: STARTED + 290_000,
    });
  });

  it('says in which step a run has failed', async () => {
    await gh.edit(() => [running(9, 50)]);
    view = openView(sourceOf(gh));
    await view.live();
    const jobs = [fakeJob('build', [fakeStep('checkout', 5, 15), fakeStep('compile', 15, 60, 'failure')])];
    const failed = (id: number) => fakeRun(id, 'CI', STATES.failed, { jobs });
    await gh.edit(() => [failed(9), ...[8, 7, 6, 5].map(failed)]);
    await eventually(() =>
      expect(view.task('9').state).toMatchObject({ status: 'failed', error: 'build / compile' }),
    );
    const errors = [8, 7, 6, 5].map((id) => view.task(String(id)).state);
    expect(errors.map((state) => 'error' in state && state.error)).toEqual([
      'build / compile',
      'build / compile',
      null,
      null,
    ]);
  });

  it('asks an older gh for less', async () => {
    await gh.close();
    gh = await createFakeGh({ lacks: ['attempt', 'workflowDatabaseId'] });
    await gh.edit(() => [done(9)]);
    view = openView(sourceOf(gh, ''));
    await view.live();
    expect(view.statuses()).toEqual({ 9: 'completed' });
    const calls = await gh.calls();
    expect(calls.every((call) => !call.includes('--repo'))).toBe(true);
    expect(calls).toContain('gh api repos/{owner}/{repo}/actions/runs/9/jobs?per_page=100');
  });

  it('runs again only what failed, and cancels nothing that waits for an approval', async () => {
    await gh.edit(() => [
      fakeRun(1, 'CI', STATES.failed),
      fakeRun(2, 'CI', { status: 'completed', conclusion: 'cancelled' }),
      fakeRun(3, 'deploy', { status: 'waiting' }),
      fakeRun(4, 'fork', { status: 'completed', conclusion: 'action_required' }),
    ]);
    const source = sourceOf(gh);
    view = openView(source);
    await view.live();
    await gh.obey();
    for (const id of ['1', '2'])
      expect(await source.commands.retry?.(id, commandContext())).toEqual({ kind: 'sent' });
    expect(await gh.calls()).toEqual(
      expect.arrayContaining(['gh run rerun 1 --failed --repo ann/door', 'gh run rerun 2 --repo ann/door']),
    );
    for (const id of ['3', '4']) {
      expect(view.task(id)).toMatchObject({
        state: { status: 'needs-input' },
        question: { text: expect.stringContaining('Approve'), choices: [] },
      });
      expect(view.task(id).offers).toMatchObject([
        { command: 'cancel', refusal: expect.stringMatching(/\S/u) },
      ]);
    }
    await eventually(() => expect(view.task('1').attempts).toBe(2));
  });

  it('repeats no secret of an answer', async () => {
    await gh.edit(() => [fakeRun(1, 'CI', STATES.running)]);
    const source = sourceOf(gh);
    view = openView(source);
    await view.live();
    const answer = await source.commands.cancel?.('1', commandContext());
    expect(answer).toMatchObject({ problem: { message: expect.stringContaining('HTTP 410: Gone') } });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it.each([
    ['is not logged in', 'exit 4', 'gh is not logged in to GitHub', 'log in: gh auth login'],
    [
      'has an old login',
      'echo "HTTP 401: Bad credentials (https://api.github.com/x)" >&2; exit 1',
      'gh is not logged in to GitHub',
      'log in: gh auth login',
    ],
    [
      'has asked too often',
      'echo "HTTP 403: API rate limit exceeded for user ID 1." >&2; exit 1',
      'GitHub does not answer any more: too many requests',
      'see: gh api rate_limit',
    ],
    [
      'is in no clone',
      'echo "failed to determine base repo: failed to run git: fatal: not a git repository" >&2; exit 1',
      'this directory is not a clone of a GitHub repository',
      'name one: gh:OWNER/REPO',
    ],
    [
      'sees no such repository',
      'echo "HTTP 404: Not Found (https://api.github.com/x)" >&2; exit 1',
      'there is no ann/door on GitHub that this login may see',
      'see: gh auth status',
    ],
  ])('says so if gh %s', async (_what, script, message, hint) => {
    await gh.become(`#!/bin/sh\n${script}\n`);
    view = openView(sourceOf(gh));
    await eventually(() => expect(view.record().problem).toMatchObject({ message, hint }));
  });

  it.each([
    'ann',
    'ann/',
    '/door',
    '--repo',
    '-x/y',
    'ann/door/',
    'a b/c',
    'a/b/c/d',
    'https://github.com/ann/door',
  ])('takes %j for no repository', (place) =>
    expect(openGithub({ id: sourceId('gh'), place, clock: askingClock, env: {}, cwd: '/' })).toMatchObject({
      kind: 'malformed',
      hint: expect.stringContaining('OWNER/REPO'),
    }),
  );
});
