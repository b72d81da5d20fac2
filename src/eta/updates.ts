import type { RunEvent } from '../model/run.ts';
import type { Step, Task } from '../model/task.ts';

/**
 * What is new in `task` since `before` (null: everything), as updates in order of time. If a step has stamps of its
 * own they count: a first look in the middle of a run still learns how long each step took.
 * `fromMs` is the time of the last update, `t` that of this one, both since the start.
 */
export function updatesOf(
  before: Task | null,
  task: Task,
  run: { readonly startedAt: number; readonly fromMs: number; readonly t: number },
): RunEvent[] {
  const place = (stamp: number | null) =>
    Math.min(run.t, Math.max(run.fromMs, stamp === null ? run.t : stamp - run.startedAt));
  const events =
    task.steps.length === 0
      ? wholeUpdates(before, task, run.t)
      : task.steps.flatMap((step) => stepUpdates(before?.steps[step.index], step, place, run.t));
  events.sort((a, b) => a.t - b.t || a.step - b.step);
  return withReport(events, before, task, run);
}

/** A task without steps is one step, as far as its source says it is. */
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
    // Over when nobody had looked yet, and without a stamp: how long it took is not known, and was not no time at all.
    const isUntold = before === undefined && t === 0 && step.startedAt === null && step.endedAt === null;
    return [...start, event(place(step.endedAt), step.index, isUntold ? 'skipped' : step.status, null)];
  }
  if (step.status === 'pending' && before === undefined) return [];
  if (start.length > 0 && step.progress === null) return start;
  return [...start, event(t, step.index, step.status, step.status === 'running' ? step.progress : null)];
}

/** What the publisher says is left belongs to the moment at which it says it. */
function withReport(
  events: RunEvent[],
  before: Task | null,
  task: Task,
  { startedAt, t }: { readonly startedAt: number; readonly t: number },
): RunEvent[] {
  if (task.reportedEndAt === null) return events;
  const reportedMs = Math.max(0, task.reportedEndAt - startedAt - t);
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
