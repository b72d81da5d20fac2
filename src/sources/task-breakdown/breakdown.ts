import { type Clock, systemClock } from '../../clock.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { parseExactly } from '../../model/json.ts';
import { problem } from '../../model/problem.ts';
import { oneDecimal } from '../../model/progress.ts';
import { plainName, words } from '../../model/text.ts';
import { createWarner } from '../../publish/warn.ts';
import { appendHistory, readHistory, type Transition } from './history.ts';
import {
  BREAKDOWN_STATUSES,
  type BreakdownStatus,
  elapsedMs,
  findTask,
  idOf,
  moveTask,
  type RawTask,
  type StatusChange,
  statusOf,
  tasksOf,
  wordsOf,
} from './moves.ts';
import { formatNaiveTime } from './naive-time.ts';
import { byPriority, dependencyCycle, pendingTasks, readyTasks } from './order.ts';
import { BreakdownError, readWholeDocument, rewriteBreakdown, writeBreakdown } from './rewrite.ts';

/** A task to be written: the format's keys and any of your own. */
export interface NewTask {
  readonly id: string;
  readonly description: string;
  readonly module?: string | undefined;
  /** Lower comes first. */
  readonly priority?: number | undefined;
  readonly dependencies?: readonly string[] | undefined;
  readonly estimated_complexity?: 'low' | 'medium' | 'high' | undefined;
  readonly [key: string]: unknown;
}

/** A task as read: what the file says, and how long it has taken so far (null before it was started). */
export type ReadTask = RawTask & { readonly elapsed_ms: number | null };

/** A whole breakdown with its counts, in the format's own words. A blocked task is pending too. */
export interface ReadBreakdown {
  readonly tasks: readonly ReadTask[];
  readonly total_tasks: number;
  readonly pending_count: number;
  readonly in_progress_count: number;
  readonly completed_count: number;
  readonly failed_count: number;
  readonly blocked_count: number;
  /** The share of completed tasks, 0–100 with one decimal. */
  readonly percentage: number;
}

/** Keys that `updateTask` leaves alone: other methods change them. */
const PROTECTED_KEYS = new Set(['id', 'status']);
/** Keys that are computed when reading, and are never written. */
const DERIVED_KEYS = new Set(['elapsed_ms']);

/**
 * Works on a task breakdown file side by side with its original tools: unknown keys and their order survive, a file that is
 * being written is waited for, and each change is written as a whole. Methods reject with a `BreakdownError`, whose `problem`
 * says what to do, and then have changed nothing.
 */
export class TaskBreakdown {
  readonly path: string;
  readonly #clock: Clock;
  readonly #warn = createWarner();
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(path: string, options: { readonly clock?: Clock } = {}) {
    this.path = path;
    this.#clock = options.clock ?? systemClock; // a change that waits for its turn keeps the process alive
  }

  /** Writes a new breakdown. Status fields that a task does not have get initial values: pending, never tried. */
  async writeTaskList(tasks: readonly NewTask[]): Promise<void> {
    const ids = tasks.map(({ id }) => plainName(String(id ?? '')));
    const repeated = ids.find((id, index) => id === '' || ids.indexOf(id) !== index);
    if (repeated !== undefined) throw refusal(`the id "${repeated}" is empty or occurs twice`);
    refuseCycle(tasks);
    const document = {
      generated_at: this.#now(),
      total_tasks: tasks.length,
      tasks: tasks.map(withStatusFields),
    };
    await this.#inTurn(() => writeBreakdown(this.path, this.#clock, document));
  }

