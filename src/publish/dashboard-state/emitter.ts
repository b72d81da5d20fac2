import { backgroundClock, type Clock, systemClock } from '../../clock.ts';
import type { DashboardState, TaskProgress, TaskStep } from '../../model/dashboard-state.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import { createSinkFeed, type SinkFeed } from '../sink-feed.ts';
import { createProblemReporter } from '../warn.ts';
import type { DashboardStateEmitterOptions } from './emitter-options.ts';
import { listenForCommands } from './listen-commands.ts';
import { createObedience } from './obey-commands.ts';
import {
  answeredTask,
  cancelledTask,
  completedTask,
  describedTask,
  failedTask,
  hasTaskEnded,
  isStepStatus,
  printedTask,
  readFigure,
  refuseNoId,
  startedTask,
  stateOf,
  type TaskDescription,
  withStep,
  withSteps,
} from './progress.ts';
import { checkedLimit, createRefusals, limitWords } from './refusals.ts';
import { createRetention, type Retention } from './retention.ts';
import { sinksOf } from './sinks-of.ts';
import { createTaskLogs, type TaskLogs } from './task-logs.ts';

/** How many tasks may be under way at once, unless `maxActiveTasks` says otherwise. */
export const MAX_ACTIVE_TASKS = 10;
/** How long an ended task stays in the state, counted from its end; the same applies to a refused one. */
export const TASK_RETENTION_MS = 300_000;

/**
 * Publishes the progress of long-running tasks as a dashboard state. Each call emits the full state to every sink and returns at
 * once, however slow or broken a sink is. Only `startTask` throws, and the constructor if an option is invalid.
 *
 *     const emitter = new DashboardStateEmitter({ file: 'state.json' });
 *     const signal = emitter.startTask('hash-1', 'Hash the archive', ['read', 'hash']);
 *     emitter.updateTaskStep('hash-1', 0, 'running', 40);
 *     emitter.completeTask('hash-1');
 */
export class DashboardStateEmitter {
  /** Keeps the output of the tasks' commands, beside `file`; null without one. */
  readonly output: TaskLogs | null;
  readonly #options: DashboardStateEmitterOptions;
  readonly #clock: Clock;
  readonly #warn: (problem: Problem) => void;
  readonly #feeds: readonly SinkFeed<DashboardState>[];
  readonly #listener: { close(): Promise<void> } | null;
  readonly #activeLimit: number;
  readonly #refusals = createRefusals();
  readonly #retention: Retention;
  readonly #aborts = new Map<string, AbortController>();
  #tasks: readonly TaskProgress[] = [];
  #emittedAt: number;

