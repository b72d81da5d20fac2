import type { Clock } from '../../clock.ts';
import type { DashboardState } from '../../model/dashboard-state.ts';
import type { Problem } from '../../model/problem.ts';
import type { Sink } from '../sink-feed.ts';
import type { AnswerHandler } from './obey-commands.ts';

export interface DashboardStateEmitterOptions {
  /** Called with every state, at once. */
  readonly onStateChange?: (state: DashboardState) => void | Promise<void>;
  /**
   * A file to keep at the newest state; commands for its tasks are then taken from `<file>.commands/`. An existing file is
   * replaced only if an emitter has written it.
   */
  readonly file?: string;
  readonly sinks?: readonly Sink<DashboardState>[];
  readonly workspaceId?: string;
  readonly userId?: string;
  readonly activeProject?: string;
  /** How many tasks may be under way at once: a whole number, or Infinity. 10 by default. */
  readonly maxActiveTasks?: number;
  /** Stops the work of a task; its signal has aborted. Without it, the task is reported as cancelled at once. */
  readonly onCancel?: (taskId: string) => void | Promise<void>;
  /** Does the work of a task again. Without it, nobody listens for retries. */
  readonly onRetry?: (taskId: string) => void | Promise<void>;
  /** Takes a person's answer to a task's question (`describeTask`). Without it, nobody listens for answers. */
  readonly onAnswer?: AnswerHandler;
  /**
   * Called with problems apart from the work itself: a sink that fails, an unknown task. Without it, each is a warning of the
   * process, once.
   */
  readonly onProblem?: (problem: Problem) => void;
  readonly clock?: Clock;
}
