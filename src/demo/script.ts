import { hasEnded, type Task } from '../model/task.ts';
import { FIRST_ROUND, JOB_TO_CANCEL, JOB_TO_RETRY } from './jobs.ts';

/** What the demo does by itself if nobody is there to press keys: names of the tasks to cancel and to retry. */
export const DEMO_SCRIPT = { cancel: JOB_TO_CANCEL, retry: JOB_TO_RETRY } as const;

/** The task to cancel now: it is well under way. */
export function selectTaskToCancel(tasks: readonly Task[]): Task | undefined {
  return tasks.find(
    ({ name, state, reportedProgress }) =>
      name === DEMO_SCRIPT.cancel && state.status === 'running' && (reportedProgress ?? 0) >= 20,
  );
}

/** The task to retry now: it has failed, and was not retried yet. */
export function selectTaskToRetry(tasks: readonly Task[]): Task | undefined {
  const attempts = tasks.filter(({ name }) => name === DEMO_SCRIPT.retry);
  return attempts.every(({ state }) => state.status === 'failed') ? attempts.at(-1) : undefined;
}

/**
 * Whether the first round is over: every job that was asked for has ended, the failed one at its second attempt, and
 * so has everything else that is listed.
 */
export function isFirstRoundOver(tasks: readonly Task[]): boolean {
  const hasOutcome = (name: string, isWanted: (task: Task) => boolean) =>
    tasks.some((task) => task.name === name && isWanted(task));
  const isCompleted = ({ state }: Task) => state.status === 'completed';
  const isEnded = ({ state }: Task) => hasEnded(state.status);
  return (
    tasks.every(isEnded) &&
    FIRST_ROUND.every(({ name }) => hasOutcome(name, name === DEMO_SCRIPT.cancel ? isEnded : isCompleted))
  );
}
