import { jsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import type { TaskStatus } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { decodeLabels, latestOf } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList, unknownStatus } from '../kit/decode-list.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import { withWaiting } from '../kit/waiting.ts';
import { slurmState } from './states.ts';
import { arrayTaskIds, slurmMoment, slurmNumber, slurmWords } from './values.ts';

type Json = Readonly<Record<string, unknown>>;

/** Whose jobs are shown: older versions of `squeue --json --me` list everybody's. */
export interface Owner {
  readonly name: string;
  readonly uid: number | null;
}

export interface SlurmReading {
  readonly tasks: readonly TaskDraft[];
  readonly problem: Problem | null;
  /** The native ids of jobs that Slurm would not requeue. */
  readonly notRequeued: ReadonlySet<string>;
}

/** Reads what `squeue --json` prints, from version 21.08 on; null for anything else. */
export function decodeSqueue(document: unknown, owner: Owner, now: number): SlurmReading | null {
  const answer = jsonObject(document);
  if (!answer || !Array.isArray(answer.jobs) || !jsonObject(answer.meta)) return null;
  const listed: unknown[] = answer.jobs;
  const own = listed.filter((raw) => isOf(owner, jsonObject(raw))).flatMap(withArrayTasks);
  const notRequeued = new Set<string>();
  const { items, problem } = decodeList(own, words`jobs`, (raw) => decodeJob(raw, now, notRequeued));
  const states = new Map(items.map((task) => [task.nativeId, task.state]));
  const known = ({ dependencies }: TaskDraft) => dependencies.filter((id) => states.has(id));
  return { tasks: items.map((task) => onlyWaiting(task, known(task), states)), problem, notRequeued };
}

/** Reads what `sacct --json` reports about jobs that have left the queue; null for anything else. */
export function decodeSacct(document: unknown, now: number): SlurmReading | null {
  const answer = jsonObject(document);
  if (!answer || !Array.isArray(answer.jobs)) return null;
  const notRequeued = new Set<string>();
  const { items, problem } = decodeList(answer.jobs.map(asInQueue), words`jobs of sacct`, (raw) =>
    decodeJob(raw, now, notRequeued),
  );
  return { tasks: items, problem, notRequeued };
}

/** Returns a job from accounting under the keys of the queue. */
function asInQueue(raw: unknown): unknown {
  const job = jsonObject(raw);
  if (!job) return raw;
  const [array, state, time] = [jsonObject(job.array), jsonObject(job.state), jsonObject(job.time)];
  return {
    ...job,
    array_job_id: array?.job_id,
    array_task_id: array?.task_id,
    job_state: state?.current,
    state_reason: state?.reason,
    submit_time: time?.submission,
    start_time: time?.start,
    end_time: time?.end,
    time_limit: time?.limit,
    current_working_directory: job.working_directory,
  };
}

function isOf({ name, uid }: Owner, job: Json | null): boolean {
  const id = slurmNumber(job?.user_id);
  if (typeof job?.user_name === 'string' && job.user_name !== '')
    return job.user_name === name || (id !== null && id === uid);
  return id === null || uid === null || id === uid;
}

/** Returns a row for each task of an array that has not begun: Slurm has one entry for all of them. */
function withArrayTasks(raw: unknown): unknown[] {
  const job = jsonObject(raw);
  const list = job?.array_task_string;
  if (!job || slurmNumber(job.array_task_id) !== null || typeof list !== 'string' || list === '')
    return [raw];
  const ids = arrayTaskIds(list);
  return ids ? ids.map((id) => ({ ...job, array_task_id: id, array_task_string: '' })) : [raw];
}

/** Shows which jobs a job waits for, as far as they are listed. */
function onlyWaiting(
  task: TaskDraft,
  dependencies: readonly string[],
  states: ReadonlyMap<string, TaskDraft['state']>,
): TaskDraft {
  const { state } = task;
  const isHeldUp = state.status === 'waiting' && state.reason === 'Dependency' && dependencies.length > 0;
  return isHeldUp
    ? withWaiting({ ...task, dependencies, state: { status: 'queued', reason: null } }, states)
    : { ...task, dependencies };
}

