import type { CommandName, CommandStage } from './command.ts';
import type { TaskId } from './id.ts';
import type { Problem } from './problem.ts';
import type { Task } from './task.ts';
import type { PlainText } from './text.ts';

/** One of several places behind a source (a relay), with its state and the delay last measured. */
export interface Peer {
  readonly where: PlainText;
  readonly status: SourceStatus;
  readonly delayMs: number | null;
  readonly problem: Problem | null;
}

export type SourceStatus = 'live' | 'connecting' | 'down';

/**
 * What a source says. Closed: the reducer handles each, and nothing else changes a task.
 *
 * `revision` is the source's own counter, as on the tasks: it makes order and repetition harmless.
 */
export type SourceEvent =
  /** All that the source knows; what is not listed is gone. */
  | { readonly type: 'snapshot'; readonly revision: number; readonly tasks: readonly Task[] }
  | { readonly type: 'changed'; readonly task: Task }
  | { readonly type: 'removed'; readonly id: TaskId; readonly revision: number }
  /** Caught up and well: clears any problem. */
  | { readonly type: 'live' }
  /** It has learnt what it is: of a file that was not there yet, the name had promised another kind. */
  | { readonly type: 'kind'; readonly kind: string }
  | { readonly type: 'health'; readonly peers: readonly Peer[] }
  | { readonly type: 'problem'; readonly problem: Problem };

/** What the monitor says of a command that is on its way. */
export type CommandEvent =
  | { readonly type: 'command-asked'; readonly id: TaskId; readonly command: CommandName }
  | { readonly type: 'command-advanced'; readonly id: TaskId; readonly stage: CommandStage }
  | { readonly type: 'command-failed'; readonly id: TaskId; readonly problem: Problem };
