import { isDeepStrictEqual } from 'node:util';
import type { CommandOffer } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { type Problem, problem } from '../../model/problem.ts';
import type { Task } from '../../model/task.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { placed } from '../kit/task-draft.ts';
import { createTaskTeller } from '../kit/task-teller.ts';
import type { AttachedLine } from './format.ts';
import { createServedSources } from './served-sources.ts';
import { addPart, asFits, emptySnapshot, type IncomingSnapshot } from './snapshot.ts';
import type { AttachedSource } from './source-line.ts';
import type { AttachedTask } from './task-line.ts';

/** The server's tasks as those of our own source, reported as events that say only what changed. */
export interface AttachedTasks {
  /** Sets why the server would accept no command from us; null if it would. Applies to tasks reported from now on. */
  refuse(whyNot: PlainText | null): void;
  /** Takes one part of a snapshot; the last one replaces the view. Returns why that is impossible; null if it worked. */
  snapshot(part: Extract<AttachedLine, { type: 'snapshot' }>): PlainText | null;
  put(task: AttachedTask): void;
  remove(nativeId: string): void;
  source(source: AttachedSource): void;
  sourceRemoved(id: string): void;
  /** Returns the id under which the server knows a task of ours. */
  servedAs(nativeId: string): string;
  /** There is a new connection: a snapshot that was begun on the last one will not be completed. */
  restart(): void;
  /** The connection is lost: the state of the server's sources is no longer known. */
  lose(): void;
}

interface Known {
  readonly told: AttachedTask;
  readonly whyNot: PlainText | null;
  readonly task: Task;
}

export function createAttachedTasks(id: SourceId, push: (event: SourceEvent) => void): AttachedTasks {
  const teller = createTaskTeller(push);
  let known = new Map<string, Known>();
  const sources = createServedSources(push);
  let incoming = emptySnapshot();
  /** The total weight of the tasks. */
  let weight = 0;
  let isFull = false;
  let whyNot: PlainText | null = null;

  /** Returns the same object as before if nothing changed, so that it is not reported again. */
  function take(told: AttachedTask): Known {
    const before = known.get(told.nativeId);
    if (before?.whyNot === whyNot && isDeepStrictEqual(before.told, told)) return before;
    const { servedAs: _, weight: __, ...content } = told;
    const task = placed(id, content, {
      revision: teller.nextRevision(),
      offers: told.offers.map((offer) => offerOf(offer, whyNot)),
    });
    return { told, whyNot, task };
  }

  function showAll(snapshot: IncomingSnapshot): void {
    const { tasks, listed, unreadable } = snapshot;
    weight = snapshot.weight;
    isFull = tasks.length < listed - unreadable;
    const before = known;
    known = new Map(tasks.map((told) => [told.nativeId, take(told)]));
    teller.replace(before, known);
    sources.replace(snapshot.sources);
    push({ type: 'live' });
    const wrong = whatIsLeftOut(listed - unreadable, tasks.length, unreadable);
    if (wrong) push({ type: 'problem', problem: wrong });
  }

  /** Reports that there are too many tasks, once until the next snapshot. */
  function tellFull(): void {
    if (isFull) return;
    isFull = true;
    push({
      type: 'problem',
      problem: tooManyTasks(words`lists more tasks than can be kept: ${shown(known.size)} are shown`),
    });
  }

  return {
    refuse(why) {
      whyNot = why;
    },
    snapshot(part) {
      const refusal = addPart(incoming, part);
      if (refusal !== null || !part.isLast) return refusal;
      const whole = incoming;
      incoming = emptySnapshot();
      showAll(whole);
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
      teller.changed(now.task);
    },
    remove(nativeId) {
      const gone = known.get(nativeId);
      if (!gone) return;
      known.delete(nativeId);
      weight -= gone.told.weight;
      teller.removed(gone.task);
    },
    source: sources.put,
    sourceRemoved: sources.remove,
    servedAs: (nativeId) => known.get(nativeId)?.told.servedAs ?? nativeId,
    restart() {
      incoming = emptySnapshot();
    },
    lose: sources.lose,
  };
}

function offerOf(
  { choices, asksBack, ...offer }: AttachedTask['offers'][number],
  whyNot: PlainText | null,
): CommandOffer {
  const refusal = offer.refusal ?? whyNot;
  return { ...offer, refusal, ...(choices && { choices }), ...(asksBack && { asksBack }) };
}

function whatIsLeftOut(listed: number, kept: number, unreadable: number): Problem | null {
  if (unreadable > 0) {
    const said = words`${unreadable} of the server's tasks could not be read`;
    return problem('malformed', 'degraded', said, 'the others are shown; is the server another version?');
  }
  return listed <= kept
    ? null
    : tooManyTasks(words`lists ${shown(listed)} tasks: only ${shown(kept)} are shown`);
}

function tooManyTasks(said: PlainText): Problem {
  return problem('too-large', 'degraded', words`the server ${said}`, 'serve fewer tasks there with --filter');
}

function shown(count: number): PlainText {
  return plainName(count.toLocaleString('en'));
}
