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

/** What a session is opened with. Everything is optional: without more, it shows what `taskglass` alone would. */
export interface OpenSessionOptions {
  /**
   * What to watch, in the words of the command line: `wss://…`, a file, a directory, `agui:URL`, `http://…`. Without
   * any: what lies in `cwd`, this user's own runs and ledger, and this user's agents that moved in the last day.
   */
  readonly sources?: readonly string[];
  /** What not to look for if `sources` names nothing: `{claude: false}`. */
  readonly discover?: Switches;
  /** The directory to look in, and from which relative paths start; the process's own by default. */
  readonly cwd?: string;
  /** Where the user's directories, keys and tokens are looked up; the process's own environment by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whose jobs to watch on the relays: npub1… or 64 hex digits each. */
  readonly pubkeys?: readonly string[];
  /** Signs what is sent to relays; by default the user's own key, if its passphrase is known. */
  readonly signer?: Signer;
  /** Whether earlier runs count for the ETAs, and what ends is learnt for later ones; true by default. */
  readonly history?: boolean;
  /** Asks a person for a passphrase or a token; by default nobody is asked. */
  readonly askSecret?: (question: string) => Promise<string | null>;
  /** Hears what is wrong but keeps nothing from being opened; by default it stands in the monitor's state. */
  readonly onProblem?: (problem: Problem) => void;
  readonly clock?: Clock;
  /** Ends a search for sources early. */
  readonly signal?: AbortSignal;
}

/** A task, and when it will be done. */
export interface TaskWithEta {
  readonly task: Task;
  /** null if the task is not running, or nothing is known yet. */
  readonly eta: ShownEstimate | null;
}

/** What is watched. Close it: until then it keeps files and connections open. */
export interface OpenedSession {
  readonly monitor: Monitor;
  /** How many sources were opened at first; 0 if nothing was named and nothing found. Others may appear later. */
  readonly sourceCount: number;
  /** Resolves once every source has said what it has, or `waitMs` have passed; tells whether all have. */
  settled(waitMs?: number): Promise<boolean>;
  /** The tasks as they are now, in the order of the list. `filter` is written as for `--filter`. */
  tasks(options?: { readonly filter?: string; readonly sort?: SortKey }): TaskWithEta[];
  /** Resolves when everything that was opened is closed, and what was learnt is written down. */
  close(): Promise<void>;
}

const USUAL_WAIT_MS = 5_000;

/**
 * Opens what `taskglass` with these sources would show. Reads no configuration file. Rejects with a `SessionError` if a
 * source is named that is none, or that cannot be reached without a key.
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
