import { TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import { joined, type Plain, type PlainText, words } from '../model/text.ts';
import type { Counts } from '../store/select.ts';

/** Returns `1 task`, `3 tasks`. */
export function plural<One extends string>(count: number, noun: Plain<One>): PlainText;
export function plural<One extends string, Many extends string>(
  count: number,
  noun: Plain<One>,
  many: Plain<Many>,
): PlainText;
export function plural(count: number, noun: PlainText, many = words`${noun}s`): PlainText {
  return words`${count} ${count === 1 ? noun : many}`;
}

/** Returns a whole number as people read it: `100,000`. */
export function numberText(count: number): PlainText {
  return words`${count}`.replace(/\B(?=(?:\d{3})+$)/gu, ',');
}

/** Returns a status in words. */
export function statusWord(status: TaskStatus): PlainText {
  return words`${status === 'needs-input' ? 'needs input' : status}`;
}

/** Returns a number of tasks with their status: `1 needs input`, `3 need input`, `2 failed`. */
export function countedStatus(count: number, status: TaskStatus): PlainText {
  return words`${count} ${status === 'needs-input' && count !== 1 ? 'need input' : statusWord(status)}`;
}

/** Returns the statuses that occur, with their numbers: `2 running, 1 failed`. */
export function countsText(counts: Counts): PlainText {
  const told = TASK_STATUSES.filter((status) => counts[status] > 0);
  return joined(
    told.map((status) => countedStatus(counts[status], status)),
    ', ',
  );
}
