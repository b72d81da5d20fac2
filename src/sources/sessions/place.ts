import type { PlainText } from '../../model/text.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import type { SessionReport } from './session-report.ts';

/** What a new task consists of. */
export interface NewTask {
  /** Generated if absent. */
  readonly id?: string;
  readonly title: string;
  readonly description?: string;
  readonly priority?: string;
  readonly dependencies?: readonly string[];
}

/** Where a session reports: a board's file, or a Maestro server. Everything rejects with a `RewriteError`. */
export interface TaskPlace {
  list(): Promise<readonly TaskDraft[]>;
  /** Reports the same on all these tasks. Resolves with warnings about what was not saved although the status was. */
  report(ids: readonly string[], report: SessionReport): Promise<readonly PlainText[]>;
  /** Resolves with the new task's id. */
  add(task: NewTask): Promise<string>;
}
