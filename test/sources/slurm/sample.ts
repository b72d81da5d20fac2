import { userInfo } from 'node:os';
import { createFakeProgram } from '../../helpers/fake-program.ts';
import type { WorldStatus } from '../source-contract.ts';

/** A job, as `squeue --json` has it. */
export interface SlurmJob {
  readonly job_id: number;
  readonly name: string;
  readonly [key: string]: unknown;
}

export const SUBMITTED = 1_796_011_264;

/** What Slurm 22.05 says of jobs in these states. */
export const STATES: Readonly<Record<WorldStatus, object>> = {
  queued: { job_state: 'PENDING', state_reason: 'Priority', start_time: 0, end_time: 0, exit_code: 0 },
  running: {
    job_state: 'RUNNING',
    state_reason: 'None',
    start_time: SUBMITTED + 1,
    end_time: SUBMITTED + 1801,
  },
  completed: {
    job_state: 'COMPLETED',
    state_reason: 'None',
    start_time: SUBMITTED + 1,
    end_time: SUBMITTED + 60,
    exit_code: 0,
  },
  failed: {
    job_state: 'FAILED',
    state_reason: 'NonZeroExitCode',
    start_time: SUBMITTED + 1,
    end_time: SUBMITTED + 60,
    exit_code: 768,
  },
};

export function slurmJob(id: number, name: string, state: object, more: object = {}): SlurmJob {
  return {
    job_id: id,
    name,
    array_job_id: 0,
    array_task_id: null,
    array_task_string: '',
    batch_flag: true,
    requeue: true,
    restart_cnt: 0,
    partition: 'debug',
    user_name: userInfo().username,
    user_id: userInfo().uid,
    submit_time: SUBMITTED,
    time_limit: 30,
    dependency: '',
    current_working_directory: '/home/ann/train',
    nodes: 'n1',
    batch_host: 'n1',
    ...state,
    ...more,
  };
}

export function queueOf(jobs: readonly SlurmJob[]) {
  return { meta: { Slurm: { release: '22.05.8' } }, errors: [], jobs };
}

/** A `squeue` with jobs, beside which the other commands of Slurm lie. */
export function createFakeSlurm() {
  return createFakeProgram<readonly SlurmJob[]>(['squeue', 'scancel', 'scontrol', 'sacct'], {
    initial: [],
    broken: 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)',
    body: `
const job = state.find(({ job_id }) => String(job_id) === args.at(-1));
if (program === 'squeue') print({ meta: { Slurm: { release: '22.05.8' } }, errors: [], jobs: state });
else if (program === 'sacct') fail('Slurm accounting storage is disabled');
else if (!obeys || !job) fail(program + ': error: Invalid job id specified');
else {
  const pending = { job_state: 'PENDING', state_reason: 'BeginTime', start_time: 0, end_time: 0, restart_cnt: 1 };
  Object.assign(job, program === 'scancel' ? { job_state: 'CANCELLED', end_time: ${SUBMITTED + 90} } : pending);
  save(state);
}`,
  });
}
