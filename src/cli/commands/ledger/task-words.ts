import type { LedgerStatus } from '../../../ledger/sql/words.ts';
import type { TaskRecord } from '../../../ledger/types.ts';
import type { TaskStatus } from '../../../model/task.ts';
import { joined, type PlainText, words } from '../../../model/text.ts';
import { plural } from '../../../present/count.ts';
import { taskGlyph } from '../../../present/glyphs.ts';
import { type Segment, segment } from '../../../present/line.ts';

/** A task's status as it is shown: a pending task is waiting until its dependencies are completed. */
export type ShownStatus = LedgerStatus | 'waiting';

const AS_TASK_STATUS: Readonly<Record<ShownStatus, TaskStatus>> = {
  pending: 'queued',
  waiting: 'waiting',
  in_progress: 'running',
  completing: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

export function shownStatus({ status, waitsFor }: Pick<TaskRecord, 'status' | 'waitsFor'>): ShownStatus {
  return status.status === 'pending' && waitsFor.length > 0 ? 'waiting' : status.status;
}

/** Returns the sign and the word for a status, in its tone. */
export function statusCell(status: ShownStatus, ascii: boolean): Segment {
  const { text, tone } = taskGlyph(AS_TASK_STATUS[status], 0, ascii);
  return segment(words`${text} ${status}`, tone);
}

/** Returns `3 tasks: 2 completed, 1 waiting`. */
export function countLine(records: readonly Pick<TaskRecord, 'status' | 'waitsFor'>[]): PlainText {
  const byStatus = Map.groupBy(records, shownStatus);
  const parts = (Object.keys(AS_TASK_STATUS) as ShownStatus[]).flatMap((status) => {
    const count = byStatus.get(status)?.length ?? 0;
    return count > 0 ? [words`${count} ${status}`] : [];
  });
  return records.length === 0
    ? words`no tasks`
    : words`${plural(records.length, 'task')}: ${joined(parts, ', ')}`;
}
