import { jsonObject, readJson } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { percentage } from '../../model/progress.ts';
import { type Note, STEP_STATUSES, type Step, type TaskState } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, plainTextOrNull, words } from '../../model/text.ts';

import { epochMs, type TaskDraft } from '../kit/task-draft.ts';
import type { NoteRow, ShownRow, ShownRows } from './shown-rows.ts';

/** A task of the ledger as its own row describes it: whether it waits follows only from the others. */
export interface ShownTask {
  readonly draft: TaskDraft;
  /** It is completed, and the hooks after it have finished: what depends on it may begin. */
  readonly isDone: boolean;
}

/** Shared, because most tasks have none of most things. */
const NONE: readonly never[] = [];
const NOTES_SHOWN = 1_000;
const DURATIONS_KEPT = 50;

/** Reads a row with everything that belongs to it. The values may be anything: an invalid one counts as absent. */
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
    startedAt: epochMs(row.startedAt),
    updatedAt: epochMs(row.updatedAt),
    attempts: typeof row.attempt === 'number' && row.attempt >= 1 ? row.attempt : 1,
    priority: typeof row.priority === 'number' && Number.isFinite(row.priority) ? row.priority : null,
    dependencies: belongings.dependencies.get(row.id)?.map(plainName) ?? NONE,
    notes: belongings.notes.get(row.id)?.slice(-NOTES_SHOWN).flatMap(decodeNote) ?? NONE,
    sessions: NONE,
    labels: sharedLabels(row),
    raw: null,
  };
  const withPast = durations ? { ...draft, pastDurationsMs: durations.slice(-DURATIONS_KEPT) } : draft;
  return { draft: withPast, isDone: row.status === 'completed' && row.isClaimed !== 1 };
}

const QUEUED: TaskState = { status: 'queued', reason: null };
const RUNNING: TaskState = { status: 'running', reason: null };
const VERIFIED: TaskState = { status: 'running', reason: words`it is being verified` };

function decodeState(row: ShownRow): TaskState {
  const endedAt = epochMs(row.endedAt);
  switch (row.status) {
    case 'pending':
      return QUEUED;
    case 'in_progress':
      return RUNNING;
    case 'completing':
      return VERIFIED;
    case 'completed':
      return { status: 'completed', endedAt, result: plainTextOrNull(row.result) };
    case 'failed':
      return { status: 'failed', endedAt, error: plainTextOrNull(row.error) };
    case 'cancelled':
      return { status: 'cancelled', endedAt, reason: plainTextOrNull(row.error) };
    default:
      return { status: 'queued', reason: plainNameOrNull(row.status) ?? words`(no word)` };
  }
}

function decodeSteps(raw: unknown): readonly Step[] {
  if (raw === '[]') return NONE;
  const listed = parsed(raw);
  if (!Array.isArray(listed)) return NONE;
  return listed.slice(0, STEP_LIMIT).map((entry: unknown, index) => {
    const step = jsonObject(entry) ?? {};
    return {
      index,
      name: plainNameOrNull(step.name) ?? words`step ${index + 1}`,
      status: STEP_STATUSES.find((word) => word === step.status) ?? 'pending',
      progress: percentage(step.progress),
      weight: typeof step.weight === 'number' && step.weight > 0 ? step.weight : 1,
      startedAt: epochMs(step.startedAt),
      endedAt: epochMs(step.endedAt),
    };
  });
}

function decodeNote({ at, by, text }: NoteRow): Note[] {
  const said = plainTextOrNull(text);
  const author = plainNameOrNull(by);
  if (said === null) return [];
  return [{ at: epochMs(at), text: author === null ? said : words`${author}: ${said}` }];
}

const LABELS_SHARED = 1_000;
const shared = new Map<string, Readonly<Record<string, PlainText>>>();

/** Shares labels: many tasks of a ledger have the same ones, which saves a hundred thousand objects. */
function sharedLabels(row: ShownRow): Readonly<Record<string, PlainText>> {
  const { labels, module, job, jobRun, description, run, verifiedAt, isForced } = row;
  const isOwn = jobRun !== null || description !== null || verifiedAt !== null || run !== 1 || isForced !== 0;
  if (isOwn) return decodeLabels(row);
  const key = JSON.stringify([labels, module, job]);
  const known = shared.get(key);
  if (known) return known;
  const decoded = decodeLabels(row);
  if (shared.size < LABELS_SHARED) shared.set(key, decoded);
  return decoded;
}

/** Decodes the definition's own labels, and the properties of the task that have no place of their own. */
function decodeLabels(row: ShownRow): Record<string, PlainText> {
  const labels: Record<string, PlainText> = {};
  const add = (key: string, value: unknown) => {
    const text = value === null ? null : plainNameOrNull(value);
    if (text !== null) labels[key] = text;
  };
  if (row.labels !== '{}' && row.labels !== null)
    for (const [key, value] of Object.entries(jsonObject(parsed(row.labels)) ?? {}))
      add(plainName(key), value);
  add('module', row.module);
  add('job', row.job);
  add('job run', row.jobRun);
  add('description', row.description);
  if (row.run !== 1) add('run', row.run);
  if (row.verifiedAt !== null) add('verified', isoText(epochMs(row.verifiedAt)));
  if (row.isForced === 1) add('forced', 'completed although it was not verified, or not ready');
  return labels;
}

function isoText(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function parsed(raw: unknown): unknown {
  return typeof raw === 'string' ? readJson(raw) : undefined;
}
