import type { PlainText } from '../../model/text.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import type { SessionReport } from './session-report.ts';

/** What a new task is made of. */
export interface NewTask {
  /** Made up where absent. */
  readonly id?: string;
  readonly title: string;
  readonly description?: string;
  readonly priority?: string;
  readonly dependencies?: readonly string[];
}

/** Where a session reports: a board's file, or a Maestro server. Everything rejects with a `RewriteError`. */
export interface TaskPlace {
  list(): Promise<readonly TaskDraft[]>;
  /** Says the same of all these tasks. Resolves with warnings: what was not kept, though the status was. */
  report(ids: readonly string[], report: SessionReport): Promise<readonly PlainText[]>;
  /** Resolves with the new task's id. */
  add(task: NewTask): Promise<string>;
}