  async readTaskBreakdown(): Promise<ReadBreakdown> {
    const tasks = await this.#read();
    const count = (status: BreakdownStatus) => tasks.filter((task) => statusOf(task) === status).length;
    const completed = count('completed');
    return {
      tasks: tasks.map((task) => ({ ...task, elapsed_ms: elapsedMs(task, this.#clock.now()) })),
      total_tasks: tasks.length,
      pending_count: count('pending'),
      in_progress_count: count('in_progress'),
      completed_count: completed,
      failed_count: count('failed'),
      blocked_count: count('pending') - readyTasks(tasks).length,
      percentage: tasks.length === 0 ? 0 : oneDecimal((completed / tasks.length) * 100),
    };
  }

  /**
   * Returns the pending task to do next: of those whose dependencies are completed, the one with the lowest priority number.
   */
  async getNextTask(options: { readonly skipDependencies?: boolean } = {}): Promise<RawTask | null> {
    const tasks = await this.#read();
    return byPriority(options.skipDependencies ? pendingTasks(tasks) : readyTasks(tasks))[0] ?? null;
  }

  /** Moves one task; see `moveTask` for what each move writes. */
  markTaskStatus(
    taskId: string,
    status: BreakdownStatus,
    details: Omit<StatusChange, 'status'> = {},
  ): Promise<void> {
    return this.markTaskStatuses([{ ...details, taskId, status }]);
  }

  /** Moves several tasks in one write: all of them or none. */
  async markTaskStatuses(changes: readonly ({ readonly taskId: string } & StatusChange)[]): Promise<void> {
    for (const { status } of changes) refuseUnknownWord(status);
    await this.#move((document) =>
      changes.map((change) => ({ task: findTask(document, change.taskId, this.path), change })),
    );
  }

  /** Sets any keys of a task except `id` and `status`: description, priority, dependencies, your own. */
  updateTask(taskId: string, updates: Readonly<Record<string, unknown>>): Promise<void> {
    return this.updateTasks([{ taskId, updates }]);
  }

  /** Updates several tasks in one write: all of them or none. */
  async updateTasks(
    changes: readonly { readonly taskId: string; readonly updates: Readonly<Record<string, unknown>> }[],
  ): Promise<void> {
    await this.#change((document) => {
      for (const { taskId, updates } of changes) {
        const task = findTask(document, taskId, this.path);
        for (const [key, value] of Object.entries(updates)) setKey(task, key, value);
        task.updated_at = this.#now();
      }
      refuseCycle(tasksOf(document));
    });
  }

  /** Call this after a crash: what was in progress goes back to pending, with a note. Resolves with the ids. */
  async resetInterrupted(): Promise<string[]> {
    const reset: string[] = [];
    await this.#move((document) => {
      const interrupted = tasksOf(document).filter((task) => statusOf(task) === 'in_progress');
      reset.splice(0, reset.length, ...interrupted.map((task) => idOf(task) ?? ''));
      return interrupted.map((task) => ({
        task,
        change: { status: 'pending', notes: 'Reset after interruption' },
      }));
    });
    return reset;
  }

  /** Returns every move that was made through this class or by a view, the oldest first; of one task, or of all. */
  async getTaskHistory(taskId?: string): Promise<Transition[]> {
    const history = await readHistory(this.path);
    return taskId === undefined ? history : history.filter((move) => move.task_id === taskId);
  }

  #now(): string {
    return formatNaiveTime(this.#clock.now());
  }

  async #read(): Promise<RawTask[]> {
    await this.#lastChange;
    return tasksOf(parseExactly(decodeText(await readWholeDocument(this.path, this.#clock))));
  }

  /** Moves the tasks that `choose` picks, and records the moves in the history. */
  async #move(choose: (document: unknown) => { task: RawTask; change: StatusChange }[]): Promise<void> {
    let transitions: Transition[] = [];
    await this.#change((document) => {
      const at = this.#now();
      const words = wordsOf(document);
      transitions = choose(document).map(({ task, change }) => moveTask(task, change, at, words));
    });
    await appendHistory(this.path, transitions, { onlyIfKept: false }).catch((error: unknown) =>
      this.#warn(
        problem('not-allowed', 'degraded', words`the history cannot be written: ${plainName(String(error))}`),
      ),
    );
  }

  #change(change: (document: unknown) => void): Promise<void> {
    return this.#inTurn(() => rewriteBreakdown(this.path, this.#clock, change));
  }

  /** Makes one change after the other, so that within a process none has to start over. */
  #inTurn(action: () => Promise<void>): Promise<void> {
    const turn = this.#lastChange.then(action);
    this.#lastChange = turn.catch(() => {});
    return turn;
  }
}

function withStatusFields(task: NewTask): RawTask {
  const own = Object.fromEntries(Object.entries(task).filter(([key]) => !DERIVED_KEYS.has(key)));
  const fields = {
    status: 'pending',
    started_at: null,
    completed_at: null,
    result: null,
    attempts: 0,
    notes: [],
  };
  return {
    dependencies: [],
    ...own,
    ...Object.fromEntries(Object.entries(fields).filter(([key]) => !(key in own))),
  };
}

function setKey(task: RawTask, key: string, value: unknown): void {
  if (PROTECTED_KEYS.has(key)) throw refusal(`${key} cannot be changed by an update`);
  if (key === 'dependencies' && !isListOfIds(value)) throw refusal('dependencies must be a list of task ids');
  if (key === 'priority' && !Number.isFinite(value)) throw refusal('priority must be a number');
  if (!DERIVED_KEYS.has(key)) task[key] = value;
}

function isListOfIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string');
}

function refuseUnknownWord(status: string): void {
  if (!(BREAKDOWN_STATUSES as readonly string[]).includes(status))
    throw refusal(`invalid status "${plainName(status)}": must be ${BREAKDOWN_STATUSES.join(', ')}`);
}

function refuseCycle(tasks: readonly Readonly<RawTask>[]): void {
  const cycle = dependencyCycle(tasks);
  if (cycle) throw refusal(`circular dependencies: ${cycle.join(' → ')}`);
}

function refusal(message: string): BreakdownError {
  return new BreakdownError(problem('not-allowed', 'degraded', plainName(message)));
}
