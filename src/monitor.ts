import { type Clock, createClockWatch, untilAborted } from './clock.ts';
import { createEtaIndex, type EtaIndex } from './eta/eta-index.ts';
import type { RunHistory } from './eta/history.ts';
import { createLearning } from './eta/learning.ts';
import type { ShownEstimate } from './eta/shown-estimate.ts';
import { readAnswer } from './model/answer.ts';
import type { CommandName, CommandResult } from './model/command.ts';
import type { CommandEvent } from './model/event.ts';
import type { SourceId, TaskId } from './model/id.ts';
import { noLog, type OpenedLog, type TaskLogRequest } from './model/log.ts';
import { bugProblem, type Problem } from './model/problem.ts';
import { refused } from './model/refused.ts';
import type { BandScore, FinishedRun } from './model/run.ts';
import type { Task } from './model/task.ts';
import { type PlainText, plainName, words } from './model/text.ts';
import type { Source } from './sources/kit/source.ts';
import type { Update } from './store/reduce.ts';
import { findEntry, type State } from './store/state.ts';
import { createStore, type Store } from './store/store.ts';
import { untilEnded } from './store/until-ended.ts';
import { watchAnswer } from './store/watch-answer.ts';

/** The loop: sources' events go into the store, commands go out to the sources. */
export interface Monitor {
  getState(): State;
  /** Hears of each change of the state; the returned function ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** Hears of each batch of updates after it was applied: for logs that must miss nothing. */
  onUpdates(listener: (updates: readonly Update[]) => void): () => void;
  /** How long a running task will still take, as known at `nowMs` (epoch ms). */
  estimate(id: TaskId, nowMs: number): ShownEstimate | null;
  /** How long such a task has usually taken, ms; null if that is not known. */
  usualMs(id: TaskId): number | null;
  /** How well the estimates' bands have held so far; null if that is not known. */
  bandScore(): BandScore | null;
  /** From now on earlier runs count, and runs that end are learnt. The history is closed with the monitor. */
  remember(history: RunHistory): void;
  /** Hears of the runs that have ended, also of those that had ended when they were first seen. */
  onFinished(listener: (runs: readonly FinishedRun[]) => void): () => void;
  /** Reads these sources, too, from now on. */
  add(sources: readonly Source[]): void;
  /** Says what is wrong beside the sources. */
  complain(problem: Problem): void;
  /** Asks the task's source. The task is visibly pending until the source reports, refuses, or stays silent. */
  send(id: TaskId, command: CommandName, argument?: string): Promise<CommandResult>;
  /** Opens what a task has printed, if its source keeps that. Followed, it ends when the task has ended. */
  log(id: TaskId, request: TaskLogRequest): Promise<OpenedLog>;
  /** Resolves when every source has ended by itself (standard input does), or `signal` aborts. */
  untilEnded(signal: AbortSignal): Promise<void>;
  /** Stops every source and waits until they have closed what they opened. */
  close(): Promise<void>;
}

export function createMonitor(options: {
  readonly sources: readonly Source[];
  readonly clock: Clock;
  /** How many events of each run are kept, for what is to be learnt from it. */
  readonly eventsKept?: number;
}): Monitor {
  const { clock } = options;
  const store = createStore();
  const etas = createEtaIndex(options.eventsKept === undefined ? {} : { eventsKept: options.eventsKept });
  const learning = createLearning(etas);
  const sources = new Map<SourceId, Source>();
  const closing = new AbortController();
  const clockSetBy = createClockWatch(clock);
  const updatesListeners = new Set<(updates: readonly Update[]) => void>();
  let waiting: Update[] = [];

  const readers = createReaders(enqueue, closing.signal);
  add(options.sources);
  const send = createSender({ sources, clock, getState: store.getState, tell, signal: closing.signal });

  function add(added: readonly Source[]): void {
    if (closing.signal.aborted) return;
    for (const source of added) sources.set(source.id, source);
    store.dispatch(added.map((source) => openedUpdate(source, clock.now())));
    for (const source of added) readers.read(source);
  }

  /** What arrives in one turn of the event loop is applied at once: one copy of the maps, one frame. */
  function enqueue(source: SourceId, event: Update['event']): void {
    noticeClock();
    waiting.push({ source, at: clock.now(), event });
    if (waiting.length === 1) setImmediate(flush);
  }

  /** Looks wherever time is about to be compared with what was noted earlier. */
  function noticeClock(): void {
    const byMs = clockSetBy();
    if (byMs === 0 || closing.signal.aborted) return;
    for (const source of sources.keys()) enqueue(source, { type: 'clock-set', byMs });
  }

  function flush(): void {
    const updates = waiting;
    waiting = [];
    if (updates.length === 0) return;
    for (const { source, event, at } of updates) observe(etas, sources.get(source)?.kind ?? '', event, at);
    store.dispatch(updates);
    learning.collect();
    for (const listener of [...updatesListeners]) listener(updates);
  }

  /** What becomes of a command is shown at once. */
  function tell(source: SourceId, event: CommandEvent): void {
    enqueue(source, event);
    flush();
  }

  return {
    getState() {
      noticeClock();
      return store.getState();
    },
    subscribe: store.subscribe,
    onUpdates(listener) {
      updatesListeners.add(listener);
      return () => updatesListeners.delete(listener);
    },
    estimate: etas.shownEstimate,
    usualMs(id) {
      const task = findEntry(store.getState(), id)?.task;
      const kind = task && sources.get(task.source)?.kind;
      return task && kind ? etas.usualMs(kind, task) : null;
    },
    bandScore: learning.score,
    remember(history) {
      if (closing.signal.aborted) return history.close();
      learning.remember(history);
      store.refresh();
    },
    onFinished: learning.listen,
    add,
    complain: store.complain,
    send,
    log: createLogOpener(sources, store),
    async untilEnded(signal) {
      await Promise.race([untilAborted(signal), readers.ended()]);
      flush();
    },
    async close() {
      closing.abort();
      flush();
      learning.close(); // before sources that take their time: nobody may wait for them to the end
      await readers.ended();
      flush();
    },
  };
}

