import { isDeepStrictEqual } from 'node:util';
import type { CommandOffer } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import type { Task, TaskStatus } from '../../model/task.ts';
import { placed, type TaskDraft } from './task-draft.ts';
import { createTaskTeller } from './task-teller.ts';

/** Turns successive full lists of tasks into events that say only what changed. */
export interface TaskPublisher {
  /** The source was read: these are all its tasks, with what was wrong about some of them. */
  publish(tasks: readonly TaskDraft[], context: PublishContext): void;
  /** The source was read: of its tasks, these may have changed, and all others are as they were. */
  publishSome(tasks: readonly TaskDraft[], context: PublishContext): void;
  /** The source could not be read. What was published stays. */
  fail(problem: Problem): void;
  /** The task as last published. */
  find(nativeId: string): Task | undefined;
}

/** What goes for all tasks of a reading. */
export interface PublishContext {
  readonly problem: Problem | null;
  /** When the list was made (epoch ms): what stamps a task that has no stamp of its own. */
  readonly firstSeenAt: number | null;
  readonly changedAt: number | null;
  readonly offers: (status: TaskStatus, draft: TaskDraft) => readonly CommandOffer[];
}

interface Published {
  readonly draft: TaskDraft;
  readonly offers: readonly CommandOffer[];
  readonly task: Task;
}

/** Creates a publisher. It raises a task's revision when its content changed, and only then. */
export function createTaskPublisher(source: SourceId, push: (event: SourceEvent) => void): TaskPublisher {
  const teller = createTaskTeller(push);
  let published = new Map<string, Published>();
  let said: { readonly problem: Problem | null } | null = null;

  /** Says a problem once; being live again clears it. */
  function settle(problem: Problem | null): void {
    if (said && isDeepStrictEqual(said.problem, problem)) return;
    said = { problem };
    if (problem?.severity !== 'down') push({ type: 'live' });
    if (problem) push({ type: 'problem', problem });
  }

  function toPublished(draft: TaskDraft, known: Published | undefined, context: PublishContext): Published {
    const offers = context.offers(draft.state.status, draft);
    const isSame = known !== undefined && isDeepStrictEqual(known.draft, draft);
    if (isSame && isDeepStrictEqual(known.offers, offers)) return known;
    const task = placed(source, draft, {
      revision: teller.nextRevision(),
      offers,
      updatedAt: isSame ? known.task.updatedAt : stampOf(draft, known, context),
    });
    return { draft, offers, task };
  }

  return {
    publish(tasks, context) {
      const before = published;
      published = new Map();
      for (const draft of tasks)
        published.set(draft.nativeId, toPublished(draft, before.get(draft.nativeId), context));
      teller.replace(before, published);
      settle(context.problem);
    },
    publishSome(tasks, context) {
      for (const draft of tasks) {
        const known = published.get(draft.nativeId);
        const now = toPublished(draft, known, context);
        if (now === known) continue;
        published.set(draft.nativeId, now);
        teller.changed(now.task);
      }
      settle(context.problem);
    },
    fail: settle,
    find: (nativeId) => published.get(nativeId)?.task,
  };
}

/** Returns a task's stamp. Its own counts when it is new; a task that changed without one is as new as the list. */
function stampOf(draft: TaskDraft, known: Published | undefined, context: PublishContext): number | null {
  if (!known) return draft.updatedAt ?? context.firstSeenAt;
  return draft.updatedAt !== known.draft.updatedAt
    ? draft.updatedAt
    : (context.changedAt ?? known.task.updatedAt);
}
