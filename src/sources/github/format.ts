import { jsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import type { TaskState } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { decodeDetails } from '../kit/decode-details.ts';
import { decodeLabels, latestOf } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList, unknownStatus } from '../kit/decode-list.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import { type RunJob, stepsOf } from './jobs.ts';
import { readGoTime, runState } from './words.ts';

/** A run of a workflow, as a task without its steps. */
export interface Run {
  readonly nativeId: string;
  /** Tells this attempt from others, and from other runs. */
  readonly attemptKey: string;
  /** Tells which runs can be compared. */
  readonly workflow: string;
  readonly task: TaskDraft;
}

/** The fields to request from `gh run list`. Older versions do not know `attempt`. */
export const RUN_FIELDS = [
  'attempt',
  'conclusion',
  'createdAt',
  'databaseId',
  'displayTitle',
  'event',
  'headBranch',
  'headSha',
  'name',
  'number',
  'startedAt',
  'status',
  'updatedAt',
  'url',
  'workflowDatabaseId',
  'workflowName',
] as const;

/** Reads what `gh run list --json` prints; null for anything else. */
export function decodeRuns(
  document: unknown,
): { readonly runs: readonly Run[]; readonly problem: Problem | null } | null {
  if (!Array.isArray(document)) return null;
  const listed: unknown[] = document;
  if (!listed.every((raw) => Object.hasOwn(jsonObject(raw) ?? {}, 'databaseId'))) return null;
  const { items, problem } = decodeList(listed, words`runs`, decodeRun);
  return { runs: items, problem };
}

function decodeRun(raw: unknown): DecodedItem<Run> {
  const run = jsonObject(raw);
  const nativeId = plainNameOrNull(run?.databaseId);
  if (!run || nativeId === null || !/^\d+$/u.test(nativeId)) return { wrong: words`it has no databaseId` };
  const [updatedAt, createdAt] = [readGoTime(run.updatedAt), readGoTime(run.createdAt)];
  const state = runState(run, updatedAt);
  const hasBegun = state !== null && state.status !== 'queued';
  const attempt = typeof run.attempt === 'number' && run.attempt >= 1 ? Math.round(run.attempt) : 1;
  const workflow = plainNameOrNull(run.workflowName) ?? plainNameOrNull(run.name) ?? words`workflow`;
  const { url } = decodeDetails(run);
  const item: Run = {
    nativeId,
    attemptKey: `${nativeId}.${attempt}`,
    workflow: plainNameOrNull(run.workflowDatabaseId) ?? workflow,
    task: {
      ...BARE_DRAFT,
      nativeId,
      // Runs of one workflow are runs of one job, whatever commit they are for: the name says no more than that.
      name: nameOf(repositoryIn(url), workflow, plainNameOrNull(run.number)),
      state: state ?? { status: 'queued', reason: plainNameOrNull(run.status) },
      startedAt: hasBegun ? (readGoTime(run.startedAt) ?? createdAt) : null,
      updatedAt: latestOf([updatedAt, createdAt]),
      attempts: attempt,
      labels: decodeLabels([
        ['title', run.displayTitle],
        ['branch', run.headBranch],
        ['event', run.event],
        ['commit', typeof run.headSha === 'string' ? run.headSha.slice(0, 12) : null],
      ]),
      ...(url && { url }),
      ...(state?.status === 'needs-input' && { question: approval(state, updatedAt) }),
      mayBeQuiet: true,
      raw,
    },
  };
  const oddity = unknownStatus(plainNameOrNull(run.status) ?? words`(none)`);
  return { item, oddities: state ? [] : [oddity] };
}

function approval({ status }: TaskState, askedAt: number | null) {
  const text = words`Approve this run? Do it on its page (o opens it).`;
  return { text, choices: [], askedAt: status === 'needs-input' ? askedAt : null };
}

function nameOf(repository: PlainText | null, workflow: PlainText, number: PlainText | null): PlainText {
  const name = repository ? words`${repository} ${workflow}` : workflow;
  return number ? words`${name} #${number}` : name;
}

/** Returns the name of the repository in the address of a run. */
function repositoryIn(url: string | null | undefined): PlainText | null {
  const name = /^https?:\/\/[^/]+\/[^/]+\/([^/]+)\/actions\//u.exec(url ?? '')?.[1];
  return name === undefined ? null : plainName(name);
}

/** Returns a run as a task, with its steps if its jobs are known; `earlier` are the jobs of another run of its workflow. */
export function runTask(
  run: Run,
  jobs: readonly RunJob[] | undefined,
  earlier: readonly RunJob[],
): TaskDraft {
  if (!jobs) return run.task;
  const hasEnded = 'endedAt' in run.task.state;
  const steps = stepsOf(jobs, earlier, hasEnded);
  const failed = steps.find(({ status }) => status === 'failed');
  const { state } = run.task;
  const isUntold = state.status === 'failed' && state.error === null && failed !== undefined;
  return {
    ...run.task,
    steps,
    totalSteps: steps.length,
    state: isUntold ? { ...state, error: failed.name } : state,
  };
}
