import { isDeepStrictEqual } from 'node:util';
import type { CommandOffer } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import { type SourceId, taskId } from '../../model/id.ts';
import { type Problem, problem } from '../../model/problem.ts';
import type { Task } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';
import { TASK_LIMIT } from '../decode-list.ts';
import type { AttachedLine, AttachedSource, AttachedTask } from './format.ts';

type Snapshot = Extract<AttachedLine, { type: 'snapshot' }>;

/** The server's tasks as our own source's, told as events that say only what changed. */
export interface AttachedTasks {
  /** Why the server would take no command from us; null where it would. Holds for what is told from now on. */
  refuse(whyNot: PlainText | null): void;
  /** One part of everything; with the last one, the view is replaced. false where a part is missing. */
  snapshot(part: Snapshot): boolean;
  put(task: AttachedTask): void;
  remove(nativeId: string): void;
  source(source: AttachedSource): void;
  /** By which id the server knows a task of ours. */
  servedAs(nativeId: string): string;
  /** A new connection: a snapshot that was begun on the last one will not be finished. */
  restart(): void;
  /** The connection is gone: how the server's sources are is not known any more. */
  lose(): void;
}

interface Known {
  readonly told: AttachedTask;
  readonly whyNot: PlainText | null;
  readonly task: Task;
}

export function createAttachedTasks(id: SourceId, push: (event: SourceEvent) => void): AttachedTasks {
  let known = new Map<string, Known>();
  const sources = new Map<string, AttachedSource>();
  let parts: Snapshot[] = [];
  let whyNot: PlainText | null = null;
  let revision = 0;
  let isStarted = false;

  /** The same object as before where nothing changed: what stands still is not told again. */
  function take(told: AttachedTask): Known {
    const before = known.get(told.nativeId);
    if (before?.whyNot === whyNot && isDeepStrictEqual(before.told, told)) return before;
    revision += 1;
    const { servedAs: _, ...content } = told;
    const task: Task = {
      ...content,
      id: taskId(id, told.nativeId),
      source: id,
      revision,
      dependencies: told.dependencies.map((dependency) => taskId(id, dependency)),
      offers: told.offers.map(offerOf),
    };
    return { told, whyNot, task };
  }

  function offerOf({ command, refusal, choices }: AttachedTask['offers'][number]): CommandOffer {
    return { command, refusal: refusal ?? whyNot, ...(choices && { choices }) };
  }

  function replaceAll(all: readonly AttachedTask[]): void {
    const before = known;
    known = new Map(all.slice(0, TASK_LIMIT).map((told) => [told.nativeId, take(told)]));
    if (!isStarted) {
      isStarted = true;
      return push({ type: 'snapshot', revision, tasks: [...known.values()].map(({ task }) => task) });
    }
    for (const [nativeId, now] of known)
      if (before.get(nativeId) !== now) push({ type: 'changed', task: now.task });
    for (const [nativeId, gone] of before) if (!known.has(nativeId)) tellRemoved(gone.task);
  }

  function tellRemoved(task: Task): void {
    revision += 1;
    push({ type: 'removed', id: task.id, revision });
  }

  function tellHealth(): void {
    push({ type: 'health', peers: [...sources.values()].map(({ peer }) => peer) });
  }

  return {
    refuse(why) {
      whyNot = why;
    },
    snapshot(part) {
      if (part.part !== parts.length || part.parts !== (parts[0]?.parts ?? part.parts)) return false;
      parts.push(part);
      if (parts.length < part.parts) return true;
      const all = parts.flatMap(({ tasks }) => tasks);
      const unreadable = parts.reduce((sum, { unreadable }) => sum + unreadable, 0);
      sources.clear();
      for (const source of parts.flatMap(({ sources }) => sources)) sources.set(source.id, source);
      parts = [];
      replaceAll(all);
      tellHealth();
      push({ type: 'live' });
      const wrong = whatIsLeftOut(all.length, unreadable);
      if (wrong) push({ type: 'problem', problem: wrong });
      return true;
    },
    put(told) {
      if (known.size >= TASK_LIMIT && !known.has(told.nativeId)) return;
      const before = known.get(told.nativeId);
      const now = take(told);
      if (now === before) return;
      known.set(told.nativeId, now);
      push({ type: 'changed', task: now.task });
    },
    remove(nativeId) {
      const gone = known.get(nativeId);
      if (!gone) return;
      known.delete(nativeId);
      tellRemoved(gone.task);
    },
    source(source) {
      sources.set(source.id, source);
      tellHealth();
    },
    servedAs: (nativeId) => known.get(nativeId)?.told.servedAs ?? nativeId,
    restart() {
      parts = [];
    },
    lose() {
      for (const [sourceId, { peer, ...source }] of sources)
        sources.set(sourceId, { ...source, peer: { ...peer, status: 'connecting', problem: null } });
      if (sources.size > 0) tellHealth();
    },
  };
}

function whatIsLeftOut(listed: number, unreadable: number): Problem | null {
  if (unreadable > 0) {
    const words = `${unreadable} of the server's tasks could not be read`;
    return problem('malformed', 'degraded', words, 'the others are shown; is it of another version?');
  }
  if (listed <= TASK_LIMIT) return null;
  const limit = TASK_LIMIT.toLocaleString('en');
  return problem(
    'too-large',
    'degraded',
    `the server lists ${listed.toLocaleString('en')} tasks: only the first ${limit} are shown`,
    'let it serve fewer, with --filter',
  );
}
