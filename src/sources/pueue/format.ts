import { jsonObject } from '../../model/json.ts';
import { readMoment } from '../../model/moment.ts';
import type { Problem } from '../../model/problem.ts';
import type { TaskState } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { decodeIds, decodeLabels, latestOf } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList, unknownStatus } from '../kit/decode-list.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import { withWaiting } from '../kit/waiting.ts';

type Json = Readonly<Record<string, unknown>>;

/** All tasks of a pueue daemon. */
export interface PueueReading {
  readonly tasks: readonly TaskDraft[];
  readonly problem: Problem | null;
}

/**
 * Reads what `pueue status --json` prints and `state.json` contains; null if it is neither. Each task contains its whole
 * environment, which is dropped here.
 */
export function decodePueue(document: unknown): PueueReading | null {
  const state = jsonObject(document);
  const [tasks, groups] = [jsonObject(state?.tasks), jsonObject(state?.groups)];
  if (!tasks || !groups) return null;
  const paused = new Set(Object.keys(groups).filter((name) => isPaused(groups[name])));
  const { items, problem } = decodeList(Object.values(tasks), words`tasks`, (raw) => decodeTask(raw, paused));
  const states = new Map(items.map((task) => [task.nativeId, task.state]));
  return { tasks: items.map((task) => withWaiting(task, states)), problem };
}

function isPaused(group: unknown): boolean {
  return (jsonObject(group)?.status ?? group) === 'Paused';
}

function decodeTask(raw: unknown, pausedGroups: ReadonlySet<string>): DecodedItem<TaskDraft> {
  const task = jsonObject(raw);
  if (!task) return { wrong: words`it is not a JSON object` };
  const nativeId = plainNameOrNull(task.id);
  if (nativeId === null || !/^\d+$/u.test(nativeId)) return { wrong: words`it has no id` };
  const { envs: _, ...shown } = task;
  const { word, facts } = statusOf(task);
  const times = { ...task, ...facts };
  const [startedAt, endedAt] = [readMoment(times.start), readMoment(times.end)];
  const state = stateOf(
    word,
    facts,
    endedAt,
    pausedGroups.has(plainNameOrNull(task.group) ?? '') ? task.group : null,
  );
  const command = plainNameOrNull(task.original_command) ?? plainNameOrNull(task.command);
  const cwd = plainNameOrNull(task.path);
  const moments = [times.created_at, times.enqueued_at].map((at) => readMoment(at));
  const item: TaskDraft = {
    ...BARE_DRAFT,
    nativeId,
    name: plainNameOrNull(task.label) ?? command ?? words`task ${nativeId}`,
    state: state ?? { status: 'queued', reason: plainNameOrNull(word) },
    startedAt,
    updatedAt: latestOf([startedAt, endedAt, ...moments]),
    dependencies: decodeIds(Array.isArray(task.dependencies) ? task.dependencies : []),
    labels: decodeLabels([
      ['group', task.group],
      ['command', task.label ? command : null],
      ['priority', task.priority || null],
    ]),
    ...(cwd && { cwd }),
    mayBeQuiet: true,
    raw: shown,
  };
  return { item, oddities: state ? [] : [unknownStatus(plainName(word))] };
}

/**
 * Returns a status's word and its details: `{"Running": {"start": …}}`. Before version 4 it was only a word, or
 * `{"Done": "Success"}`, and the times were next to it.
 */
function statusOf({ status }: Json): { readonly word: string; readonly facts: Json } {
  if (typeof status === 'string') return { word: status, facts: {} };
  const [word = '', facts] = Object.entries(jsonObject(status) ?? {})[0] ?? [];
  const told = jsonObject(facts);
  const isResult = word === 'Done' && !Object.hasOwn(told ?? {}, 'result');
  return { word, facts: isResult ? { result: facts } : (told ?? {}) };
}

/** Returns what a task is doing; null if the word is unknown. */
function stateOf(word: string, facts: Json, endedAt: number | null, pausedGroup: unknown): TaskState | null {
  switch (word) {
    case 'Queued':
      return pausedGroup === null
        ? { status: 'queued', reason: null }
        : {
            status: 'waiting',
            reason: words`group ${plainNameOrNull(pausedGroup) ?? words`(no name)`} is paused`,
          };
    case 'Running':
      return { status: 'running', reason: null };
    case 'Paused':
      return { status: 'waiting', reason: words`paused` };
    case 'Stashed':
      return { status: 'waiting', reason: words`stashed: ${whenEnqueued(facts)}` };
    case 'Locked':
      return { status: 'waiting', reason: words`it is being edited` };
    case 'Done':
      return endOf(facts.result, endedAt);
    default:
      return null;
  }
}

function whenEnqueued(facts: Json): PlainText {
  const at = readMoment(facts.enqueue_at);
  return at === null ? words`pueue enqueue starts it` : words`until ${plainName(String(facts.enqueue_at))}`;
}

function endOf(result: unknown, endedAt: number | null): TaskState {
  const [word, detail] = Object.entries(
    jsonObject(result) ?? { [plainNameOrNull(result) ?? '']: null },
  )[0] ?? ['', null];
  const told = plainNameOrNull(detail);
  switch (word) {
    case 'Success':
      return { status: 'completed', endedAt, result: null };
    case 'Killed':
      return { status: 'cancelled', endedAt, reason: words`killed` };
    case 'Failed':
      return { status: 'failed', endedAt, error: told ? words`exit code ${told}` : null };
    case 'FailedToSpawn':
      return { status: 'failed', endedAt, error: words`could not be started: ${told ?? words`no reason`}` };
    case 'DependencyFailed':
      return { status: 'failed', endedAt, error: words`a task that it depends on failed` };
    case 'Errored':
      return { status: 'failed', endedAt, error: words`pueue could not read or write: see pueued's log` };
    default:
      return { status: 'failed', endedAt, error: plainNameOrNull(word) };
  }
}
