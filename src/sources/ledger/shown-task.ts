import { percentage } from '../../model/progress.ts';
import type { Note, Step, StepStatus, TaskState } from '../../model/task.ts';
import { ownWords, type PlainText, plainName, plainNameOrNull, plainTextOrNull } from '../../model/text.ts';
import { STEP_LIMIT } from '../decode-list.ts';
import { epochMs, jsonObject, type TaskDraft } from '../task-draft.ts';
import type { NoteRow, ShownRow, ShownRows } from './shown-rows.ts';

/** A task of the ledger as its own row tells it: whether it waits is known only among the others. */
export interface ShownTask {
  readonly draft: TaskDraft;
  /** Completed, and the hooks after it are through: what depends on it may begin. */
  readonly isDone: boolean;
}

const NONE: readonly string[] = [];
const NOTES_SHOWN = 1_000;
const DURATIONS_KEPT = 50;
const STEP_STATUSES: readonly StepStatus[] = ['pending', 'running', 'completed', 'failed', 'skipped'];

/** Reads a row with what belongs to it. Anything may stand in it: what is no such value counts as absent. */
export function decodeShownTask(row: ShownRow, belongings: ShownRows): ShownTask {
  const steps = decodeSteps(row.steps);
  const durations = belongings.durations.get(row.id);
  const draft: TaskDraft = {
    nativeId: plainName(row.id),
    name: plainNameOrNull(row.name) ?? plainName(row.id),
    state: decodeState(row),
    steps,
    totalSteps: steps.length,
    reportedProgress: percentage(row.progress),
    reportedEndAt: null,
    ...(durations ? { pastDurationsMs: durations.slice(-DURATIONS_KEPT) } : {}),
    startedAt: epochMs(row.startedAt),
    updatedAt: epochMs(row.updatedAt),
    attempts: typeof row.attempt === 'number' && row.attempt >= 1 ? row.attempt : 1,
    priority: typeof row.priority === 'number' && Number.isFinite(row.priority) ? row.priority : null,
    dependencies: (belongings.dependencies.get(row.id) ?? NONE).map(plainName),
    notes: (belongings.notes.get(row.id) ?? []).slice(-NOTES_SHOWN).flatMap(decodeNote),
    sessions: [],
    labels: decodeLabels(row),
    raw: row,
  };
  return { draft, isDone: row.status === 'completed' && row.isClaimed !== 1 };
}

function decodeState(row: ShownRow): TaskState {
  const endedAt = epochMs(row.endedAt);
  switch (row.status) {
    case 'pending':
      return { status: 'queued', reason: null };
    case 'in_progress':
      return { status: 'running', reason: null };
    case 'completing':
      return { status: 'running', reason: ownWords('it is being verified') };
    case 'completed':
      return { status: 'completed', endedAt, result: plainTextOrNull(row.result) };
    case 'failed':
      return { status: 'failed', endedAt, error: plainTextOrNull(row.error) };
    case 'cancelled':
      return { status: 'cancelled', endedAt, reason: plainTextOrNull(row.error) };
    default:
      return { status: 'queued', reason: plainNameOrNull(row.status) ?? ownWords('(no word)') };
  }
}

function decodeSteps(raw: unknown): Step[] {
  if (raw === '[]') return [];
  const listed = parsed(raw);
  if (!Array.isArray(listed)) return [];
  return listed.slice(0, STEP_LIMIT).map((entry: unknown, index) => {
    const step = jsonObject(entry) ?? {};
    return {
      index,
      name: plainNameOrNull(step.name) ?? ownWords(`step ${index + 1}`),
      status: STEP_STATUSES.find((word) => word === step.status) ?? 'pending',
      progress: percentage(step.progress),
      weight: typeof step.weight === 'number' && step.weight > 0 ? step.weight : 1,
      startedAt: epochMs(step.startedAt),
      endedAt: epochMs(step.endedAt),
    };
  });
}

function decodeNote({ at, by, text }: NoteRow): Note[] {
  const words = plainTextOrNull(text);
  const author = plainNameOrNull(by);
  if (words === null) return [];
  return [{ at: epochMs(at), text: author === null ? words : ownWords(`${author}: ${words}`) }];
}

/** The definition's own labels, and what of the task has no place of its own. */
function decodeLabels(row: ShownRow): Record<string, PlainText> {
  const own = row.labels === '{}' || row.labels === null ? {} : (jsonObject(parsed(row.labels)) ?? {});
  const verifiedAt = epochMs(row.verifiedAt);
  const labels: Record<string, unknown> = {
    ...own,
    module: row.module,
    job: row.job,
    'job run': row.jobRun,
    run: row.run === 1 ? null : row.run,
    description: row.description,
    verified: verifiedAt === null ? null : new Date(verifiedAt).toISOString(),
    forced: row.isForced === 1 ? 'completed although it was not to be' : null,
  };
  const shown: Record<string, PlainText> = {};
  for (const [key, value] of Object.entries(labels)) {
    const text = value === null ? null : plainNameOrNull(value);
    if (text !== null) shown[plainName(key)] = text;
  }
  return shown;
}

function parsed(raw: unknown): unknown {
  if (typeof raw !== 'string') return null;
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}
