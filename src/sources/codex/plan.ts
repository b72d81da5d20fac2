import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import type { StepStatus } from '../../model/task.ts';
import { type PlainText, plainNameOrNull, words } from '../../model/text.ts';

/** A step of the plan that the agent has made. */
export interface PlanStep {
  readonly name: PlainText;
  readonly status: StepStatus;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

const STATUSES: ReadonlyMap<unknown, StepStatus> = new Map([
  ['pending', 'pending'],
  ['in_progress', 'running'],
  ['completed', 'completed'],
]);

/**
 * Reads a plan that was made at `at`, with the times that follow from the previous one. A step is identified by its text, or
 * else by its place. `isFirst` means that there was no plan before, so what is under way has just begun.
 */
export function decodePlan(
  listed: readonly unknown[],
  before: readonly PlanStep[] | null,
  at: number | null,
  isFirst: boolean,
): PlanStep[] {
  const known = new Map(before?.map((step) => [step.name, step]));
  return listed.slice(0, STEP_LIMIT).map((raw, index): PlanStep => {
    const step = jsonObject(raw);
    const name = plainNameOrNull(step?.step) ?? words`step ${index + 1}`;
    const status = STATUSES.get(step?.status) ?? 'pending';
    if (status === 'pending') return { name, status, startedAt: null, endedAt: null };
    const earlier = known.get(name) ?? before?.[index];
    const isNews = earlier ? earlier.status !== status : isFirst;
    const startedAt = status === 'running' && isNews ? at : (earlier?.startedAt ?? null);
    const endedAt = earlier && isNews ? at : (earlier?.endedAt ?? null);
    return { name, status, startedAt, endedAt: status === 'completed' ? endedAt : null };
  });
}
