import { type Clock, systemClock } from '../clock.ts';
import type { ShownEstimate } from '../eta/shown-estimate.ts';
import type { Problem } from '../model/problem.ts';
import type { Task } from '../model/task.ts';
import { createMonitor, type Monitor } from '../monitor.ts';
import type { Signer } from '../nostr/signer.ts';
import { parseFilter } from '../store/filter.ts';
import { type SortKey, selectEntries } from '../store/select.ts';
import type { SessionContext } from './context.ts';
import type { Switches } from './discovered-kinds.ts';
import { openSources } from './open-sources.ts';
import { rememberRuns } from './remember.ts';
import { SessionError } from './session-error.ts';
import { everySourceIsLive, waitUntil } from './settled.ts';

/** How to open a session. Everything is optional: by default, it shows what `taskglass` alone would show. */
export interface OpenSessionOptions {
  /**
   * What to watch, written as on the command line: `wss://…`, a file, a directory, `agui:URL`, `http://…`. By default: what
   * `cwd` contains, this user's own runs and ledger, and this user's agents that were active in the last day.
   */
  readonly sources?: readonly string[];
  /** What not to search for if `sources` names nothing: `{claude: false}`. */
  readonly discover?: Switches;
  /** The directory to search, from which relative paths start; the process's own by default. */
  readonly cwd?: string;
  /** Where to find the user's directories, keys and tokens; the process's own environment by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whose jobs to watch on the relays: npub1… or 64 hex digits each. */
  readonly pubkeys?: readonly string[];
  /** Signs what is sent to relays; by default the user's own key, if its passphrase is known. */
  readonly signer?: Signer;
  /** Whether to use earlier runs for the ETAs, and to learn from the runs that end; true by default. */
  readonly history?: boolean;
  /** Asks a person for a passphrase or a token; by default, nobody is asked. */
  readonly askSecret?: (question: string) => Promise<string | null>;
  /**
   * Receives what is wrong without keeping anything from being opened; by default, it becomes part of the monitor's state.
   */
  readonly onProblem?: (problem: Problem) => void;
  readonly clock?: Clock;
  /** Ends a search for sources early. */
  readonly signal?: AbortSignal;
}

/** A task, and when it will be done. */
export interface TaskWithEta {
  readonly task: Task;
  /** Null if the task is not running, or nothing is known yet. */
  readonly eta: ShownEstimate | null;
}

/** A session that is open. Close it: until then, it keeps files and connections open. */
export interface OpenedSession {
  readonly monitor: Monitor;
  /** How many sources were opened at first; 0 if nothing was named and nothing found. Others may appear later. */
  readonly sourceCount: number;
  /** Resolves once every source has reported its tasks, or `waitMs` have passed, with whether all have. */
  settled(waitMs?: number): Promise<boolean>;
  /** Returns the current tasks in the order of the list. `filter` is written as for `--filter`. */
  tasks(options?: { readonly filter?: string; readonly sort?: SortKey }): TaskWithEta[];
  /** Resolves once everything that was opened is closed, and what was learnt has been saved. */
  close(): Promise<void>;
}

const USUAL_WAIT_MS = 5_000;

/**
 * Opens what `taskglass` would show with these sources. Reads no configuration file. Rejects with a `SessionError` if
 * something that is named is not a source, or cannot be reached without a key.
 */
export async function openSession(options: OpenSessionOptions = {}): Promise<OpenedSession> {
  const { sources: named = [], pubkeys = [], signer, history = true } = options;
  const early: Problem[] = [];
  const context = contextOf(options, (problem) => early.push(problem));
  const opened = await openSources(
    {
      named,
      configured: [],
      discover: options.discover ?? {},
      pubkeys,
      signer,
      readOnly: false,
      awaitsRuns: false,
      follows: true,
    },
    context,
  );
  if (opened.kind !== 'opened') throw new SessionError(opened.problem);
  const { clock, signal, env } = context;
  const { sources, discovery } = opened;
  const monitor = createMonitor({ sources, clock });
  discovery.deliverTo(monitor.add, monitor.remove);
  await discovery.searched;
  const onProblem = options.onProblem ?? monitor.complain;
  for (const problem of early) onProblem(problem);
  if (history) await rememberRuns(monitor, { env, onProblem });
  return {
    monitor,
    sourceCount: monitor.getState().sources.size,
    settled: (waitMs = USUAL_WAIT_MS) => waitUntil(monitor, everySourceIsLive, { clock, waitMs, signal }),
    tasks({ filter = '', sort = 'urgency' } = {}) {
      const entries = selectEntries(monitor.getState(), { filter: parseFilter(filter), sort });
      const nowMs = clock.now();
      return entries.map(({ task }) => ({ task, eta: etaOf(monitor, task, nowMs) }));
    },
    async close() {
      await Promise.all([discovery.close(), monitor.close()]);
    },
  };
}

function contextOf(options: OpenSessionOptions, onProblem: SessionContext['onProblem']): SessionContext {
  const { cwd = process.cwd(), env = process.env, clock = systemClock } = options;
  return {
    cwd,
    env,
    clock,
    signal: options.signal ?? new AbortController().signal,
    askSecret: options.askSecret ?? null,
    onProblem,
    get stdin() {
      return process.stdin;
    },
  };
}

function etaOf(monitor: Monitor, { id, state }: Task, nowMs: number): ShownEstimate | null {
  return state.status === 'running' ? monitor.estimate(id, nowMs) : null;
}
