import type { TaskProgress } from '../../model/dashboard-state.ts';
import { errorMessage } from '../../model/problem.ts';
import type { CommandFile } from './command-file.ts';
import { hasTaskEnded } from './progress.ts';

type Handler = ((taskId: string) => void | Promise<void>) | undefined;

/** Acts on the commands for an emitter's tasks. What is returned is false if nobody would do what one asks. */
export function createObedience(emitter: {
  readonly find: (taskId: string) => TaskProgress | undefined;
  readonly onCancel?: Handler;
  readonly onRetry?: Handler;
  /** Reports the task as cancelled, if nobody else does. */
  readonly cancel: (taskId: string) => void;
  readonly abort: (taskId: string) => void;
  readonly complain: (message: string) => void;
}): (command: CommandFile) => boolean {
  const { find, onCancel, onRetry, complain } = emitter;

  /** Runs a handler. If it fails, that is a problem, not the end of the host's process. */
  async function run(handler: Handler, taskId: string): Promise<void> {
    try {
      await handler?.(taskId);
    } catch (error) {
      complain(`a command handler failed: ${errorMessage(error)}`);
    }
  }

  return ({ command, taskId }) => {
    const task = find(taskId);
    if (!task) complain(`a ${command} came for task ${taskId}, which is not here`);
    if (command === 'retry') {
      if (!onRetry) return false;
      if (task && hasTaskEnded(task)) void run(onRetry, taskId);
      return true;
    }
    if (!task || hasTaskEnded(task)) return true;
    if (!onCancel) emitter.cancel(taskId);
    emitter.abort(taskId);
    void run(onCancel, taskId);
    return true;
  };
}
