import type { TaskId } from '../../../model/id.ts';
import { type Plain, type PlainText, words } from '../../../model/text.ts';
import type { Monitor } from '../../../monitor.ts';
import { plural } from '../../../present/count.ts';
import { type SpeechContext, taskSentence } from '../../../present/sentences.ts';
import type { InboxItem } from '../../../store/inbox.ts';
import { findEntry, type TaskEntry } from '../../../store/state.ts';

/** Nobody can listen to a longer list at once. */
const MOST_LISTED = 20;

/** Where a list comes from, and where it is read out. */
export interface ListTools {
  readonly monitor: Pick<Monitor, 'getState'>;
  /** The tasks in their order, without those that were dismissed. */
  readonly listed: () => readonly TaskEntry[];
  readonly inbox: () => readonly InboxItem[];
  readonly context: () => SpeechContext;
  readonly tell: (...sentences: readonly PlainText[]) => void;
}

/** Reads lists aloud, and finds tasks by their numbers in the last one. */
export interface NumberedList {
  /** Lists the tasks whose names contain some words. */
  list(sought: string): void;
  listNeeds(): void;
  /**
   * Finds the task with a number; says what is wrong if there is none. `answer` without a number means the only question.
   */
  entryOf<Word extends string>(number: string, command: Plain<Word>): TaskEntry | null;
}

/** Creates a list from which nothing has been read yet. */
export function createNumberedList({ monitor, listed, inbox, context, tell }: ListTools): NumberedList {
  let numbered: readonly TaskId[] = [];

  function read(entries: readonly TaskEntry[]): void {
    const shown = entries.slice(0, MOST_LISTED);
    numbered = shown.map(({ task }) => task.id);
    tell(...shown.map((entry, index) => words`${index + 1}. ${taskSentence(entry, context())}`));
    const more = entries.length - shown.length;
    if (more > 0) tell(words`And ${plural(more, 'more', 'more')}; list and a word finds some of them.`);
  }

  return {
    list(sought) {
      const found = listed().filter(({ task }) => task.name.toLowerCase().includes(sought.toLowerCase()));
      if (found.length > 0) return read(found);
      tell(sought === '' ? words`There are no tasks.` : words`No task has that in its name.`);
    },
    listNeeds() {
      const items = inbox();
      if (items.length === 0) return tell(words`Nothing needs you.`);
      read(items.map(({ entry }) => entry));
    },
    entryOf(number: string, command: PlainText) {
      const [only, ...others] = inbox().filter(({ reason }) => reason === 'asks');
      if (command === 'answer' && number === '' && only && others.length === 0) return only.entry;
      const id = /^\d{1,4}$/u.test(number) ? numbered[Number(number) - 1] : undefined;
      const entry = id === undefined ? undefined : findEntry(monitor.getState(), id);
      if (entry) return entry;
      tell(
        id === undefined
          ? words`${command} takes a number from the last list; type list or needs first.`
          : words`That task is gone.`,
      );
      return null;
    },
  };
}
