import { isDeepStrictEqual } from 'node:util';
import type { CommandOffer } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import { type SourceId, taskId } from '../../model/id.ts';
import { type Problem, problem } from '../../model/problem.ts';
import type { Task } from '../../model/task.ts';
import { ownWords, type PlainText } from '../../model/text.ts';
import { type AttachedLine, type AttachedTask, weightOf } from './format.ts';
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
  /** What the tasks weigh together. */
  let weight = 0;
  let isFull = false;
  let whyNot: PlainText | null = null;
  let revision = 0;
  let isStarted = false;

  /** The same object as before where nothing changed: what stands still is not told again. */
  function take(told: AttachedTask): Known {
    const before = known.get(told.nativeId);
    if (before?.whyNot === whyNot && isDeepStrictEqual(before.told, told)) return before;
    revision += 1;
    const { servedAs: _, weight: __, ...content } = told;
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

  /** Once, until the next snapshot. */
  function tellFull(): void {
    if (isFull) return;
    isFull = true;
    push({
      type: 'problem',
      problem: tooManyTasks(`lists more tasks than can be kept: ${shown(known.size)} are shown`),
    });
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
      for (const task of more.tasks) {
        const kept = asFits(task, incoming.tasks.length, incoming.weight);
        if (!kept) continue;
        incoming.tasks.push(kept);
        incoming.weight += kept.weight;
      }
      incoming.sources.push(...more.sources.slice(0, SOURCE_LIMIT - incoming.sources.length));
      if (!isLast) return null;
      const { tasks, listed, unreadable } = incoming;
      weight = incoming.weight;
      isFull = tasks.length < listed - unreadable;
      sources.clear();
      for (const source of incoming.sources) sources.set(source.id, source);
      incoming = emptySnapshot();
      replaceAll(tasks);
      tellHealth();
      push({ type: 'live' });
      const wrong = whatIsLeftOut(listed - unreadable, tasks.length, unreadable);
      if (wrong) push({ type: 'problem', problem: wrong });
      return null;
    },
    put(told) {
      const before = known.get(told.nativeId);
      const others = weight - (before?.told.weight ?? 0);
      const kept = asFits(told, known.size - (before ? 1 : 0), others);
      if (!kept) return tellFull();
      const now = take(kept);
      if (now === before) return;
      weight = others + kept.weight;
      known.set(told.nativeId, now);
      push({ type: 'changed', task: now.task });
    },
    remove(nativeId) {
      const gone = known.get(nativeId);
      if (!gone) return;
      known.delete(nativeId);
      weight -= gone.told.weight;
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
  return { tasks, sources, parts: 0, listed: 0, unreadable: 0, characters: 0, weight: 0 };
}

/** A server is not chosen by its size, as a file is: so much of it is kept. */
const MOST_TASKS = 20_000;
const MOST_WEIGHT = 14 * 1024 * 1024;
/** And so much of a snapshot is listened to. */
const SNAPSHOT_LIMIT_CHARACTERS = 256 * 1024 * 1024;
const TOO_LARGE = ownWords('it shows more than 256 MiB: let it serve fewer, with --filter');

/** The task as it can be kept beside so many others: without its document where that is too much; null where it can't. */
function asFits(task: AttachedTask, others: number, weight: number): AttachedTask | null {
  if (others >= MOST_TASKS) return null;
  if (weight + task.weight <= MOST_WEIGHT) return task;
  const lighter = { ...task, raw: null, weight: task.weight - weightOf(task.raw) };
  return weight + lighter.weight <= MOST_WEIGHT ? lighter : null;
}

function whatIsLeftOut(listed: number, kept: number, unreadable: number): Problem | null {
  if (unreadable > 0) {
    const words = `${unreadable} of the server's tasks could not be read`;
    return problem('malformed', 'degraded', words, 'the others are shown; is it of another version?');
  }
  return listed <= kept ? null : tooManyTasks(`lists ${shown(listed)} tasks: only ${shown(kept)} are shown`);
}

function tooManyTasks(words: string): Problem {
  return problem('too-large', 'degraded', `the server ${words}`, 'let it serve fewer, with --filter');
}

function shown(count: number): string {
  return count.toLocaleString('en');
}