/** Reads sources until each has ended by itself, or `signal` aborts. */
function createReaders(enqueue: (source: SourceId, event: Update['event']) => void, signal: AbortSignal) {
  const readers: Promise<void>[] = [];

  async function read(source: Source): Promise<void> {
    try {
      for await (const event of source.events({ signal })) enqueue(source.id, event);
      if (!signal.aborted) enqueue(source.id, { type: 'ended' });
    } catch (error) {
      if (!signal.aborted) enqueue(source.id, { type: 'problem', problem: bugProblem(error) });
    }
  }

  return {
    read: (source: Source) => void readers.push(read(source)),
    async ended() {
      for (const reader of readers) await reader; // also of those that are added meanwhile
    },
  };
}

function openedUpdate({ id, kind, location }: Source, at: number): Update {
  return { source: id, at, event: { type: 'opened', kind, location } };
}

function observe(etas: EtaIndex, kind: string, event: Update['event'], at: number): void {
  if (event.type === 'changed') etas.observe(kind, event.task, Math.min(at, event.task.updatedAt ?? at));
  if (event.type === 'removed') etas.forget(event.id);
  if (event.type === 'snapshot') {
    for (const task of event.tasks) etas.observe(kind, task, Math.min(at, task.updatedAt ?? at));
  }
}

/** Takes commands to the sources and tells what becomes of each, until `signal` aborts. */
function createSender(parts: {
  readonly sources: ReadonlyMap<SourceId, Source>;
  readonly clock: Clock;
  readonly getState: () => State;
  readonly tell: (source: SourceId, event: CommandEvent) => void;
  readonly signal: AbortSignal;
}): Monitor['send'] {
  const { sources, clock, getState, tell, signal } = parts;

  return async (id, command, argument) => {
    const entry = findEntry(getState(), id);
    const source = entry && sources.get(entry.task.source);
    const handler = source?.commands[command];
    if (!entry || !source || !handler)
      return refused(
        'not-allowed',
        words`${command}: the source of ${plainName(id)} does not support this command`,
      );
    const offer = entry.task.offers.find((offered) => offered.command === command);
    if (!offer) return refused('not-allowed', words`${command}: ${whyNotNow(command, entry.task)}`);
    if (offer.refusal) return refused('not-allowed', words`${command}: ${offer.refusal}`);
    const read = command === 'answer' ? readAnswer(argument, entry.task.question) : argument;
    if (typeof read === 'object') return { kind: 'refused', problem: read };

    tell(source.id, { type: 'command-asked', id, command });
    const askedAt = findEntry(getState(), id)?.pending?.askedAt;
    const result = await handler(entry.task.nativeId, {
      signal,
      report: (stage) => tell(source.id, { type: 'command-advanced', id, stage }),
      ...(read === undefined ? {} : { argument: read }),
    }).catch((error: unknown): CommandResult => ({ kind: 'refused', problem: bugProblem(error) }));
    const fail = (problem: Problem) => tell(source.id, { type: 'command-failed', id, problem });
    if (result.kind === 'refused') fail(result.problem);
    else if (askedAt !== undefined)
      watchAnswer({ before: entry.task, askedAt, clock, getState, onSilence: fail, signal });
    return result;
  };
}

function whyNotNow(command: CommandName, { state }: Task): PlainText {
  if (command === 'answer') return words`the task asks nothing, or it was answered already`;
  return words`not possible while the task is ${state.status}`;
}

function createLogOpener(sources: ReadonlyMap<SourceId, Source>, store: Store): Monitor['log'] {
  return async (id, { follow, ...request }) => {
    const task = findEntry(store.getState(), id)?.task;
    const source = task && sources.get(task.source);
    if (!task || !source) return noLog(words`there is no task ${plainName(id)}`);
    if (!source.log) return noLog(words`its source (${source.kind}) keeps none`);
    const ended = follow ? { follow: untilEnded(store, id, request.signal) } : {};
    return source.log(task.nativeId, { ...request, ...ended });
  };
}
