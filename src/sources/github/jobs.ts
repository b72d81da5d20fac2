import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { readMoment } from '../../model/moment.ts';
import type { Step, StepStatus } from '../../model/task.ts';
import { plainNameOrNull, words } from '../../model/text.ts';
import { conclusionOf } from './words.ts';

/** A job of a run, with its steps as far as they are known. */
export interface RunJob {
  readonly name: string;
  readonly steps: readonly JobStep[];
}

type JobStep = Pick<Step, 'name' | 'status' | 'startedAt' | 'endedAt'>;

/** No workflow has more jobs. */
const MOST_JOBS = 1_000;

/** Reads the jobs of a run in the format of GitHub's API; null for anything else. */
export function decodeJobs(document: unknown): readonly RunJob[] | null {
  const jobs = jsonObject(document)?.jobs;
  if (!Array.isArray(jobs)) return null;
  return jobs
    .slice(0, MOST_JOBS)
    .map(jsonObject)
    .flatMap((job) => (job ? [decodeJob(job)] : []));
}

function decodeJob(job: Readonly<Record<string, unknown>>): RunJob {
  const name = plainNameOrNull(job.name) ?? words`job`;
  const listed: unknown[] = Array.isArray(job.steps) ? job.steps : [];
  const steps = listed.slice(0, STEP_LIMIT).flatMap((raw, index) => {
    const step = jsonObject(raw);
    const label = plainNameOrNull(step?.name) ?? words`step ${index + 1}`;
    return step ? [{ ...timed(step), name: words`${name} / ${label}` }] : [];
  });
  // A job that waits, or was skipped, has no steps: it is shown as one itself.
  return { name, steps: steps.length > 0 ? steps : [{ ...timed(job), name }] };
}

function timed(raw: Readonly<Record<string, unknown>>): Omit<JobStep, 'name'> {
  const status = stepStatus(raw.status, raw.conclusion);
  const startedAt = status === 'pending' || status === 'skipped' ? null : readMoment(raw.started_at);
  const isOver = status === 'completed' || status === 'failed';
  return { status, startedAt, endedAt: isOver ? readMoment(raw.completed_at) : null };
}

function stepStatus(status: unknown, conclusion: unknown): StepStatus {
  if (status === 'in_progress') return 'running';
  if (status !== 'completed') return 'pending';
  if (conclusion === 'skipped') return 'skipped';
  return conclusionOf(conclusion) === 'completed' ? 'completed' : 'failed';
}

/**
 * Returns the steps of a run in the order of an earlier run of the workflow, with those that are still to come: GitHub lists a
 * job only once it can begin, and its steps once it has begun.
 */
export function stepsOf(jobs: readonly RunJob[], earlier: readonly RunJob[], hasEnded: boolean): Step[] {
  const now = new Map(jobs.map((job) => [job.name, job]));
  const before = new Set(earlier.map(({ name }) => name));
  const known = earlier.flatMap((job) => {
    const current = now.get(job.name);
    if (!current) return hasEnded ? [] : [toCome(job)];
    const isListed = current.steps.some(({ name }) => name !== current.name);
    return [isListed || hasEnded || hasBegun(current) ? current : toCome(job)];
  });
  const all = [...known, ...jobs.filter(({ name }) => !before.has(name))];
  return all
    .flatMap(({ steps }) => steps)
    .slice(0, STEP_LIMIT)
    .map((step, index) => ({ ...step, index, progress: null, weight: 1 }));
}

function hasBegun({ steps }: RunJob): boolean {
  return steps.some(({ status }) => status !== 'pending');
}

function toCome(job: RunJob): RunJob {
  const steps = job.steps.map(({ name }) => ({
    name,
    status: 'pending' as const,
    startedAt: null,
    endedAt: null,
  }));
  return { ...job, steps };
}
