import { type Clock, createClockWatch } from './clock.ts';
import { createEtaIndex } from './eta/eta-index.ts';
import type { RunHistory } from './eta/history.ts';
import { createLearning } from './eta/learning.ts';
import type { ShownEstimate } from './eta/shown-estimate.ts';
import type { CommandName, CommandResult } from './model/command.ts';
import type { CommandEvent, SourceEvent } from './model/event.ts';
import type { TaskId } from './model/id.ts';
import { errorMessage, type Problem, problem } from './model/problem.ts';
import type { BandScore, FinishedRun } from './model/run.ts';
import { ownWords } from './model/text.ts';
import type { Source } from './sources/kit/source.ts';
import type { Update } from './store/reduce.ts';
import { findEntry, type State } from './store/state.ts';
import { createStore } from './store/store.ts';

/** The loop: sources' events go into the store, commands go out to the sources. */
export interface Monitor {
  getState(): State;
  /** Hears of each change of the state; the returned function ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** Hears of each batch of updates after it was applied: for logs that must miss nothing. */
  onUpdates(listener: (updates: readonly Update[]) => void): () => void;
  /** How long a running task will still take, as known at `nowMs` (epoch ms). */
  estimate(id: TaskId, nowMs: number): ShownEstimate | null;
  /** How long such a task has usually taken, ms; null where that is not known. */
  usualMs(id: TaskId): number | null;
  /** How well the estimates' bands have held so far; null where that is not known. */
  bandScore(): BandScore | null;
  /** From now on earlier runs count, and runs that end are learnt. The history is closed with the monitor. */
  remember(history: RunHistory): void;
  /** Hears of the runs that have ended, also of those that had ended when they were first seen. */
  onFinished(listener: (runs: readonly FinishedRun[]) => void): () => void;
  /** Says what is wrong beside the sources. */
  complain(problem: Problem): void;
  /** Asks the task's source. The task is visibly pending until the source reports, refuses, or stays silent. */
  send(id: TaskId, command: CommandName, argument?: string): Promise<CommandResult>;
  /** Resolves when every source has ended by itself (standard input does), or `signal` aborts. */
  untilEnded(signal: AbortSignal): Promise<void>;
  /** Stops every source and waits until they have closed what they opened. */
  close(): Promise<void>;
}

