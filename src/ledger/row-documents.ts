import { jsonObject } from '../model/json.ts';
import { percentage } from '../model/progress.ts';
import { STEP_STATUSES } from '../model/task.ts';
import {
  ACTION_TIMEOUT_MS,
  type StepDefinition,
  type StepState,
  type TaskAction,
  type TaskDefinition,
} from './types.ts';

/** The part of a definition that is stored in its row's JSON document: everything that is never searched for. */
type DefinitionDocument = Omit<
  TaskDefinition,
  'id' | 'name' | 'description' | 'job' | 'module' | 'priority' | 'dependencies'
>;

/**
 * Decodes the JSON document of a definition's row. Other programs may have written it, so it may contain anything. Malformed
 * values count as absent; but a malformed action becomes one that always fails, so that nothing passes as verified.
 */
export function decodeDocument(text: string): DefinitionDocument {
  const document = jsonObject(parsed(text)) ?? {};
  return {
    steps: objectsIn(document.steps).map(stepOf),
    verification: actionOf(document.verification),
    beforeCompletion: actionsIn(document.beforeCompletion),
    afterCompletion: actionsIn(document.afterCompletion),
    rollback: actionOf(document.rollback),
    labels: labelsOf(document.labels),
    extra: jsonObject(document.extra) ?? {},
  };
}

/** Decodes the steps of a run's row. */
export function decodeSteps(text: string): StepState[] {
  return objectsIn(parsed(text)).map((step) => ({
    ...stepOf(step),
    status: STEP_STATUSES.find((status) => status === step.status) ?? 'pending',
    progress: percentage(step.progress),
    startedAt: numberOrNull(step.startedAt),
    endedAt: numberOrNull(step.endedAt),
  }));
}

/** A command that cannot be started. */
const NO_COMMAND: readonly string[] = [];

function stepOf({ name, weight }: Record<string, unknown>): StepDefinition {
  const isWeight = typeof weight === 'number' && weight > 0;
  return { name: textOrNull(name) ?? '', weight: isWeight ? weight : 1 };
}

function actionsIn(value: unknown): TaskAction[] {
  if (value === undefined || value === null) return [];
  const listed = Array.isArray(value) ? value : [value];
  return listed.map(actionOf).filter((action) => action !== null);
}

function actionOf(value: unknown): TaskAction | null {
  if (value === undefined || value === null) return null;
  const raw = jsonObject(value) ?? {};
  const name = textOrNull(raw.name);
  const timeoutMs = numberOrNull(raw.timeoutMs) ?? ACTION_TIMEOUT_MS;
  if (typeof raw.function === 'string') return { name, function: raw.function, timeoutMs };
  return { name, command: commandOf(raw.command), cwd: textOrNull(raw.cwd), timeoutMs };
}

function commandOf(value: unknown): string | readonly string[] {
  if (typeof value === 'string' && value.trim() !== '') return value;
  const isWords = Array.isArray(value) && value.every((word) => typeof word === 'string');
  return isWords ? value : NO_COMMAND;
}

function labelsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(jsonObject(value) ?? {});
  return Object.fromEntries(entries.map(([key, label]) => [key, String(label)]));
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(jsonObject).filter((item) => item !== null) : [];
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Parses JSON. The tables' constraints ensure that it is valid. */
function parsed(text: string): unknown {
  return JSON.parse(text);
}
