import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Answer } from '../../model/answer.ts';
import type { Problem } from '../../model/problem.ts';
import type { Reporter, WorkNews } from '../report.ts';
import { DashboardStateEmitter } from './emitter.ts';
import type { TaskDescription } from './progress.ts';

/** Reports work in a dashboard state file; cancel comes back as a command file beside it. */
export function createStateFileReporter(options: {
  readonly file: string;
  /** The id of the one task that is reported, again at each start; without it, each start is a task of its own. */
  readonly taskId?: string;
  /** Does the work again. Without it, nobody listens for retries. */
  readonly onRetry?: () => void;
  /** Whether the work receives answers to its questions (`Report.onAnswer`). Without it, nobody listens for them. */
  readonly takesAnswers?: boolean;
  /** Whether the output of the work is kept beside the file; true by default. */
  readonly keepsOutput?: boolean;
  /** Called with problems apart from the work itself. Without it, they are warnings of the process. */
  readonly onProblem?: (problem: Problem) => void;
}): Reporter {
  const { keepsOutput = true, takesAnswers = false } = options;
  const answered = new Map<string, (answer: Answer) => void>();
  const aborts = new Map<string, AbortController>();
  const emitter = new DashboardStateEmitter({
    file: options.file,
    // The work itself reports when it has stopped; until then it is running.
    onCancel: (taskId) => aborts.get(taskId)?.abort(),
    ...(options.onRetry ? { onRetry: options.onRetry } : {}),
    ...(takesAnswers ? { onAnswer: (taskId, answer) => answered.get(taskId)?.(answer) } : {}),
    ...(options.onProblem ? { onProblem: options.onProblem } : {}),
  });

  return {
    async start({ title, steps, expectedMs, cwd, retryOf }) {
      const taskId = options.taskId ?? `run-${randomBytes(6).toString('hex')}`;
      const abort = new AbortController();
      aborts.set(taskId, abort);
      emitter.startTask(taskId, title, steps, expectedMs);
      const place = cwd === undefined ? {} : { host: hostname(), cwd, pid: process.pid };
      if (cwd !== undefined || retryOf !== undefined)
        emitter.describeTask(taskId, { ...place, ...(retryOf === undefined ? {} : { retryOf }) });
      const end = async (tell: () => void) => {
        // The log is completed before the task ends, because a follower stops at the end.
        await emitter.output?.settle(taskId);
        aborts.delete(taskId);
        answered.delete(taskId);
        tell();
        await emitter.flush();
      };
      return {
        id: taskId,
        signal: abort.signal,
        ...(takesAnswers ? { onAnswer: (listener) => void answered.set(taskId, listener) } : {}),
        setSteps: (names, weights) => emitter.setSteps(taskId, names, weights),
        step: (index, status, progress) => emitter.updateTaskStep(taskId, index, status, progress),
        tell: (news) => emitter.describeTask(taskId, descriptionOf(news)),
        output: (piece, stream) => keepsOutput && emitter.output?.write(taskId, piece, stream),
        complete: () => end(() => emitter.completeTask(taskId)),
        fail: (error) => end(() => emitter.failTask(taskId, error)),
        cancel: () => end(() => emitter.cancelTask(taskId)),
      };
    },
    close: () => emitter.close(),
  };
}

function descriptionOf({ question, answering, ...news }: WorkNews): TaskDescription {
  if (question === undefined) return news;
  if (question === null || !answering) return { ...news, question };
  const { choices, refusal } = answering;
  return { ...news, question: { text: question, choices, ...(refusal === null ? {} : { refusal }) } };
}
