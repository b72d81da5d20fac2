import type { CommandName } from '../model/command.ts';
import type { Question } from '../model/details.ts';
import type { TaskId } from '../model/id.ts';
import type { PlainText } from '../model/text.ts';

/** A question in the footer, which has the keys until it is answered. */
export type Prompt =
  | {
      readonly kind: 'confirm';
      readonly command: CommandName;
      readonly id: TaskId;
      readonly name: PlainText;
      /** The status to set. */
      readonly argument?: PlainText;
    }
  /** Whether to send it for all that is marked and takes it. */
  | {
      readonly kind: 'confirm-all';
      readonly command: 'cancel' | 'retry';
      readonly ids: readonly TaskId[];
      readonly marked: number;
    }
  /** What to answer to a task's question. */
  | {
      readonly kind: 'answer';
      readonly id: TaskId;
      readonly name: PlainText;
      readonly question: Question;
      readonly text: PlainText;
    }
  /** What to do, or where to go, by its name. */
  | { readonly kind: 'palette'; readonly text: PlainText; readonly at: number }
  /** Whether to put away the tasks that had ended when it was asked. */
  | { readonly kind: 'dismiss'; readonly ids: readonly TaskId[] }
  | { readonly kind: 'filter' }
  /** What to search the log for. */
  | { readonly kind: 'search' }
  | {
      readonly kind: 'status';
      readonly id: TaskId;
      readonly name: PlainText;
      readonly choices: readonly PlainText[];
      /** Those of them that are confirmed before they are sent. */
      readonly asksBack: readonly PlainText[];
      readonly at: number;
    };
