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

/** Keeps an eye on each run of each task, fed from what the sources say. */
export interface EtaIndex {
  /** `kind` is that of the task's source, `atMs` when it said so (epoch ms). */
  observe(kind: string, task: Task, atMs: number): void;
  forget(id: TaskId): void;
  /** null for a task that does not run, or of which nothing has moved yet. */
  shownEstimate(id: TaskId, nowMs: number): ShownEstimate | null;
  /** How long such a task has usually taken, ms; null if that is not known. */
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
  readonly run: RoomyRun;
}

export function createEtaIndex(options: { readonly eventsKept?: number } = {}): EtaIndex {
  const runs = new Map<TaskId, Watched>();
  const room = createRunRoom();
  /** Tasks that were seen before they began: when they begin, that is their start. */
  const unbegun = new Set<TaskId>();
  /** How each ended task had ended: its end is learnt once. */
  const ends = new Map<TaskId, string>();
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
    const how = `${status} ${task.attempts} ${task.startedAt}`;
    if (ends.get(task.id) === how) return;
    ends.set(task.id, how);
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

/** A run goes on as long as attempt and start stay the same. */
function continues(watched: Watched | undefined, { attempts, startedAt }: Task): watched is Watched {
  return watched?.attempts === attempts && (startedAt === null || startedAt === watched.startedAt);
}