/** How long a command may stay unanswered before the view says so. */
export const ANSWER_TIMEOUT_MS = 10_000;

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
  const sources = new Map(options.sources.map((source) => [source.id, source]));
  const closing = new AbortController();
  const clockSetBy = createClockWatch(clock);
  const updatesListeners = new Set<(updates: readonly Update[]) => void>();
  const timers = new Set<() => void>();
  let waiting: Update[] = [];

  store.dispatch([...sources.values()].map(openedUpdate));
  const readers = [...sources.values()].map(read);

  async function read(source: Source): Promise<void> {
    try {
      for await (const event of source.events({ signal: closing.signal })) {
        enqueue({ source: source.id, at: clock.now(), event });
      }
      if (!closing.signal.aborted) enqueue({ source: source.id, at: clock.now(), event: { type: 'ended' } });
    } catch (error) {
      if (!closing.signal.aborted) enqueue({ source: source.id, at: clock.now(), event: bugEvent(error) });
    }
  }

  /** What arrives in one turn of the event loop is applied at once: one copy of the maps, one frame. */
  function enqueue(update: Update): void {
    noticeClock();
    waiting.push(update);
    if (waiting.length === 1) setImmediate(flush);
  }

  /** Looks wherever time is about to be compared with what was noted earlier. */
  function noticeClock(): void {
    const byMs = clockSetBy();
    if (byMs === 0 || closing.signal.aborted) return;
    for (const source of sources.keys())
      enqueue({ source, at: clock.now(), event: { type: 'clock-set', byMs } });
  }

  function flush(): void {
    const updates = waiting;
    waiting = [];
    if (updates.length === 0) return;
    for (const { source, event, at } of updates) observe(sources.get(source)?.kind ?? '', event, at);
    store.dispatch(updates);
    learning.collect();
    for (const listener of [...updatesListeners]) listener(updates);
  }

  function observe(kind: string, event: Update['event'], at: number): void {
    if (event.type === 'changed') etas.observe(kind, event.task, Math.min(at, event.task.updatedAt ?? at));
    if (event.type === 'removed') etas.forget(event.id);
    if (event.type === 'snapshot') {
      for (const task of event.tasks) etas.observe(kind, task, Math.min(at, task.updatedAt ?? at));
    }
  }

  async function send(id: TaskId, command: CommandName, argument?: string): Promise<CommandResult> {
    const entry = findEntry(store.getState(), id);
    const source = entry && sources.get(entry.task.source);
    const handler = source?.commands[command];
    if (!entry || !source || !handler) return refused(notOffered(id, command));
    const offer = entry.task.offers.find((offered) => offered.command === command);
    if (!offer) return refused(notNow(command, entry.task.state.status));
    if (offer.refusal) return refused(problem('not-allowed', 'degraded', `${command}: ${offer.refusal}`));

    const tell = (event: CommandEvent) => {
      enqueue({ source: source.id, at: clock.now(), event });
      flush();
    };
    tell({ type: 'command-asked', id, command });
    const askedAt = findEntry(store.getState(), id)?.pending?.askedAt;
    const result = await handler(entry.task.nativeId, {
      signal: closing.signal,
      report: (stage) => tell({ type: 'command-advanced', id, stage }),
      ...(argument === undefined ? {} : { argument }),
    }).catch((error: unknown) => refused(bugProblem(error)));
    if (result.kind === 'refused') tell({ type: 'command-failed', id, problem: result.problem });
    else complainIfSilent(id, askedAt, tell);
    return result;
  }

  function complainIfSilent(
    id: TaskId,
    askedAt: number | undefined,
    tell: (event: CommandEvent) => void,
  ): void {
    const cancel = clock.after(ANSWER_TIMEOUT_MS, () => {
      timers.delete(cancel);
      const pending = findEntry(store.getState(), id)?.pending;
      if (pending && pending.askedAt === askedAt)
        tell({ type: 'command-failed', id, problem: silence(pending.command) });
    });
    timers.add(cancel);
  }

  function openedUpdate(source: Source): Update {
    return {
      source: source.id,
      at: clock.now(),
      event: { type: 'opened', kind: source.kind, location: source.location },
    };
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
    complain: store.complain,
    send,
    async untilEnded(signal) {
      const aborted = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([aborted, Promise.all(readers)]);
      flush();
    },
    async close() {
      closing.abort();
      for (const cancel of timers) cancel();
      flush();
      learning.close(); // before sources that take their time: nobody may wait for them to the end
      await Promise.all(readers);
      flush();
    },
  };
}

function refused(reason: Problem): CommandResult {
  return { kind: 'refused', problem: reason };
}

function notOffered(id: TaskId, command: CommandName): Problem {
  return problem('not-allowed', 'degraded', `${command}: the source of ${id} takes no such command`);
}

function notNow(command: CommandName, status: string): Problem {
  return problem('not-allowed', 'degraded', `${command}: not possible while the task is ${status}`);
}

function silence(command: CommandName): Problem {
  const seconds = ANSWER_TIMEOUT_MS / 1000;
  return problem(
    'no-answer',
    'degraded',
    `${command}: no answer after ${seconds} s`,
    'is the worker still running?',
  );
}

function bugEvent(error: unknown): SourceEvent {
  return { type: 'problem', problem: bugProblem(error) };
}

function bugProblem(error: unknown): Problem {
  const words = errorMessage(error);
  return problem(
    'malformed',
    'down',
    ownWords(`taskglass failed here: ${words}`),
    'please report this as a bug',
  );
}
