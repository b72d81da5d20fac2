import type { HistoryEntry } from '../../../ledger/history-entry.ts';
import type { TaskNote, TaskRecord } from '../../../ledger/types.ts';
import { overallProgress } from '../../../model/progress.ts';

/** Returns a task as `--json` prints it: definition and current run in one object. Times are epoch ms. */
export function taskDocument({ definition, status, waitsFor }: TaskRecord) {
  const { id, name, description, job, module, priority, dependencies, labels } = definition;
  return {
    id,
    name,
    status: status.status,
    progress: progressOf({ status }),
    job,
    module,
    priority,
    description,
    dependencies,
    waitsFor,
    run: status.run,
    attempts: status.attempt,
    jobRun: status.jobRun,
    steps: status.steps.map((step, index) => ({ index, ...step })),
    result: status.result,
    error: status.error,
    isForced: status.isForced,
    verifiedAt: status.verifiedAt,
    createdAt: status.createdAt,
    startedAt: status.startedAt,
    endedAt: status.endedAt,
    updatedAt: status.updatedAt,
    version: status.version,
    labels,
    verification: definition.verification,
    beforeCompletion: definition.beforeCompletion,
    afterCompletion: definition.afterCompletion,
    rollback: definition.rollback,
  };
}

/** Returns a task with its whole history and all notes. */
export function taskDetailDocument(
  record: TaskRecord,
  notes: readonly TaskNote[],
  history: readonly HistoryEntry[],
) {
  return {
    ...taskDocument(record),
    notes: notes.map(({ at, by, text }) => ({ at, by, text })),
    history: history.map(({ task: _, ...entry }) => entry),
  };
}

/** Returns 0–100 with one decimal; null if it is unknown. */
export function progressOf({ status }: Pick<TaskRecord, 'status'>): number | null {
  return overallProgress({
    state: status,
    steps: status.steps,
    totalSteps: status.steps.length,
    reportedProgress: status.progress,
  });
}

/** Returns JSON in which characters that a terminal would interpret or hide are escaped; the document means the same. */
export function jsonText(document: unknown, indentation = 2): string {
  return JSON.stringify(document, null, indentation).replace(
    /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) =>
      character
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
  );
}
