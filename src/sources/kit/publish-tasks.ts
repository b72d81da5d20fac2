import { isDeepStrictEqual } from 'node:util';
import type { CommandOffer } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import type { RawOnDemand } from '../../model/raw-on-demand.ts';
import type { Task, TaskStatus } from '../../model/task.ts';
import { placed, type TaskDraft } from './task-draft.ts';
import { createTaskTeller } from './task-teller.ts';

/** Turns successive full lists of tasks into events that say only what changed. */
export interface TaskPublisher {
  /** The source was read: these are all its tasks, with what was wrong with some of them. */
  publish(tasks: readonly TaskDraft[], context: PublishContext): void;
  /** The source was read: these of its tasks may have changed, and all others are as they were. */
  publishSome(tasks: readonly TaskDraft[], context: PublishContext): void;
  /** A part of the source was read: these tasks may have changed, and those with the ids in `gone` no longer exist. */
  publishPart(
    tasks: readonly TaskDraft[],
    gone: readonly string[],
    context: PublishContext,
    /** Returns `raw` for the tasks that have none. */
    rawOf?: (nativeId: string) => RawOnDemand | null,
  ): void;
  /** The source could not be read. What was published stays. */
  fail(problem: Problem): void;
  /** Returns the task as last published. */
  find(nativeId: string): Task | undefined;
  /** The native ids of all tasks as last published. */
  nativeIds(): Iterable<string>;
}

/** What applies to all tasks of one reading. */
export interface PublishContext {
  readonly problem: Problem | null;
  /** When the list was made (epoch ms): the time for a task that has none of its own. */
  readonly firstSeenAt: number | null;
  readonly changedAt: number | null;
  readonly offers: (status: TaskStatus, draft: TaskDraft) => readonly CommandOffer[];
}

interface Published {
  /** null if only the task is kept, because there may be very many. */
  readonly draft: TaskDraft | null;
  /** The time that the task itself gave. */
  readonly statedAt: number | null;
  readonly task: Task;
}

/** Creates a publisher. It increases a task's revision if, and only if, its content has changed. */
export function createTaskPublisher(source: SourceId, push: (event: SourceEvent) => void): TaskPublisher {
  const teller = createTaskTeller(push);
  const lastOffers = new Map<
    TaskStatus,
    { readonly offers: readonly CommandOffer[]; readonly text: string }
  >();
  let published = new Map<string, Published>();
  let said: { readonly problem: Problem | null } | null = null;

  /** Reports a problem once; being live again clears it. */
  function settle(problem: Problem | null): void {
    if (said && isDeepStrictEqual(said.problem, problem)) return;
    said = { problem };
    if (problem?.severity !== 'down') push({ type: 'live' });
    if (problem) push({ type: 'problem', problem });
  }

  function toPublished(
    draft: TaskDraft,
    known: Published | undefined,
    context: PublishContext,
    raw: RawOnDemand | null = null,
  ): Published {
    const offers = shared(draft.state.status, context.offers(draft.state.status, draft));
    const isSame = known !== undefined && isAsBefore(draft, known, raw);
    if (isSame && isDeepStrictEqual(known.task.offers, offers)) return known;
    const updatedAt = isSame ? known.task.updatedAt : stampOf(draft, known, context);
    const task = placed(source, draft, { revision: teller.nextRevision(), offers, updatedAt }, raw);
    return { draft: raw ? null : draft, statedAt: draft.updatedAt, task };
  }

  function isAsBefore(draft: TaskDraft, known: Published, raw: RawOnDemand | null): boolean {
    if (known.draft && !raw) return isDeepStrictEqual(known.draft, draft);
    const { revision, offers, updatedAt } = known.task;
    return (
      known.statedAt === draft.updatedAt &&
      isDeepStrictEqual(known.task, placed(source, draft, { revision, offers, updatedAt }, raw))
    );
  }

  /** Shares the offers, which are the same for most tasks of a status. */
  function shared(status: TaskStatus, offers: readonly CommandOffer[]): readonly CommandOffer[] {
    const before = lastOffers.get(status);
    const text = JSON.stringify(offers);
    if (before?.text === text) return before.offers;
    lastOffers.set(status, { offers, text });
    return offers;
  }

  function publishPart(
    tasks: readonly TaskDraft[],
    gone: readonly string[],
    context: PublishContext,
    rawOf?: (nativeId: string) => RawOnDemand | null,
  ): void {
    const changed: Task[] = [];
    for (const draft of tasks) {
      const known = published.get(draft.nativeId);
      const now = toPublished(draft, known, context, rawOf?.(draft.nativeId));
      if (now === known) continue;
      published.set(draft.nativeId, now);
      changed.push(now.task);
    }
    const removed = gone.flatMap((nativeId) => published.get(nativeId)?.task ?? []);
    for (const nativeId of gone) published.delete(nativeId);
    if (!teller.isStarted) return teller.replace(new Map(), published);
    for (const task of changed) teller.changed(task);
    for (const task of removed) teller.removed(task);
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
    publishPart,
    publishSome(tasks, context) {
      publishPart(tasks, [], context);
      settle(context.problem);
    },
    fail: settle,
    find: (nativeId) => published.get(nativeId)?.task,
    nativeIds: () => published.keys(),
  };
}

/** Returns a task's time. Its own counts if it is new; a task that changed without one is as new as the list. */
function stampOf(draft: TaskDraft, known: Published | undefined, context: PublishContext): number | null {
  if (!known) return draft.updatedAt ?? context.firstSeenAt;
  return draft.updatedAt !== known.statedAt ? draft.updatedAt : (context.changedAt ?? known.task.updatedAt);
}
