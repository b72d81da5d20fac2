import type { Clock } from '../clock.ts';
import { formatNaiveTime } from '../sources/task-breakdown/naive-time.ts';
import { checking, doWork, hashing, indexing, packing, sorting, type Work } from './work.ts';

/** A task in the breakdown file. */
export interface PlannedTask {
  readonly id: string;
  readonly description: string;
  readonly module: string;
  readonly priority: number;
  readonly dependencies?: readonly string[];
  readonly estimated_complexity: 'low' | 'medium' | 'high';
  readonly status?: string;
  readonly attempts?: number;
}

type Plan = Omit<PlannedTask, 'estimated_complexity'>;

const TASKS: readonly Plan[] = [
  { id: 'T1', description: 'Collect the sources', module: 'intake', priority: 1 },
  { id: 'T2', description: 'Check what was collected', module: 'intake', priority: 2, dependencies: ['T1'] },
  { id: 'T3', description: 'Sort the entries', module: 'catalogue', priority: 2, dependencies: ['T1'] },
  { id: 'T4', description: 'Index the entries', module: 'catalogue', priority: 3, dependencies: ['T3'] },
  { id: 'T5', description: 'Pack the release', module: 'release', priority: 3, dependencies: ['T2', 'T4'] },
  { id: 'T6', description: 'Sign off the release', module: 'release', priority: 4, dependencies: ['T5'] },
];

/** The work of each task, with its number of steps of 100 ms. */
const WORK: Readonly<Record<string, () => Work>> = {
  T1: () => hashing(30),
  T2: () => checking(36, null),
  T3: () => sorting(40),
  T4: () => indexing(36),
  T5: () => packing(36),
  T6: () => hashing(20),
};

/** Returns the content of a new breakdown, in which no task has begun. */
export function planOf(round: number, nowMs: number): string {
  const complexity = (task: Plan) => (task.priority < 3 ? 'medium' : 'low');
  const tasks = TASKS.map((task) => ({
    ...task,
    description: round === 1 ? task.description : `${task.description}, round ${round}`,
    estimated_complexity: complexity(task),
    status: 'pending',
  }));
  const document = { generated_at: formatNaiveTime(nowMs), total_tasks: tasks.length, tasks };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Does a task's work; rejects if it fails or `signal` aborts. */
export function workOfPlanned(task: PlannedTask, clock: Clock, signal: AbortSignal): Promise<string> {
  const work = WORK[task.id]?.() ?? hashing(30);
  return doWork(work, { clock, signal, report() {} });
}
