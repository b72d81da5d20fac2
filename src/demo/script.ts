import { hasEnded, type Task } from '../model/task.ts';
import { FIRST_ROUND, JOB_TO_CANCEL, JOB_TO_RETRY } from './jobs.ts';

/** The names of the tasks that the demo itself cancels and retries if nobody is there to press keys. */
const DEMO_SCRIPT = { cancel: JOB_TO_CANCEL, retry: JOB_TO_RETRY } as const;

/** Returns the task to cancel, once it has made some progress. */
export function selectTaskToCancel(tasks: readonly Task[]): Task | undefined {
  return tasks.find(
    ({ name, state, reportedProgress }) =>
      name === DEMO_SCRIPT.cancel && state.status === 'running' && (reportedProgress ?? 0) >= 20,
  );
}

/** Returns the task to retry, once it has failed and has not been retried yet. */
export function selectTaskToRetry(tasks: readonly Task[]): Task | undefined {
  const attempts = tasks.filter(({ name }) => name === DEMO_SCRIPT.retry);
  return attempts.every(({ state }) => state.status === 'failed') ? attempts.at(-1) : undefined;
}

/**
 * Tells whether the first round is over: every requested job has ended (the failed one after its second attempt), and so has
 * every other task in the list.
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