function decodeJob(raw: unknown, now: number, notRequeued: Set<string>): DecodedItem<TaskDraft> {
  const job = jsonObject(raw);
  const id = slurmNumber(job?.job_id);
  if (!job || id === null || id <= 0) return { wrong: words`it has no job_id` };
  const [array, task] = [slurmNumber(job.array_job_id), slurmNumber(job.array_task_id)];
  const nativeId = array && task !== null ? `${array}_${task}` : `${id}`;
  const told = slurmWords(job.job_state);
  const end = slurmMoment(job.end_time);
  // If a job has not ended, its start may be a forecast, and its end is its time limit.
  const facts = { words: told, why: job.state_reason, exit: job.exit_code, endedAt: end };
  const known = slurmState(facts);
  const state = known ?? { status: 'queued', reason: plainNameOrNull(told[0]) };
  const start = slurmMoment(job.start_time);
  const isBegun = hasBegun(state.status, told) && !(state.status === 'cancelled' && start === end);
  const name = plainNameOrNull(job.name) ?? words`job ${id}`;
  const cwd = plainNameOrNull(job.current_working_directory);
  const host = isBegun ? plainNameOrNull(job.batch_host) : null;
  if (job.requeue === false || job.batch_flag === false) notRequeued.add(nativeId);
  const item: TaskDraft = {
    ...BARE_DRAFT,
    nativeId,
    name: array && task !== null ? words`${name} [${task}]` : withRest(name, job),
    state,
    startedAt: isBegun ? start : null,
    updatedAt: latestOf([
      slurmMoment(job.submit_time),
      isBegun ? start : null,
      'endedAt' in state ? end : null,
    ]),
    attempts: Math.max(1, (slurmNumber(job.restart_cnt) ?? 0) + 1),
    dependencies: dependenciesIn(job.dependency),
    notes: isBegun || start === null || start <= now ? [] : [forecast(start)],
    labels: decodeLabels([
      ['partition', job.partition],
      ['time limit', timeLimit(job.time_limit)],
      ['nodes', isBegun ? job.nodes : null],
    ]),
    ...(cwd && { cwd }),
    ...(host && { host }),
    mayBeQuiet: true,
    raw: shown(job),
  };
  return { item, oddities: known ? [] : [unknownStatus(plainName(told[0] ?? ''))] };
}

/**
 * Tells whether a start time is a real one; if a job was cancelled in the queue, it equals the end, which the caller handles.
 */
function hasBegun(status: TaskStatus, told: readonly string[]): boolean {
  return status !== 'queued' && (status !== 'waiting' || told.includes('SUSPENDED'));
}

function withRest(name: PlainText, { array_task_string: list }: Json): PlainText {
  const rest = plainNameOrNull(list);
  return rest ? words`${name} [${rest}]` : name;
}

/** Tells whether a row stands for several tasks of an array: `scancel` of its id would end those that run, too. */
export function isRestOfArray({ raw }: Pick<TaskDraft, 'raw'>): boolean {
  const job = jsonObject(raw);
  return slurmNumber(job?.array_task_id) === null && plainNameOrNull(job?.array_task_string) !== null;
}

/** Reads the ids in `afterok:12(unfulfilled),afterany:7_1`. */
function dependenciesIn(raw: unknown): string[] {
  if (typeof raw !== 'string') return [];
  return [...new Set(raw.slice(0, 10_000).match(/(?<=:)\d+(?:_\d+)?(?![\d*_])/gu) ?? [])];
}

function forecast(at: number) {
  const day = new Date(at);
  const two = (part: number) => plainName(String(part).padStart(2, '0'));
  const date = words`${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  const text = words`Slurm expects it to begin at ${date} ${two(day.getHours())}:${two(day.getMinutes())}`;
  return { at: null, text };
}

function timeLimit(raw: unknown): PlainText | null {
  const minutes = slurmNumber(raw);
  if (minutes === null || minutes <= 0) return null;
  return minutes % 60 === 0 ? words`${minutes / 60} h` : words`${minutes} min`;
}

/** The keys worth showing, of a job's hundred or so. A comment or the environment may contain anything. */
const SHOWN = [
  'job_id',
  'array_job_id',
  'array_task_id',
  'array_task_string',
  'name',
  'job_state',
  'state_reason',
  'state_description',
  'partition',
  'qos',
  'nodes',
  'submit_time',
  'start_time',
  'end_time',
  'time_limit',
  'dependency',
  'exit_code',
  'restart_cnt',
  'current_working_directory',
  'standard_output',
  'standard_error',
  'tres_req_str',
];

function shown(job: Json): Json {
  return Object.fromEntries(SHOWN.filter((key) => Object.hasOwn(job, key)).map((key) => [key, job[key]]));
}
