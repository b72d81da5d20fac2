import type { RunEvent } from '../model/run.ts';
import type { Step, Task } from '../model/task.ts';

/**
 * Returns what is new in `task` since `before` (null: everything), as updates in order of time. A step's own timestamps are
 * used, so that a first look in the middle of a run still shows how long each step took. `fromMs` is the time of the last
 * update, `t` that of this one, both since the start and without the time spent waiting for a person, which `waitedAt` returns.
 */
export function updatesOf(
  before: Task | null,
  task: Task,
  run: {
    readonly startedAt: number;
    readonly fromMs: number;
    readonly t: number;
    /** The time of this update, epoch ms; `startedAt` + `t` if absent. */
    readonly atMs?: number;
    readonly waitedAt?: (ms: number) => number;
  },
): RunEvent[] {
  const { atMs = run.startedAt + run.t, waitedAt = () => 0 } = run;
  const timeOf = (stamp: number) => stamp - run.startedAt - waitedAt(stamp);
  const place = (stamp: number | null) =>
    Math.min(run.t, Math.max(run.fromMs, stamp === null ? run.t : timeOf(stamp)));
  const events =
    task.steps.length === 0
      ? wholeUpdates(before, task, run.t)
      : task.steps.flatMap((step) => stepUpdates(before?.steps[step.index], step, place, run.t));
  events.sort((a, b) => a.t - b.t || a.step - b.step);
  return withReport(events, before, task, { atMs, t: run.t });
}

/** Treats a task without steps as a single step with the task's own progress. */
function wholeUpdates(before: Task | null, task: Task, t: number): RunEvent[] {
  const isEnded = task.state.status === 'completed';
  if (before && !isEnded && before.reportedProgress === task.reportedProgress) return [];
  return [event(t, 0, isEnded ? 'completed' : 'running', isEnded ? null : task.reportedProgress)];
}

function stepUpdates(
  before: Step | undefined,
  step: Step,
  place: (stamp: number | null) => number,
  t: number,
): RunEvent[] {
  if (before?.status === step.status && before.progress === step.progress) return [];
  const isOver = step.status !== 'pending' && step.status !== 'running';
  const isStart = before?.status !== 'running' && step.startedAt !== null && step.status !== 'pending';
  const start = isStart ? [event(place(step.startedAt), step.index, 'running', null)] : [];
  if (isOver) {
    // A step that had ended at the first look, without a timestamp: how long it took is unknown, but it was not zero.
    const isUntold = before === undefined && t === 0 && step.startedAt === null && step.endedAt === null;
    return [...start, event(place(step.endedAt), step.index, isUntold ? 'skipped' : step.status, null)];
  }
  if (step.status === 'pending' && before === undefined) return [];
  if (start.length > 0 && step.progress === null) return start;
  return [...start, event(t, step.index, step.status, step.status === 'running' ? step.progress : null)];
}

/** Adds the remaining time that the publisher reports, at the time of the report. */
function withReport(
  events: RunEvent[],
  before: Task | null,
  task: Task,
  { atMs, t }: { readonly atMs: number; readonly t: number },
): RunEvent[] {
  if (task.reportedEndAt === null) return events;
  const reportedMs = Math.max(0, task.reportedEndAt - atMs);
  const last = events.at(-1);
  if (last && last.t === t) return [...events.slice(0, -1), { ...last, reportedMs }];
  if (!last && before?.reportedEndAt === task.reportedEndAt) return events;
  const current = task.steps.find((step) => step.status === 'running');
  const progress = current ? current.progress : task.steps.length === 0 ? task.reportedProgress : null;
  if (!current && task.steps.length > 0) return events;
  return [...events, { ...event(t, current?.index ?? 0, 'running', progress), reportedMs }];
}

function event(t: number, step: number, status: Step['status'], progress: number | null): RunEvent {
  return progress === null ? { t, step, status } : { t, step, status, progress };
}
