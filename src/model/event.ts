import type { CommandName, CommandStage } from './command.ts';
import type { TaskId } from './id.ts';
import type { Problem } from './problem.ts';
import type { Task } from './task.ts';
import type { PlainText } from './text.ts';

/** One of several places that a source reads from, such as a relay; `delayMs` is the delay last measured. */
export interface Peer {
  readonly where: PlainText;
  readonly status: SourceStatus;
  readonly delayMs: number | null;
  readonly problem: Problem | null;
}

export type SourceStatus = 'live' | 'connecting' | 'down';

/**
 * What a source reports. The union is closed: the reducer handles every member, and nothing else changes a task.
 *
 * `revision` is the source's own counter, as on the tasks: it makes reordered and repeated events harmless.
 */
export type SourceEvent =
  /** All that the source knows; a task that is not listed is gone. */
  | { readonly type: 'snapshot'; readonly revision: number; readonly tasks: readonly Task[] }
  | { readonly type: 'changed'; readonly task: Task }
  | { readonly type: 'removed'; readonly id: TaskId; readonly revision: number }
  /** The source has caught up and has no problem: clears any earlier one. */
  | { readonly type: 'live' }
  /** The source has learnt its kind: while a file did not exist yet, only its name could be judged. */
  | { readonly type: 'kind'; readonly kind: string }
  | { readonly type: 'health'; readonly peers: readonly Peer[] }
  | { readonly type: 'problem'; readonly problem: Problem };

/** What the monitor reports about a command that is pending. */
export type CommandEvent =
  | { readonly type: 'command-asked'; readonly id: TaskId; readonly command: CommandName }
  | { readonly type: 'command-advanced'; readonly id: TaskId; readonly stage: CommandStage }
  | { readonly type: 'command-failed'; readonly id: TaskId; readonly problem: Problem };
