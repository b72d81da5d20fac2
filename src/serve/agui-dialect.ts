import type { DashboardState } from '../model/dashboard-state.ts';
import { passedOn } from '../model/via.ts';
import { expectedEnd } from '../present/expected-end.ts';
import { eventText } from '../publish/agui/run-events.ts';
import type { Filter } from '../store/filter.ts';
import { allEntries, type State, type TaskEntry } from '../store/state.ts';
import { dashboardTask, type ServedProgress } from './dashboard-task.ts';
import { type Dialect, rememberLast } from './listener.ts';
import { rememberText } from './remember-text.ts';
import type { ServerContext } from './server-context.ts';

/** An operation of RFC 6902 on a dashboard state. */
type Operation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** The dialect of `/agui`, and the tasks that it describes. */
export interface AguiDialect extends Dialect {
  tasksOf(state: State): readonly ServedProgress[];
}

/** Creates the AG-UI dialect: the tasks as a dashboard state, in one snapshot followed by deltas. */
export function createAguiDialect(isListed: Filter, context: () => ServerContext): AguiDialect {
  /** Each entry is described only once, so that an unchanged task is the same object. */
  const described = new WeakMap<TaskEntry, ServedProgress>();

  function describe(entry: TaskEntry): ServedProgress {
    const known = described.get(entry);
    if (known) return known;
    const { task } = entry;
    const now = context();
    const made = dashboardTask(task, expectedEnd(task, now), passedOn(task, now.serverId));
    described.set(entry, made);
    return made;
  }
  /** Each state is listed once: for the change that led to it, the one that follows, and every run that begins meanwhile. */
  const listed = new WeakMap<State, readonly ServedProgress[]>();

  function tasksOf(state: State): readonly ServedProgress[] {
    const known = listed.get(state);
    if (known) return known;
    const made = allEntries(state).filter(isListed).map(describe);
    listed.set(state, made);
    return made;
  }
  const snapshot = rememberText(
    (state) =>
      eventText({
        type: 'STATE_SNAPSHOT',
        snapshot: dashboardState(tasksOf(state), context().nowMs),
      }),
    () => context().nowMs,
  );

  return {
    opening: (state) => [snapshot(state)],
    tasksOf,
    between: rememberLast((before, after) => {
      const delta = listDelta(tasksOf(before), tasksOf(after));
      if (delta === null) return snapshot(after);
      if (delta.length === 0) return '';
      const stamp: Operation = { op: 'replace', path: '/timestamp', value: context().nowMs };
      return eventText({ type: 'STATE_DELTA', delta: [stamp, ...delta] });
    }),
  };
}

/**
 * Returns the operations that turn one list of tasks into the other; null if that would require moves. The time is
 * proportional to the lists' lengths, whereas a general diff needs the square of that.
 */
function listDelta(before: readonly ServedProgress[], after: readonly ServedProgress[]): Operation[] | null {
  const listed = new Set(after.map(({ taskId }) => taskId));
  const known = new Set(before.map(({ taskId }) => taskId));
  const kept = before.filter(({ taskId }) => listed.has(taskId));
  const operations: Operation[] = before
    .flatMap(({ taskId }, index) => (listed.has(taskId) ? [] : [index]))
    .reverse()
    .map((index) => ({ op: 'remove', path: `/activeTasks/${index}` }));
  let next = 0;
  for (const [index, task] of after.entries()) {
    const path = `/activeTasks/${index}`;
    if (!known.has(task.taskId)) {
      operations.push({ op: 'add', path, value: task });
      continue;
    }
    const old = kept[next++];
    if (old?.taskId !== task.taskId) return null;
    if (old !== task) operations.push({ op: 'replace', path, value: task });
  }
  return operations;
}

function dashboardState(tasks: readonly ServedProgress[], timestamp: number): DashboardState {
  return {
    version: 1,
    timestamp,
    widgets: {},
    loading: { isLoading: false, loadingAgents: [] },
    errors: {},
    activeTasks: [...tasks],
  };
}
