import { TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import type { Counts } from '../store/select.ts';

/** Returns `1 task`, `3 tasks`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

/** Returns a whole number as people read it: `100,000`. */
export function numberText(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/gu, ',');
}

/** Returns a status in words. */
export function statusWord(status: TaskStatus): string {
  return status === 'needs-input' ? 'needs input' : status;
}

/** Returns the statuses that occur, each with its number: `2 running, 1 failed`. */
export function countsText(counts: Counts): string {
  return TASK_STATUSES.filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${statusWord(status)}`)
    .join(', ');
}
