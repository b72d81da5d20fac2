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
import { plainName, words } from './model/text.ts';
import type { Source } from './sources/kit/source.ts';
import { createReaders } from './store/read-sources.ts';
import type { Update } from './store/reduce.ts';
import { findEntry, type State } from './store/state.ts';
import { createStore, type Store } from './store/store.ts';
import { untilEnded } from './store/until-ended.ts';
import { watchAnswer } from './store/watch-answer.ts';
import { whyRefused } from './store/why-refused.ts';

/** The loop: events from the sources go into the store, commands go out to the sources. */
export interface Monitor {
  getState(): State;
  /** Calls `listener` at each change of the state; the returned function ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** Calls `listener` with each batch of updates after it was applied, for logs that must not miss any. */
  onUpdates(listener: (updates: readonly Update[]) => void): () => void;
  /** Estimates how long a running task will still take from `nowMs` (epoch ms) on; null if nothing is known. */
  estimate(id: TaskId, nowMs: number): ShownEstimate | null;
  /** Returns how long earlier runs of the task usually took, ms; null if that is not known. */
  usualMs(id: TaskId): number | null;
  /** Returns how many ends came within the band of their estimate; null if that is not known. */
  bandScore(): BandScore | null;
  /** Uses this history for estimates, and adds runs to it as they end. It is closed with the monitor. */
  remember(history: RunHistory): void;
  /** Calls `listener` with the runs that have ended, including those that had ended when they were first seen. */
  onFinished(listener: (runs: readonly FinishedRun[]) => void): () => void;
  /** Starts to read more sources. */
  add(sources: readonly Source[]): void;
  /** Stops reading a source, and removes it and its tasks. */
  remove(id: SourceId): void;
  /** Adds a problem that belongs to no source. */
  complain(problem: Problem): void;
  /** Sends a command to the task's source. The command is pending until the source reports, refuses, or stays silent. */
  send(id: TaskId, command: CommandName, argument?: string): Promise<CommandResult>;
  /** Opens a task's output, if its source keeps it. With `follow`, the log ends when the task has ended. */
  log(id: TaskId, request: TaskLogRequest): Promise<OpenedLog>;
  /** Resolves when every source has ended by itself (standard input does), or `signal` aborts. */
  untilEnded(signal: AbortSignal): Promise<void>;
  /** Stops every source and waits until they have closed what they opened. */
  close(): Promise<void>;
}

export function createMonitor(options: {
  readonly sources: readonly Source[];
  readonly clock: Clock;
  /** How many events of each run are kept for learning from it. */
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

  /** Gathers what arrives in one turn of the event loop, so that it is applied as one batch and drawn in one frame. */
  function enqueue(source: SourceId, event: Update['event']): void {
    if (!sources.has(source)) return; // it was removed meanwhile
    noticeClock();
    waiting.push({ source, at: clock.now(), event });
    if (waiting.length === 1) setImmediate(flush);
  }

  /** Called before the time is compared with times that were noted earlier. */
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
    // A long list may come in parts: wait for all of them, so that only the newest runs in it are learnt.
    if (!isCatchingUp(store.getState())) learning.collect();
    for (const listener of [...updatesListeners]) listener(updates);
  }

  /** Applies an event about a command at once, so that it is shown without delay. */
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
    onUpdates: subscriptionTo(updatesListeners),
    estimate: etas.shownEstimate,
    usualMs: (id) => usualMsOf(findEntry(store.getState(), id)?.task, sources, etas),
    bandScore: learning.score,
    remember(history) {
      if (closing.signal.aborted) return history.close();
      learning.remember(history);
      store.refresh();
    },
    onFinished: learning.listen,
    add,
    remove(id) {
      flush();
      readers.stop(id);
      if (!sources.delete(id)) return;
      for (const task of store.getState().sources.get(id)?.tasks.keys() ?? []) etas.forget(task);
      waiting.push({ source: id, at: clock.now(), event: { type: 'closed' } });
      flush();
    },
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
      learning.close(); // first, because the process may be ended before slow sources have stopped
      await readers.ended();
      flush();
    },
  };
}

/** Returns a function that adds a listener, and returns what removes it again. */
function subscriptionTo<T>(listeners: Set<T>): (listener: T) => () => void {
  return (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
}

function usualMsOf(task: Task | undefined, sources: ReadonlyMap<SourceId, Source>, etas: EtaIndex) {
  const kind = task && sources.get(task.source)?.kind;
  return task && kind ? etas.usualMs(kind, task) : null;
}

/** Tells whether a source is still reporting the tasks that existed before it was opened. */
function isCatchingUp({ sources }: State): boolean {
  return [...sources.values()].some(({ status, tasks }) => status === 'connecting' && tasks.size > 0);
}

function openedUpdate({ id, kind, location }: Source, at: number): Update {
  return { source: id, at, event: { type: 'opened', kind, location } };
}

function observe(etas: EtaIndex, kind: string, event: Update['event'], at: number): void {
  if (event.type === 'removed') etas.forget(event.id);
  const tasks = event.type === 'changed' ? [event.task] : event.type === 'snapshot' ? event.tasks : [];
  for (const task of tasks) etas.observe(kind, task, Math.min(at, task.updatedAt ?? at));
}

/** Sends commands to the sources and reports what happens to each, until `signal` aborts. */
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
    const why = whyRefused(command, entry.task);
    if (why !== null) return refused('not-allowed', words`${command}: ${why}`);
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
