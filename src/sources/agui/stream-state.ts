import type { PlainText } from '../../model/text.ts';
import {
  type DashboardReading,
  decodeDashboardState,
  decodeDashboardTask,
} from '../dashboard-state/format.ts';
import type { DecodedItem } from '../kit/decode-list.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import { applyAguiEvent } from './format.ts';
import { advanceRun, type Run, type RunEnd, type RunEvent, startRun } from './run.ts';
import { runTask } from './run-task.ts';

/** What an AG-UI stream has reported so far. It outlives a connection, so that the next one can continue. */
export interface StreamState {
  /** Applies one event. Returns whether it said anything, and why it was ignored if it does not fit. */
  take(event: RunEvent, now: number): { readonly isUseful: boolean; readonly misfit: PlainText | null };
  /** All tasks that were reported; null if nothing could be one. */
  read(): DashboardReading | null;
  /** Whether the run has ended, and none has begun since. */
  isOver(): boolean;
}

/** How many tasks of a state are shown: unlike a file, a stream is not chosen by its size. */
const MOST_TASKS = 3_000;
/** How many ended runs are kept. */
const MOST_RUNS = 50;

/** Creates the state of a stream; `name` is the agent's, for its runs. */
export function createStreamState(name: PlainText): StreamState {
  let state: unknown;
  let runs: readonly Run[] = [];
  const decodeTask = createMemo();

  function takeRunEvent(event: RunEvent, now: number): boolean {
    const before = runs;
    const current = runs.at(-1);
    if (event.type === 'RUN_STARTED') runs = withNewest(runs, startRun(event, now));
    else if (current && (!current.end || event.type === 'RUN_ERROR'))
      runs = runs.with(-1, advanceRun(current, event, now));
    else if (!current) {
      const run = startRun(event, now);
      const begun = advanceRun(run, event, now);
      if (begun !== run) runs = [begun];
    }
    return runs.at(-1) !== before.at(-1);
  }

  return {
    take(event, now) {
      const applied = applyAguiEvent(state, event);
      if (applied.kind === 'misfit') return { isUseful: false, misfit: applied.why };
      if (applied.kind === 'state') {
        state = applied.state;
        return { isUseful: true, misfit: null };
      }
      return { isUseful: takeRunEvent(event, now), misfit: null };
    },
    read() {
      const reading = decodeDashboardState(state, decodeTask, MOST_TASKS);
      if (!reading) {
        if (runs.length === 0) return null;
        const tasks = runs.map((run, index) => runTask(run, name, index === runs.length - 1 ? state : null));
        return { tasks, timestamp: null, problem: null };
      }
      const run = runs.at(-1);
      if (!run?.end) return reading;
      const { end } = run;
      const tasks = reading.tasks.map((task) => endedWith(task, end));
      const isTold = end.how !== 'failed' || tasks.some((task, index) => task !== reading.tasks[index]);
      return { ...reading, tasks: isTold ? tasks : [...tasks, runTask(run, name, null)] };
    },
    isOver: () => runs.at(-1)?.end != null,
  };
}

/** Adds a run. One whose end was missed is over once another begins; of those that ended, the last ones are kept. */
function withNewest(runs: readonly Run[], run: Run): readonly Run[] {
  return [...runs.filter(({ id, end }) => end !== null && id !== run.id).slice(1 - MOST_RUNS), run];
}

/** Ends the tasks of a dashboard: none of them is under way any more once the run that reports them is over. */
function endedWith(task: TaskDraft, end: RunEnd): TaskDraft {
  const { status } = task.state;
  if ('endedAt' in task.state) return task;
  switch (end.how) {
    case 'failed':
      return { ...task, state: { status: 'failed', endedAt: end.at, error: end.error } };
    case 'cancelled':
      return { ...task, state: { status: 'cancelled', endedAt: end.at, reason: null } };
    case 'interrupted':
      return status === 'running'
        ? { ...task, state: { status: 'needs-input', reason: end.question } }
        : task;
    case 'completed':
      return status === 'running'
        ? { ...task, state: { status: 'completed', endedAt: end.at, result: null } }
        : task;
    default:
      return end satisfies never;
  }
}

/** Remembers what was read: what a patch did not touch is the same object as before, and is not read again. */
function createMemo(): (raw: unknown) => DecodedItem<TaskDraft> {
  const known = new WeakMap<object, DecodedItem<TaskDraft>>();
  return (raw) => {
    if (typeof raw !== 'object' || raw === null) return decodeDashboardTask(raw);
    const before = known.get(raw);
    if (before) return before;
    const decoded = decodeDashboardTask(raw);
    known.set(raw, decoded);
    return decoded;
  };
}
