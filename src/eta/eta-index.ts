import type { TaskId } from '../model/id.ts';
import type { FinishedRun } from '../model/run.ts';
import { hasEnded, type Task } from '../model/task.ts';
import { createFinishedRuns } from './finished-runs.ts';
import { type RunHistory, usualDuration } from './history.ts';
import { jobKey, jobOf } from './job.ts';
import { createLookups } from './lookups.ts';
import { pastRuns } from './past-runs.ts';
import { createRunRoom, type RoomyRun } from './run-room.ts';
import type { ShownEstimate } from './shown-estimate.ts';

/** Watches every run of every task, by what the sources report. */
export interface EtaIndex {
  /** Takes a report of a task. `kind` is that of its source, `atMs` when it was reported (epoch ms). */
  observe(kind: string, task: Task, atMs: number): void;
  forget(id: TaskId): void;
  /** Returns null for a task that is not running, or about which nothing is known yet. */
  shownEstimate(id: TaskId, nowMs: number): ShownEstimate | null;
  /** Returns how long earlier runs of the task usually took, ms; null if that is not known. */
  usualMs(kind: string, task: Task): number | null;
  /** Uses this history from now on. Earlier runs are looked up when an estimate is first asked for. */
  remember(history: RunHistory): void;
  /** Tells that these runs were added to the history: runs of the same jobs that are going on look there again. */
  learnt(runs: readonly FinishedRun[]): void;
  /** Returns the runs that have ended since the last call, to be learnt from. */
  takeFinished(): FinishedRun[];
}

interface Watched {
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly run: RoomyRun;
}

export function createEtaIndex(options: { readonly eventsKept?: number } = {}): EtaIndex {
  const runs = new Map<TaskId, Watched>();
  const room = createRunRoom();
  /** Tasks that were seen before they began, so that their start will be known without a timestamp. */
  const unbegun = new Set<TaskId>();
  /** Ended tasks as last reported, so that each end is learnt only once. The store holds the same objects anyway. */
  const ends = new Map<TaskId, Task>();
  const lookups = createLookups();
  const finished = createFinishedRuns();

  function begin(kind: string, task: Task, atMs: number): RoomyRun {
    const isStartKnown = task.startedAt !== null || unbegun.delete(task.id);
    const startedAt = task.startedAt ?? atMs;
    const run = room.watch({ kind, startedAt, isStartKnown, task, ...options });
    drop(task.id);
    runs.set(task.id, { attempts: task.attempts, startedAt: task.startedAt, run });
    return run;
  }

  function drop(id: TaskId): void {
    runs.get(id)?.run.close();
    runs.delete(id);
  }

  function end(kind: string, task: Task, atMs: number): void {
    const { status } = task.state;
    if (status !== 'completed' && status !== 'failed' && status !== 'cancelled') return;
    const watched = runs.get(task.id);
    drop(task.id);
    unbegun.delete(task.id);
    const before = ends.get(task.id);
    ends.set(task.id, task);
    if (before && isSameEnd(before, task)) return;
    if (!continues(watched, task)) return finished.addUnwatched(kind, task, status);
    const learnt = watched.run.finish(task, status, atMs);
    if (learnt) finished.add(learnt);
  }

  return {
    observe(kind, task, atMs) {
      const { status } = task.state;
      if (hasEnded(status)) return end(kind, task, atMs);
      ends.delete(task.id);
      const watched = runs.get(task.id);
      if (status === 'queued' || (status !== 'running' && !watched && task.startedAt === null)) {
        drop(task.id);
        unbegun.add(task.id);
        return;
      }
      const run = continues(watched, task) ? watched.run : begin(kind, task, atMs);
      run.observe(task, atMs);
    },
    forget(id) {
      drop(id);
      unbegun.delete(id);
      ends.delete(id);
    },
    shownEstimate(id, nowMs) {
      const run = runs.get(id)?.run;
      if (run && !run.isInformed && lookups.mayBegin(nowMs)) run.inform(lookups.runsLike(run.job));
      return run?.shownEstimate(nowMs) ?? null;
    },
    usualMs(kind, task) {
      const job = jobOf(kind, task);
      return usualDuration(pastRuns(job, task).runs) ?? lookups.usualMs(job);
    },
    remember: lookups.remember,
    learnt(given) {
      const keys = new Set(given.map(({ job }) => jobKey(job)));
      lookups.forget(keys);
      for (const { run } of runs.values())
        if (run.isInformed && !run.isExperienced && keys.has(jobKey(run.job))) run.askAgain();
    },
    takeFinished: finished.take,
  };
}

function isSameEnd(before: Task, now: Task): boolean {
  return (
    before.state.status === now.state.status &&
    before.attempts === now.attempts &&
    before.startedAt === now.startedAt
  );
}

/** Tells whether a task is still in the same run: its attempt and its start have not changed. */
function continues(watched: Watched | undefined, { attempts, startedAt }: Task): watched is Watched {
  return watched?.attempts === attempts && (startedAt === null || startedAt === watched.startedAt);
}
