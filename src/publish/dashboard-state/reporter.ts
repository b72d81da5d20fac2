import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Problem } from '../../model/problem.ts';
import type { Reporter } from '../report.ts';
import { DashboardStateEmitter } from './emitter.ts';

/** Reports work in a dashboard state file; cancel comes back as a command file beside it. */
export function createStateFileReporter(options: {
  readonly file: string;
  /** The id of the one task that is reported, again at each start; without it each start is a task of its own. */
  readonly taskId?: string;
  /** Does the work again. Without it nobody listens for retries. */
  readonly onRetry?: () => void;
  /** Whether what the work prints is kept beside the file; true by default. */
  readonly keepsOutput?: boolean;
  /** What goes wrong beside the work. Else a warning of the process. */
  readonly onProblem?: (problem: Problem) => void;
}): Reporter {
  const { keepsOutput = true } = options;
  const aborts = new Map<string, AbortController>();
  const emitter = new DashboardStateEmitter({
    file: options.file,
    // The work itself says when it has stopped; until then it runs.
    onCancel: (taskId) => aborts.get(taskId)?.abort(),
    ...(options.onRetry ? { onRetry: options.onRetry } : {}),
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
        // Its log is whole before it has ended: whoever follows it stops then.
        await emitter.output?.settle(taskId);
        aborts.delete(taskId);
        tell();
        await emitter.flush();
      };
      return {
        id: taskId,
        signal: abort.signal,
        setSteps: (names, weights) => emitter.setSteps(taskId, names, weights),
        step: (index, status, progress) => emitter.updateTaskStep(taskId, index, status, progress),
        tell: (news) => emitter.describeTask(taskId, news),
        output: (piece, stream) => keepsOutput && emitter.output?.write(taskId, piece, stream),
        complete: () => end(() => emitter.completeTask(taskId)),
        fail: (error) => end(() => emitter.failTask(taskId, error)),
        cancel: () => end(() => emitter.cancelTask(taskId)),
      };
    },
    close: () => emitter.close(),
  };
}
