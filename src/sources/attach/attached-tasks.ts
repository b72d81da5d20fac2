import { isDeepStrictEqual } from 'node:util';
import type { CommandOffer } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import { type SourceId, taskId } from '../../model/id.ts';
import { type Problem, problem } from '../../model/problem.ts';
import type { Task } from '../../model/task.ts';
import { ownWords, type PlainText } from '../../model/text.ts';
import { TASK_LIMIT } from '../decode-list.ts';
import type { AttachedLine, AttachedTask } from './format.ts';
import { type AttachedSource, SOURCE_LIMIT } from './source-line.ts';

type Snapshot = Extract<AttachedLine, { type: 'snapshot' }>;

/** The server's tasks as our own source's, told as events that say only what changed. */
export interface AttachedTasks {
  /** Why the server would take no command from us; null where it would. Holds for what is told from now on. */
  refuse(whyNot: PlainText | null): void;
  /** One part of everything; with the last one, the view is replaced. Why not, where that can't be. */
  snapshot(part: Snapshot): PlainText | null;
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
  let incoming = emptySnapshot();
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

  function offerOf({ choices, asksBack, ...offer }: AttachedTask['offers'][number]): CommandOffer {
    const refusal = offer.refusal ?? whyNot;
    return { ...offer, refusal, ...(choices && { choices }), ...(asksBack && { asksBack }) };
  }

  function replaceAll(all: readonly AttachedTask[]): void {
    const before = known;
    known = new Map(all.map((told) => [told.nativeId, take(told)]));
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
    snapshot({ part, isLast, ...more }) {
      if (part !== incoming.parts) return ownWords('a part of its snapshot is missing');
      incoming.parts += 1;
      incoming.listed += more.tasks.length;
      incoming.unreadable += more.unreadable;
      incoming.characters += more.characters;
      if (incoming.characters > SNAPSHOT_LIMIT_CHARACTERS) return TOO_LARGE;
      incoming.tasks.push(...more.tasks.slice(0, TASK_LIMIT - incoming.tasks.length));
      incoming.sources.push(...more.sources.slice(0, SOURCE_LIMIT - incoming.sources.length));
      if (!isLast) return null;
      const { tasks, listed, unreadable } = incoming;
      sources.clear();
      for (const source of incoming.sources) sources.set(source.id, source);
      incoming = emptySnapshot();
      replaceAll(tasks);
      tellHealth();
      push({ type: 'live' });
      const wrong = whatIsLeftOut(listed, unreadable);
      if (wrong) push({ type: 'problem', problem: wrong });
      return null;
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
      if (sources.size >= SOURCE_LIMIT && !sources.has(source.id)) return;
      sources.set(source.id, source);
      tellHealth();
    },
    servedAs: (nativeId) => known.get(nativeId)?.told.servedAs ?? nativeId,
    restart() {
      incoming = emptySnapshot();
    },
    lose() {
      for (const [sourceId, { peer, ...source }] of sources)
        sources.set(sourceId, { ...source, peer: { ...peer, status: 'connecting', problem: null } });
      if (sources.size > 0) tellHealth();
    },
  };
}

/** What has come of a snapshot so far. */
function emptySnapshot() {
  const tasks: AttachedTask[] = [];
  const sources: AttachedSource[] = [];
  return { tasks, sources, parts: 0, listed: 0, unreadable: 0, characters: 0 };
}

/** As many as can be kept in memory at once, with all that is made of them. */
const SNAPSHOT_LIMIT_CHARACTERS = 256 * 1024 * 1024;
const TOO_LARGE = ownWords('it shows more than 256 MiB: let it serve fewer, with --filter');

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
