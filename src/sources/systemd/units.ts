import { keepNewest } from '../../model/keep-newest.ts';
import { hasEnded } from '../../model/task.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import { type ListedUnit, type UnitFacts, unixMoment } from './format.ts';
import { unitTask } from './unit-task.ts';

/** The services of a manager, from one look to the next. */
export interface Units {
  /** Returns which services have to be shown in full: not daemons that are up, as far as that is known. */
  worthAsking(listed: readonly ListedUnit[], timers: ReadonlyMap<string, unknown>): readonly string[];
  /** Returns the tasks among the services that were shown, and those that were seen to end. */
  tasks(facts: readonly UnitFacts[], timers: ReadonlyMap<string, number | null>): readonly TaskDraft[];
  /** We have asked for the end of this service. */
  stopped(id: string): void;
  started(id: string): void;
}

/** How many ended services are remembered. */
const MOST_ENDED = 200;

export function createUnits(): Units {
  /** What was running, or had ended, at the last look. */
  let before = new Map<string, TaskDraft>();
  /** Services that are up and do not end by themselves. */
  let daemons = new Set<string>();
  /** Services whose end was requested, with the start of the run that is meant. */
  const stopped = new Map<string, number | null>();

  return {
    worthAsking(listed, timers) {
      const up = new Set(listed.filter(isUp).map(({ id }) => id));
      daemons = new Set([...daemons].filter((id) => up.has(id)));
      const found = listed.filter(({ id, active }) => active !== 'inactive' && !daemons.has(id));
      return [...new Set([...found.map(({ id }) => id), ...timers.keys(), ...before.keys()])];
    },
    tasks(facts, timers) {
      const now = new Map<string, TaskDraft>();
      for (const unit of facts) {
        const id = unit.Id ?? '';
        const known = before.get(id);
        const wasRunning = known !== undefined && known.state.status !== 'queued';
        const isStopped = known !== undefined && stopped.get(id) === known.startedAt;
        const task = isOldEnd(unit, known)
          ? endOf(known, isStopped)
          : unitTask(unit, { nextAt: timers.get(id), wasRunning, isStopped });
        if (task) now.set(id, task);
        else if (unit.ActiveState === 'active') daemons.add(id);
      }
      before = now;
      const ended = new Map([...now].filter(([id, task]) => hasEnded(task.state.status) && !timers.has(id)));
      const surplus = new Map(ended);
      keepNewest(surplus, MOST_ENDED);
      for (const id of ended.keys()) if (!surplus.has(id)) before.delete(id);
      return [...before.values()];
    },
    stopped: (id) => void stopped.set(id, before.get(id)?.startedAt ?? null),
    started: (id) => void stopped.delete(id),
  };
}

function isUp({ active, sub }: ListedUnit): boolean {
  return active === 'active' && (sub === 'running' || sub === 'exited');
}

/**
 * Tells whether there is nothing new about a service that was seen before: one of systemd-run's is forgotten once it has ended
 * well, and a failed one is merely inactive after `reset-failed`.
 */
function isOldEnd(unit: UnitFacts, known: TaskDraft | undefined): known is TaskDraft {
  if (!known) return false;
  if (unit.LoadState === 'not-found') return true;
  const isSameRun = unixMoment(unit.ExecMainStartTimestamp) === known.startedAt;
  return unit.ActiveState === 'inactive' && isSameRun && known.state.status === 'failed';
}

/** Returns a service that has disappeared as one that has ended: nothing is known except that it did not fail. It is kept. */
function endOf(task: TaskDraft, isStopped: boolean): TaskDraft {
  if (hasEnded(task.state.status)) return task;
  return {
    ...task,
    state: isStopped
      ? { status: 'cancelled', endedAt: null, reason: null }
      : { status: 'completed', endedAt: null, result: null },
  };
}
