import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceId } from '../../../src/model/id.ts';
import { createSlurmSource } from '../../../src/sources/slurm/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { askingClock, type FakeProgram } from '../../helpers/fake-program.ts';
import { commandContext, describeSourceContract, openView, type View } from '../source-contract.ts';
import { createFakeSlurm, type SlurmJob, STATES, slurmJob } from './sample.ts';

type Slurm = FakeProgram<readonly SlurmJob[]>;

function sourceOf({ env, directory }: Slurm) {
  return createSlurmSource({ id: sourceId('slurm'), clock: askingClock, env, cwd: directory });
}

function hands({ edit }: Slurm) {
  let added = 0;
  return {
    async add({ name, status }: { name: string; status: keyof typeof STATES }) {
      added += 1;
      const job = slurmJob(added, name, STATES[status]);
      await edit((jobs) => [...jobs, job]);
      return String(job.job_id);
    },
    change: (id: string, status: keyof typeof STATES) =>
      edit((jobs) => jobs.map((job) => (String(job.job_id) === id ? { ...job, ...STATES[status] } : job))),
  };
}

describeSourceContract('the Slurm source', async () => {
  const slurm = await createFakeSlurm();
  // Slurm forgets its jobs; those that were seen stay in the view, so nothing is ever removed.
  return { ...slurm, ...hands(slurm), source: sourceOf(slurm) };
});

describe('the Slurm source', () => {
  let slurm: Slurm;
  let view: View;
  beforeEach(async () => {
    slurm = await createFakeSlurm();
  });
  afterEach(async () => {
    await view.close();
    await slurm.close();
  });

  it('keeps what ended when the queue forgets it, and owns up to what it did not see', async () => {
    await slurm.edit(() => [
      slurmJob(1, 'seen', STATES.failed),
      slurmJob(2, 'unseen', STATES.running),
      slurmJob(3, 'still there', STATES.running),
    ]);
    view = openView(sourceOf(slurm));
    await view.live();
    await slurm.edit((jobs) => jobs.slice(2));
    await eventually(() => expect(view.statuses()).toEqual({ 1: 'failed', 2: 'cancelled', 3: 'running' }));
    expect(view.task('2').state).toMatchObject({
      reason: 'it has left the queue: how it ended is not known',
    });
    expect(await slurm.calls()).toContain('sacct --json --jobs 2');

    await slurm.edit((jobs) => [...jobs, slurmJob(2, 'unseen', STATES.queued, { restart_cnt: 1 })]);
    await eventually(() => expect(view.statuses()).toEqual({ 1: 'failed', 2: 'queued', 3: 'running' }));
    expect(view.task('2').attempts).toBe(2);
  });

  it('does not offer what Slurm would not do', async () => {
    const rest = { array_job_id: 3, array_task_string: '1-5000' };
    await slurm.edit(() => [
      slurmJob(1, 'once', STATES.failed, { requeue: false }),
      slurmJob(2, 'salloc', STATES.failed, { batch_flag: false }),
      slurmJob(3, 'many', STATES.queued, rest),
    ]);
    view = openView(sourceOf(slurm));
    await view.live();
    for (const id of ['1', '2', '3'])
      expect(view.task(id).offers).toMatchObject([{ refusal: expect.stringMatching(/\S/u) }]);
    expect(view.task('3').name).toBe('many [1-5000]');
  });

  it("tells why a command was refused, in the program's own words", async () => {
    await slurm.edit(() => [slurmJob(1, 'train', STATES.running)]);
    const source = sourceOf(slurm);
    view = openView(source);
    await view.live();
    expect(await source.commands.cancel?.('1', commandContext())).toMatchObject({
      problem: { message: 'cancel: scancel failed (exit 1): scancel: error: Invalid job id specified' },
    });
  });
});
