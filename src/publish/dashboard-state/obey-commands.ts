import type { Answer } from '../../model/answer.ts';
import type { TaskProgress } from '../../model/dashboard-state.ts';
import { errorMessage } from '../../model/problem.ts';
import type { CommandFile } from './command-file.ts';
import { hasTaskEnded } from './progress.ts';

type Handler = ((taskId: string) => void | Promise<void>) | undefined;

/** Passes a person's answer to the work that asked. */
export type AnswerHandler = (taskId: string, answer: Answer) => void | Promise<void>;

/** Returns a function that acts on the commands for an emitter's tasks, and says whether a command was taken. */
export function createObedience(emitter: {
  readonly find: (taskId: string) => TaskProgress | undefined;
  readonly onCancel?: Handler;
  readonly onRetry?: Handler;
  readonly onAnswer?: AnswerHandler | undefined;
  /** Records the answer in the task, whose question it answers. */
  readonly answer: (taskId: string, answer: Answer) => void;
  /** Reports the task as cancelled, if nobody else does. */
  readonly cancel: (taskId: string) => void;
  readonly abort: (taskId: string) => void;
  readonly complain: (message: string) => void;
}): (command: CommandFile) => boolean {
  const { find, onCancel, onRetry, onAnswer, complain } = emitter;

  /** Runs a handler. If it fails, that is a problem, not the end of the host's process. */
  async function run(handle: () => void | Promise<void>): Promise<void> {
    try {
      await handle();
    } catch (error) {
      complain(`a command handler failed: ${errorMessage(error)}`);
    }
  }

  /** Takes an answer, unless the question is no longer open, or was already answered. */
  function takeAnswer(
    task: TaskProgress | undefined,
    { taskId, argument = '', by, at }: CommandFile,
  ): boolean {
    if (!onAnswer || !task?.question) return false;
    const answer = { text: argument, by, at };
    emitter.answer(taskId, answer);
    void run(() => onAnswer(taskId, answer));
    return true;
  }

  return (asked) => {
    const { command, taskId } = asked;
    const task = find(taskId);
    if (!task) complain(`a ${command} came for task ${taskId}, which is not here`);
    if (command === 'answer') return takeAnswer(task, asked);
    if (command === 'retry') {
      if (!onRetry) return false;
      if (task && hasTaskEnded(task)) void run(() => onRetry(taskId));
      return true;
    }
    if (!task || hasTaskEnded(task)) return true;
    if (!onCancel) emitter.cancel(taskId);
    emitter.abort(taskId);
    void run(() => onCancel?.(taskId));
    return true;
  };
}