  constructor(options: DashboardStateEmitterOptions = {}) {
    this.#options = options;
    this.#activeLimit = checkedLimit(options.maxActiveTasks ?? MAX_ACTIVE_TASKS);
    this.#clock = options.clock ?? backgroundClock;
    this.#warn = createProblemReporter(options.onProblem);
    this.#emittedAt = this.#clock.now();
    this.#retention = createRetention(this.#clock, TASK_RETENTION_MS, () => this.cleanupCompletedTasks());
    const sinks = sinksOf(options);
    this.#feeds = sinks.map((sink) => createSinkFeed({ sink, clock: this.#clock, onProblem: this.#warn }));
    const take = createObedience({
      find: (taskId) => this.#find(taskId),
      ...options,
      answer: (taskId, answer) => this.#change(taskId, (task, now) => answeredTask(task, answer, now)),
      cancel: (taskId) => this.cancelTask(taskId),
      abort: (taskId) => this.#aborts.get(taskId)?.abort(),
      complain: (message) => void this.#complain(message),
    });
    for (const sink of sinks) sink.listen?.(take);
    const beside = options.file ? { statePath: options.file, clock: this.#clock } : null;
    this.#listener = beside && listenForCommands({ ...beside, take, onDistrust: this.#complain.bind(this) });
    const onLastLine = this.#setLastLine.bind(this);
    this.output = beside && createTaskLogs({ ...beside, onLastLine, onProblem: this.#warn });
  }

  /** The state as last emitted. */
  get state(): DashboardState {
    const errors = this.#refusals.errors();
    return stateOf({ ...this.#options, timestamp: this.#emittedAt, errors, tasks: this.#tasks });
  }

  /**
   * Starts a task with all steps pending, and replaces one with the same id. The signal aborts when the task is cancelled.
   * Throws if as many others as permitted (`maxActiveTasks`) have not ended: the state's `errors` then say so, and later
   * reports on the task are ignored. Also throws if the id is not a text.
   */
  startTask(
    taskId: string,
    taskName: string,
    steps: readonly string[] = [],
    estimatedDurationMs?: number,
  ): AbortSignal {
    refuseNoId(taskId, taskName);
    const others = this.#tasks.filter((task) => task.taskId !== taskId && !this.#retention.isOver(task));
    if (others.filter((task) => !hasTaskEnded(task)).length >= this.#activeLimit)
      throw this.#refuse(taskId, taskName);
    this.#refusals.remove(taskId);
    const abort = new AbortController();
    this.#aborts.set(taskId, abort);
    const now = this.#clock.now();
    const before = this.#find(taskId);
    this.#set([...others, startedTask({ taskId, taskName, steps, estimatedDurationMs, before, now })]);
    return abort.signal;
  }

  /** Moves a step. `progress` is the step's own, 0–100; it is clamped, and ignored if it is not a number. */
  updateTaskStep(
    taskId: string,
    stepIndex: number,
    status: TaskStep['status'] = 'running',
    progress?: number | null,
  ): void {
    this.#change(taskId, (task, now) => {
      if (task.steps[stepIndex]?.index !== stepIndex)
        return this.#complain(`task ${taskId} has no step ${stepIndex}`);
      if (!isStepStatus(status)) return this.#complain(`a step is never ${status}`);
      const { figure, complaint } = readFigure(progress);
      if (complaint) this.#complain(complaint);
      return withStep(task, stepIndex, status, figure, now);
    });
  }

  /** Replaces a task's steps when they become known during the work; a step that keeps its name keeps its progress. */
  setSteps(taskId: string, names: readonly string[], weights?: readonly number[]): void {
    this.#change(taskId, (task) => withSteps(task, names, weights));
  }

  /** Adds what is known about a task besides its steps, and shows that it is alive. A question of null has been answered. */
  describeTask(taskId: string, description: TaskDescription): void {
    this.#change(taskId, (task, now) => describedTask(task, description, now));
  }

  /** Keeps a line of the task's log beside `file`, where `taskglass logs` finds it. */
  log(taskId: string, line: string): void {
    if (this.#find(taskId)) this.output?.write(taskId, Buffer.from(`${line}\n`), 'log');
  }

  completeTask(taskId: string): void {
    this.#change(taskId, completedTask);
  }

  failTask(taskId: string, error: string): void {
    this.#change(taskId, (task, now) => failedTask(task, error, now));
  }

  /** Reports the task as cancelled, and aborts its signal. */
  cancelTask(taskId: string): void {
    this.#change(taskId, cancelledTask);
    this.#aborts.get(taskId)?.abort();
  }

  removeTask(taskId: string): void {
    if (this.#refusals.remove(taskId)) return this.#set(this.#tasks);
    if (!this.#find(taskId)) return void this.#complain(`there is no task ${taskId}`);
    this.#set(this.#tasks.filter((task) => task.taskId !== taskId));
  }

  /** Removes the tasks that ended more than five minutes ago. This also happens automatically. */
  cleanupCompletedTasks(): void {
    const kept = this.#tasks.filter((task) => !this.#retention.isOver(task));
    const hasForgotten = this.#refusals.removeUntil(this.#clock.monotonic() - TASK_RETENTION_MS);
    if (hasForgotten || kept.length < this.#tasks.length) this.#set(kept);
  }

  /** Resolves once every sink has the newest state, has failed once more, or has not answered for five seconds. */
  async flush(): Promise<void> {
    await Promise.all(this.#feeds.map((feed) => feed.settle(this.#options.clock ?? systemClock)));
  }

  /** Flushes, and stops listening for commands. */
  async close(): Promise<void> {
    this.#retention.close();
    await Promise.all([this.#listener?.close(), this.output?.close()]);
    await this.flush();
    await Promise.all(this.#feeds.map((feed) => feed.close()));
  }

  #find(taskId: string): TaskProgress | undefined {
    return this.#tasks.find((task) => task.taskId === taskId);
  }

  /** Publishes that a task was refused. The error is for the caller that wanted to start it. */
  #refuse(taskId: string, taskName: string): RangeError {
    const underWay = limitWords(this.#activeLimit);
    this.#refusals.add(taskId, `${taskName} is refused: ${underWay}`, this.#clock.monotonic());
    this.#set(this.#tasks);
    return new RangeError(`task ${taskId} is not started: ${underWay}`);
  }

  #change(taskId: string, change: (task: TaskProgress, now: number) => TaskProgress | null): void {
    const task = this.#find(taskId);
    if (!task) return void (this.#refusals.has(taskId) || this.#complain(`there is no task ${taskId}`));
    if (hasTaskEnded(task)) return void this.#complain(`task ${taskId} is already ${task.status}`);
    const changed = change(task, this.#clock.now());
    if (changed) this.#set(this.#tasks.map((other) => (other === task ? changed : other)));
  }

  #set(tasks: readonly TaskProgress[]): void {
    this.#tasks = tasks;
    for (const taskId of this.#aborts.keys()) if (!this.#find(taskId)) this.#aborts.delete(taskId);
    this.output?.follow(tasks);
    this.#emittedAt = this.#clock.now();
    const { state } = this;
    for (const feed of this.#feeds) feed.offer(state);
    this.#retention.follow(tasks, this.#refusals.oldest());
  }

  #setLastLine(taskId: string, lastLine: string): void {
    const now = this.#clock.now();
    const told = this.#tasks.map((task) =>
      task.taskId === taskId ? printedTask(task, lastLine, now) : task,
    );
    if (this.#find(taskId)) this.#set(told);
  }

  #complain(message: string): null {
    this.#warn(problem('not-allowed', 'degraded', plainName(message)));
    return null;
  }
}
