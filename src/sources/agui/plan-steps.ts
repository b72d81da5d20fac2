import { jsonObject } from '../../model/json.ts';
import type { Step, StepStatus } from '../../model/task.ts';
import { words } from '../../model/text.ts';
import { LIST_KEYS, textIn, UNDER_WAY } from './activity-text.ts';

const MOST_STEPS = 1_000;
const DONE = /^(?:completed?|done|finished|success|succeeded|ok)$/iu;
const FAILED = /^(?:failed|failure|error)$/iu;
const SKIPPED = /^(?:skipped|cancell?ed)$/iu;

/** Returns the steps of a plan that an agent keeps in its state: a list of objects, each with a status. */
export function planSteps(state: unknown): readonly Step[] {
  const document = jsonObject(state) ?? {};
  for (const key of LIST_KEYS) {
    const list = document[key];
    if (!Array.isArray(list) || list.length === 0) continue;
    const items = list.slice(0, MOST_STEPS).map(jsonObject);
    if (items.every((item) => typeof item?.status === 'string')) return items.map(toStep);
  }
  return [];
}

function toStep(item: Readonly<Record<string, unknown>> | null, index: number): Step {
  const { status, ...text } = item ?? {};
  return {
    index,
    name: textIn(text) ?? words`step ${index + 1}`,
    status: stepStatus(String(status)),
    progress: null,
    weight: 1,
    startedAt: null,
    endedAt: null,
  };
}

function stepStatus(word: string): StepStatus {
  if (DONE.test(word)) return 'completed';
  if (UNDER_WAY.test(word)) return 'running';
  if (FAILED.test(word)) return 'failed';
  return SKIPPED.test(word) ? 'skipped' : 'pending';
}
