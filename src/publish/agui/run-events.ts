import type { RunIds } from './run-input.ts';

/** A run ends this long after nothing is under way any more: tasks that follow each other make one run. */
export const RUN_END_AFTER_MS = 200;

/** The part of a task that determines whether a run is over. */
export interface RunTask {
  readonly taskId: string;
  readonly taskName: string;
  readonly status: string;
  readonly error?: string | undefined;
}

/** Watches the tasks that one run shows. */
export interface RunWatch {
  /** Takes the current tasks. */
  see(tasks: readonly RunTask[]): void;
  /** Returns the event that ends the run: RUN_ERROR if something failed while it lasted. */
  end(): object;
}

/** Returns the first event of a run, before which the protocol's own client accepts no other. */
export function runStarted({ threadId, runId }: RunIds): object {
  return { type: 'RUN_STARTED', threadId, runId };
}

/** Watches a run for failures. A task that had failed before it began does not count, unless it was tried again. */
export function watchRun({ threadId, runId }: RunIds, before: readonly RunTask[]): RunWatch {
  const failedBefore = new Set(before.filter(hasFailed).map(({ taskId }) => taskId));
  let failed: readonly RunTask[] = [];
  return {
    see(tasks) {
      for (const task of tasks) if (!hasFailed(task)) failedBefore.delete(task.taskId);
      failed = tasks.filter((task) => hasFailed(task) && !failedBefore.has(task.taskId));
    },
    end() {
      const [first] = failed;
      if (!first) return { type: 'RUN_FINISHED', threadId, runId };
      const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
      return { type: 'RUN_ERROR', message: `${first.taskName}: ${first.error ?? 'failed'}${more}` };
    },
  };
}

/** Returns the text of a server-sent event. */
export function eventText(event: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(event)}\n\n`;
}

function hasFailed({ status }: RunTask): boolean {
  return status === 'failed';
}
