import type { HistoryEntry } from '../../../../ledger/history-entry.ts';
import type { LedgerStatus } from '../../../../ledger/sql/words.ts';
import type { TaskDefinition, TaskRun, TaskTransfer } from '../../../../ledger/types.ts';
import { jsonObject } from '../../../../model/json.ts';
import type { TaskState } from '../../../../model/task.ts';
import { plainNameOrNull } from '../../../../model/text.ts';
import type { TaskDraft } from '../../../../sources/kit/task-draft.ts';
import { CANCELLED_RESULT, decodeBreakdownTask } from '../../../../sources/task-breakdown/format.ts';
import { attemptsOf as attemptsToldOf } from '../../../../sources/task-breakdown/moves.ts';
import { formatNaiveTime } from '../../../../sources/task-breakdown/naive-time.ts';

/** Where a definition keeps its fields from the breakdown that it came from. */
export const BASE_KEY = 'task_breakdown';
/** Where a breakdown's task keeps what only a ledger knows. */
export const LEDGER_KEY = 'taskglass_ledger';

/** A larger number is not a plausible count of attempts, and might be too large to increment. */
const MOST_ATTEMPTS = 1_000_000;

/** The author given for a history that was derived from a breakdown's timestamps. */
const BY = 'task-breakdown';

/** Converts a breakdown's task to a ledger's, as far as both can express it. Returns null if it is not a task. */
export function taskFromFields(fields: Record<string, unknown>, nowMs: number): TaskTransfer | null {
  const decoded = decodeBreakdownTask(fields);
  if ('wrong' in decoded) return null;
  const draft = decoded.item;
  const definition = definitionOf(draft);
  const attempts = Math.min(attemptsToldOf(fields), MOST_ATTEMPTS);
  const run = runOf({ ...draft, attempts }, nowMs);
  return {
    definition,
    runs: [run],
    history: historyOf(run),
    notes: draft.notes.map(({ at, text }) => ({ task: definition.id, at: at ?? nowMs, by: null, text })),
  };
}

/** Returns a ledger's task with a breakdown's keys, in the order in which its writers put them. */
export function fieldsOf({ definition, runs, notes }: TaskTransfer): Record<string, unknown> {
  const { id, name, module, priority, dependencies, extra } = definition;
  const run = runs.at(-1);
  return {
    id,
    description: name,
    ...(module === null ? {} : { module }),
    ...(priority === null ? {} : { priority }),
    dependencies: [...dependencies],
    ...extra,
    status: STATUS_WORDS[run?.status ?? 'pending'],
    started_at: naive(run?.startedAt),
    completed_at: naive(run?.endedAt),
    result: run ? resultOf(run) : null,
    attempts: run ? attemptsOf(run) : 0,
    notes: notes.map(({ at, text }) => ({ timestamp: formatNaiveTime(at), note: text })),
  };
}

const STATUS_WORDS: Readonly<Record<LedgerStatus, string>> = {
  pending: 'pending',
  in_progress: 'in_progress',
  completing: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'failed',
};

function resultOf({ status, result, error }: TaskRun): string | null {
  if (status === 'cancelled') return CANCELLED_RESULT;
  return status === 'failed' ? error : result;
}

/** Converts the number of attempts: a breakdown counts starts, a ledger the attempt that comes next, from 1. */
function attemptsOf({ status, attempt }: TaskRun): number {
  return status === 'pending' ? attempt - 1 : attempt;
}

function definitionOf(draft: TaskDraft): TaskDefinition {
  return {
    id: draft.nativeId,
    name: draft.name,
    description: null,
    job: null,
    module: plainNameOrNull(jsonObject(draft.raw)?.module),
    priority: draft.priority,
    dependencies: draft.dependencies,
    steps: [],
    verification: null,
    beforeCompletion: [],
    afterCompletion: [],
    rollback: null,
    labels: {},
    extra: {},
  };
}

function runOf({ nativeId, state, startedAt, updatedAt, attempts }: TaskDraft, nowMs: number): TaskRun {
  const status = statusOf(state);
  const isPending = status === 'pending';
  return {
    task: nativeId,
    run: 1,
    status,
    attempt: isPending ? attempts + 1 : Math.max(1, attempts),
    jobRun: null,
    progress: null,
    steps: [],
    result: state.status === 'completed' ? state.result : null,
    error: state.status === 'failed' ? state.error : null,
    verifiedAt: null,
    isForced: false,
    version: 1,
    createdAt: startedAt ?? updatedAt ?? nowMs,
    startedAt: isPending ? null : startedAt,
    endedAt: 'endedAt' in state ? state.endedAt : null,
    updatedAt: updatedAt ?? nowMs,
  };
}

function statusOf({ status }: TaskState): LedgerStatus {
  switch (status) {
    case 'running':
    case 'needs-input':
      return 'in_progress';
    case 'completed':
    case 'failed':
    case 'cancelled':
      return status;
    default:
      return 'pending';
  }
}

/** Returns the history that can be derived from the timestamps: the start and the end. */
function historyOf(run: TaskRun): HistoryEntry[] {
  const { task, status, attempt, startedAt, endedAt, error } = run;
  const same = { id: 0, task, run: 1, attempt, by: BY, output: null, progress: null };
  const isEnd = status === 'completed' || status === 'failed' || status === 'cancelled';
  return [
    ...(startedAt === null
      ? []
      : [
          {
            ...same,
            event: 'started',
            from: 'pending',
            to: 'in_progress',
            at: startedAt,
            reason: null,
          } as const,
        ]),
    ...(isEnd && endedAt !== null
      ? [{ ...same, event: status, from: 'in_progress', to: status, at: endedAt, reason: error } as const]
      : []),
  ];
}

function naive(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : formatNaiveTime(ms);
}
