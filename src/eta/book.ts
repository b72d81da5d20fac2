import type { TaskId } from '../model/id.ts';
import { keepNewest } from '../model/keep-newest.ts';
import type { FinishedRun, Job, RunOutcome } from '../model/run.ts';
import { endedAtOf, hasEnded, type Task } from '../model/task.ts';
import { type EarlierRuns, NO_RUNS, type RunHistory, usualDuration } from './history.ts';
import { jobKey, jobOf } from './job.ts';
import type { Outlook } from './outlook.ts';
import { pastRuns } from './past-runs.ts';
import { createWatchedRun, runFromStamps, type WatchedRun } from './run.ts';

/** Keeps an eye on each run of each task, fed from what the sources say. */
export interface EtaBook {
  /** `kind` is that of the task's source, `atMs` when it said so (epoch ms). */
  observe(kind: string, task: Task, atMs: number): void;
  forget(id: TaskId): void;
  /** null for a task that does not run, or of which nothing has moved yet. */
  outlook(id: TaskId, nowMs: number): Outlook | null;
  /** How long such a task has usually taken, ms; null where that is not known. */
  usualMs(kind: string, task: Task): number | null;
  /** From now on earlier runs count. They are looked up when an estimate is first asked for. */
  remember(history: RunHistory): void;
  /** These are in the history now: what runs, and could not know of them, looks again. */
  learnt(runs: readonly FinishedRun[]): void;
  /** The runs that have ended since this was last asked: what there is to learn. */
  takeFinished(): FinishedRun[];
}

interface Watched {
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly run: WatchedRun;
}

/** Of runs that nobody takes, the newest are kept. */
const FINISHED_KEPT = 1_000;
/** Looking up earlier runs costs time: at most so many tasks begin with them in a second. */
const LOOKUPS_A_SECOND = 100;
/** How many jobs' earlier runs are held at once. */
const JOBS_HELD = 32;
/** And of how many it is remembered how long they usually take. */
const USUAL_HELD = 10_000;

export function createEtaBook(options: { readonly eventsKept?: number } = {}): EtaBook {
  const runs = new Map<TaskId, Watched>();
  /** Tasks that were seen before they began: when they begin, that is their start. */
  const unbegun = new Set<TaskId>();
  /** How each ended task had ended: its end is learnt once. */
  const ends = new Map<TaskId, string>();
  const held = new Map<string, EarlierRuns>();
  const usual = new Map<string, number | null>();
  let history: RunHistory | null = null;
  let finished: FinishedRun[] = [];
  let over: { readonly kind: string; readonly task: Task; readonly outcome: RunOutcome }[] = [];
  let lookups = { second: 0, count: 0 };

  function begin(kind: string, task: Task, atMs: number): WatchedRun {
    const isStartKnown = task.startedAt !== null || unbegun.delete(task.id);
    const startedAt = task.startedAt ?? atMs;
    const run = createWatchedRun({ kind, startedAt, isStartKnown, task, ...options });
    runs.set(task.id, { attempts: task.attempts, startedAt: task.startedAt, run });
    return run;
  }

  function end(kind: string, task: Task, atMs: number): void {
    const { status } = task.state;
    if (status !== 'completed' && status !== 'failed' && status !== 'cancelled') return;
    const watched = runs.get(task.id);
    runs.delete(task.id);
    unbegun.delete(task.id);
    const how = `${status} ${task.attempts} ${task.startedAt}`;
    if (ends.get(task.id) === how) return;
    ends.set(task.id, how);
    if (!continues(watched, task)) return overBefore(kind, task, status);
    const learnt = watched.run.finish(task, status, atMs);
    if (!learnt) return;
    finished.push(learnt);
    if (finished.length > 2 * FINISHED_KEPT) finished = newest(finished, endOf);
  }

  /** A hundred thousand may have ended before anyone looked: what there is to learn of them is seen when it is taken. */
  function overBefore(kind: string, task: Task, outcome: RunOutcome): void {
    over.push({ kind, task, outcome });
    if (over.length > 2 * FINISHED_KEPT) over = newest(over, ({ task: ended }) => endedAtOf(ended) ?? 0);
  }

  function runsLike(job: Job): EarlierRuns {
    return remembered(held, jobKey(job), JOBS_HELD, () => history?.runsLike(job) ?? NO_RUNS);
  }

  function mayLookUp(nowMs: number): boolean {
    if (!history) return false;
    const second = Math.floor(nowMs / 1_000);
    lookups = lookups.second === second ? { second, count: lookups.count + 1 } : { second, count: 1 };
    return lookups.count <= LOOKUPS_A_SECOND;
  }

  return {
    observe(kind, task, atMs) {
      const { status } = task.state;
      if (hasEnded(status)) return end(kind, task, atMs);
      ends.delete(task.id);
      const watched = runs.get(task.id);
      if (status === 'queued' || (status !== 'running' && !watched && task.startedAt === null)) {
        runs.delete(task.id);
        unbegun.add(task.id);
        return;
      }
      const run = continues(watched, task) ? watched.run : begin(kind, task, atMs);
      run.observe(task, atMs);
    },
    forget(id) {
      runs.delete(id);
      unbegun.delete(id);
      ends.delete(id);
    },
    outlook(id, nowMs) {
      const run = runs.get(id)?.run;
      if (run && !run.isInformed && mayLookUp(nowMs)) run.inform(runsLike(run.job));
      return run?.outlook(nowMs) ?? null;
    },
    usualMs(kind, task) {
      const job = jobOf(kind, task);
      const own = usualDuration(pastRuns(job, task).runs);
      if (own !== null) return own;
      return history && remembered(usual, jobKey(job), USUAL_HELD, () => history?.usualMs(job) ?? null);
    },
    remember(given) {
      history = given;
      held.clear();
      usual.clear();
    },
    learnt(given) {
      const keys = new Set(given.map(({ job }) => jobKey(job)));
      for (const key of keys) {
        held.delete(key);
        usual.delete(key);
      }
      for (const { run } of runs.values())
        if (!run.isExperienced && keys.has(jobKey(run.job))) run.askAgain();
    },
    takeFinished() {
      const earlier = over.flatMap(({ kind, task, outcome }) => runFromStamps(kind, task, outcome) ?? []);
      const taken = newest([...earlier, ...finished], endOf);
      over = [];
      finished = [];
      return taken;
    },
  };
}

/** A run goes on as long as attempt and start stay the same. */
function continues(watched: Watched | undefined, { attempts, startedAt }: Task): watched is Watched {
  return watched?.attempts === attempts && (startedAt === null || startedAt === watched.startedAt);
}

/** The value of `key`, made where it is not there; beyond `most`, the oldest gives way. */
function remembered<T>(values: Map<string, T>, key: string, most: number, make: () => T): T {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  values.set(key, made);
  keepNewest(values, most);
  return made;
}

function newest<T>(items: readonly T[], endOfItem: (item: T) => number): T[] {
  if (items.length <= FINISHED_KEPT) return [...items];
  return items.toSorted((a, b) => endOfItem(a) - endOfItem(b)).slice(-FINISHED_KEPT);
}

function endOf({ startedAt, durationMs }: FinishedRun): number {
  return startedAt + durationMs;
}
