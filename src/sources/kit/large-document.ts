import { stat } from 'node:fs/promises';
import type { Clock } from '../../clock.ts';
import { notJsonProblem } from '../../io/file-problem.ts';
import type { Looked } from '../../io/follow-file.ts';
import { LARGE_BYTES } from '../../io/json-list/large.ts';
import type { ListNews } from '../../io/json-list/list-reader.ts';
import { createListThread } from '../../io/json-list/list-thread.ts';
import { TASK_LIMIT } from '../../model/limits.ts';
import { createListedTasks, type ListedTasks, type ListFormat } from './listed-tasks.ts';
import type { PublishContext, TaskPublisher } from './publish-tasks.ts';
import type { TaskDraft } from './task-draft.ts';

/** Reads a document in a thread of its own while it is large. */
export interface LargeDocument {
  /**
   * Returns what has changed; null if the document is to be read here, because it is small, has another structure, or the
   * thread has died.
   */
  look(evenIfSame: boolean): Promise<Looked<{ readonly news: ListNews }> | null>;
  /**
   * Publishes what is new, or everything again without `news`. `standing` is what applies to all tasks. Resolves to false if
   * the document is to be read here after all.
   */
  publish(news: ListNews | null, context: PublishContext, standing: string): Promise<boolean>;
  close(): Promise<void>;
}

export function createLargeDocument(options: {
  readonly path: string;
  readonly format: ListFormat;
  readonly publisher: TaskPublisher;
  readonly shown: (draft: TaskDraft) => TaskDraft;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly largeBytes?: number;
}): LargeDocument {
  const { path, format, largeBytes = LARGE_BYTES } = options;
  const thread = createListThread({ key: format.key, limit: TASK_LIMIT });
  let isListable = true;
  let listed: ListedTasks | null = null;
  let stoodAt: string | null = null;

  /** Drops everything that was read; it will be read here. */
  async function leave(): Promise<null> {
    listed = null;
    await thread.stop();
    return null;
  }

  async function isLarge(): Promise<boolean> {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    return size >= largeBytes;
  }

  return {
    async look(evenIfSame) {
      if (!isListable || !(await isLarge())) return listed && leave();
      const reading = await thread.read(path, evenIfSame);
      switch (reading?.kind) {
        case 'problem':
          return reading;
        case 'same':
          return { isSame: true };
        case 'fault': {
          const { fault, modifiedAt } = reading;
          return { parsed: { explain: () => notJsonProblem(path, fault) }, modifiedAt };
        }
        case 'news':
          return { parsed: { value: { news: reading.news } }, modifiedAt: reading.modifiedAt };
        case 'other':
          isListable = false;
          return leave();
        case undefined:
          return leave();
        default:
          return reading satisfies never;
      }
    },
    async publish(news, context, standing) {
      listed ??= createListedTasks(options);
      const isAll = stoodAt !== null && stoodAt !== standing;
      stoodAt = standing;
      if (await listed.publish(news, context, isAll)) return true;
      if (options.signal.aborted) return true;
      isListable = false;
      await leave();
      return false;
    },
    close: () => thread.stop(),
  };
}
