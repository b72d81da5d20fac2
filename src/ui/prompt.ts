import type { CommandName } from '../model/command.ts';
import type { Question } from '../model/details.ts';
import type { TaskId } from '../model/id.ts';
import type { PlainText } from '../model/text.ts';

/** A question in the footer, which receives all keys until it is answered. */
export type Prompt =
  | {
      readonly kind: 'confirm';
      readonly command: CommandName;
      readonly id: TaskId;
      readonly name: PlainText;
      /** The status to set. */
      readonly argument?: PlainText;
    }
  /** Whether to send it to all marked tasks that accept it. */
  | {
      readonly kind: 'confirm-all';
      readonly command: 'cancel' | 'retry';
      readonly ids: readonly TaskId[];
      readonly marked: number;
    }
  /** The answer to a task's question. */
  | {
      readonly kind: 'answer';
      readonly id: TaskId;
      readonly name: PlainText;
      readonly question: Question;
      readonly text: PlainText;
    }
  /** The name of what to do, or where to go. */
  | { readonly kind: 'palette'; readonly text: PlainText; readonly at: number }
  /** Whether to dismiss the tasks that had ended when this was asked. */
  | { readonly kind: 'dismiss'; readonly ids: readonly TaskId[] }
  | { readonly kind: 'filter' }
  /** What to search the log for. */
  | { readonly kind: 'search' }
  | {
      readonly kind: 'status';
      readonly id: TaskId;
      readonly name: PlainText;
      readonly choices: readonly PlainText[];
      /** Those of them that ask for confirmation before they are sent. */
      readonly asksBack: readonly PlainText[];
      readonly at: number;
    };
