import type { Step, StepStatus, TaskStatus } from '../../model/task.ts';
import { words } from '../../model/text.ts';
import type { FanItem } from './format.ts';
import type { KeptList } from './kept-list.ts';

/** What a step that was under way becomes when its task ends. */
const AT_THE_END: Readonly<Partial<Record<TaskStatus, StepStatus>>> = {
  completed: 'pending',
  failed: 'failed',
  cancelled: 'skipped',
};

/** Returns the tasks of a list as the steps of a task with this status. */
export function listSteps(list: KeptList, status: TaskStatus): Step[] {
  return list.tasks
    .flatMap(({ file, startedAt, endedAt }, at) => {
      if (!file.value) return [];
      const { subject, status: own } = file.value;
      const stands = own === 'running' ? (AT_THE_END[status] ?? own) : own;
      return [{ index: at, name: subject, status: stands, progress: null, weight: 1, startedAt, endedAt }];
    })
    .map((step, index) => ({ ...step, index }));
}

/** Returns the work that a job has sent off as its steps. */
export function fanSteps(fan: readonly FanItem[], status: TaskStatus): Step[] {
  return fan.map(({ label, startedAt, doneAt }, index) => {
    const open = AT_THE_END[status] ?? 'running';
    return {
      index,
      name: label,
      // A completed job does not need what it has not waited for.
      status: doneAt !== null ? 'completed' : open === 'pending' ? 'skipped' : open,
      progress: null,
      weight: 1,
      startedAt,
      endedAt: doneAt,
    };
  });
}

/** Returns who works on a list's tasks, as far as they are named. */
export function ownersOf(list: KeptList) {
  const owners = new Set(list.tasks.flatMap(({ file }) => file.value?.owner ?? []));
  return owners.size === 0 ? null : [...owners].reduce((all, owner) => words`${all}, ${owner}`);
}
