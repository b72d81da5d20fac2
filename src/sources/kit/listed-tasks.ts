import type { Clock } from '../../clock.ts';
import { inSlices } from '../../io/in-slices.ts';
import type { ListNews, PlacedTexts } from '../../io/json-list/list-reader.ts';
import type { Step } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';
import { createDecodedList, type DecodedItem, listProblem } from './decode-list.ts';
import type { PublishContext, TaskPublisher } from './publish-tasks.ts';
import type { TaskDraft } from './task-draft.ts';
import { TaskText } from './task-text.ts';

/** How the tasks of a large document are read one by one. */
export interface ListFormat {
  /** The key of the list, and its name in problems. */
  readonly key: string;
  readonly where: PlainText;
  /**
   * Omits `raw`, and the steps of a completed task if it has any: they are read from the task's text when somebody asks for
   * them. Steps take half of the memory of a task, and only those of a few tasks are ever looked at. They must be omitted here:
   * deleting them later would make the object a slow one, three times as large.
   */
  readonly decode: (raw: unknown) => DecodedItem<TaskDraft>;
  readonly supersedes?: (later: TaskDraft, first: TaskDraft) => boolean;
  /** The steps of a completed task, as `decode` and `shown` omit them. */
  readonly stepsOf: (raw: unknown) => readonly Step[];
  /** Whether a task, given its text, can be read without the rest of the document. */
  readonly fits: (raw: unknown, text: string) => boolean;
}

/** The tasks of a large document, which are decoded a few at a time so that nobody has to wait. */
export interface ListedTasks {
  /**
   * Publishes what is new; if something that applies to all tasks has changed (`isAll`), the others too. Resolves to false if
   * the document has to be read as a whole, or `signal` has aborted meanwhile.
   */
  publish(news: ListNews | null, context: PublishContext, isAll: boolean): Promise<boolean>;
}

export function createListedTasks(options: {
  readonly format: ListFormat;
  readonly publisher: TaskPublisher;
  readonly shown: (draft: TaskDraft) => TaskDraft;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): ListedTasks {
  const { format, publisher, shown } = options;
  const list = createDecodedList(format.decode, (item: TaskText) => item.value, format);
  /** The memory that contains the texts. */
  const pieces: Buffer[] = [];
  let length = 0;
  let isFirst = true;

  /** Publishes the current state of the tasks with these ids. */
  function tell(nativeIds: readonly string[], context: PublishContext): void {
    const drafts: TaskDraft[] = [];
    const gone: string[] = [];
    for (const nativeId of nativeIds) {
      const draft = list.get(nativeId);
      if (draft) drafts.push(shown(draft));
      else gone.push(nativeId);
    }
    publisher.publishPart(drafts, gone, context, list.sourceOf);
    list.release();
  }

  async function take(news: ListNews, context: PublishContext): Promise<boolean> {
    const { kept, fresh, moved } = news;
    for (const { piece, memory } of news.pieces) {
      if (memory) pieces[piece] = Buffer.from(memory);
      else delete pieces[piece];
    }
    length = news.length;
    const gone = list.rearrange(length, kept);
    // Those that only changed get a place again once everything is read.
    const displaced = isFirst ? [...publisher.nativeIds()] : list.takeTouched();
    const isRead = await inSlices(
      fresh.places.length,
      (from, to) => {
        for (let index = from; index < to; index += 1) {
          const item = new TaskText(...textAt(fresh, index), format.stepsOf);
          if (!format.fits(item.value, item.text)) return false;
          list.put(fresh.places[index] as number, item);
        }
        tell(list.takeTouched(), context);
        return true;
      },
      options,
    );
    if (!isRead || !(await tellInSlices(displaced, context))) return false;
    // The next reading may put others where they were.
    const isMoved = await each(moved.places.length, (index) =>
      list.sourceAt(moved.places[index] as number)?.moveTo(...textAt(moved, index)),
    );
    return isMoved && each(gone.length, (index) => gone[index]?.leave());
  }

  function textAt({ texts }: PlacedTexts, index: number): readonly [Buffer, number, number] {
    const [piece = 0, start = 0, end = 0] = texts.subarray(3 * index, 3 * index + 3);
    return [pieces[piece] as Buffer, start, end];
  }

  function each(count: number, action: (index: number) => void): Promise<boolean> {
    const work = (from: number, to: number) => {
      for (let index = from; index < to; index += 1) action(index);
      return true;
    };
    return inSlices(count, work, options);
  }

  function tellInSlices(nativeIds: readonly string[], context: PublishContext): Promise<boolean> {
    const work = (from: number, to: number) => {
      tell(nativeIds.slice(from, to), context);
      return true;
    };
    return inSlices(nativeIds.length, work, options);
  }

  return {
    async publish(news, context, isAll) {
      if (news && !(await take(news, context))) return false;
      if (isAll && !isFirst && !(await tellInSlices([...publisher.nativeIds()], context))) return false;
      isFirst = false;
      const problem = listProblem(list, format.where, length) ?? context.problem;
      publisher.publishSome([], { ...context, problem });
      return true;
    },
  };
}
