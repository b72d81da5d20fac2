import { type Clock, sleep } from '../clock.ts';
import { errorMessage } from '../model/problem.ts';
import { DashboardStateEmitter } from '../publish/dashboard-state/emitter.ts';
import type { WorkerContext } from './settings.ts';
import { checking, doWork, hashing, indexing, packing, STEP_MS, sorting, type Work } from './work.ts';

/** A task of this worker: its steps, and the work of each. */
interface Build {
  readonly name: string;
  readonly steps: Readonly<Record<string, () => Work>>;
}

const BUILDS: readonly Build[] = [
  {
    name: 'Build the site',
    steps: {
      'Fetch the pages': () => hashing(30),
      'Check the links': () => checking(40, null),
      'Index the words': () => indexing(50),
      'Pack the pages': () => packing(40),
      'Sign the bundle': () => hashing(20),
    },
  },
  {
    name: 'Back up the catalogue',
    steps: {
      'Sort the records': () => sorting(60),
      'Pack the records': () => packing(50),
      'Check the copy': () => checking(40, null),
    },
  },
];

/** The state is emitted after this many steps of 100 ms. */
const EMIT_EVERY = 5;
const REST_MS = 10_000;

/** Runs a worker that publishes its tasks in a dashboard state file, and takes cancel and retry from command files. */
export async function runBuilder({ settings, signal }: WorkerContext, clock: Clock): Promise<void> {
  const buildOf = new Map<string, Build>();
  const busy = new Set<Promise<void>>();
  const emitter = new DashboardStateEmitter({
    file: settings.statePath,
    activeProject: 'demo',
    clock,
    onCancel: () => {}, // the work ends by itself, and reports that
    onRetry: (taskId) => begin(taskId),
  });

  function begin(taskId: string): void {
    const build = buildOf.get(taskId);
    if (!build || signal.aborted) return;
    const doing = perform(taskId, build, emitter, clock, signal).finally(() => busy.delete(doing));
    busy.add(doing);
  }

  for (let round = 1; !signal.aborted; round += 1) {
    for (const build of BUILDS) {
      const taskId = `${build.name.toLowerCase().replaceAll(' ', '-')}-${round}`;
      buildOf.set(taskId, build);
      begin(taskId);
    }
    await restAfter(busy, settings.isEndless, clock, signal);
  }
  await Promise.all(busy);
  await emitter.close();
}

/** Performs a task's steps in order, until all are done, one fails, or the task is cancelled. */
async function perform(
  taskId: string,
  { name, steps }: Build,
  emitter: DashboardStateEmitter,
  clock: Clock,
  ending: AbortSignal,
): Promise<void> {
  const works = Object.values(steps).map((makeWork) => makeWork());
  const estimateMs = works.reduce((sum, work) => sum + work.steps, 0) * STEP_MS;
  const cancelled = emitter.startTask(taskId, name, Object.keys(steps), estimateMs);
  const signal = AbortSignal.any([cancelled, ending]);
  try {
    for (const [index, work] of works.entries()) {
      emitter.updateTaskStep(taskId, index, 'running', 0);
      await doWork(work, {
        clock,
        signal,
        report({ done, percent }) {
          if (done % EMIT_EVERY === 0) emitter.updateTaskStep(taskId, index, 'running', percent);
        },
      });
      emitter.updateTaskStep(taskId, index, 'completed', 100);
    }
    emitter.completeTask(taskId);
  } catch (error) {
    if (cancelled.aborted) emitter.cancelTask(taskId);
    else if (!ending.aborted) emitter.failTask(taskId, errorMessage(error));
  }
}

/**
 * Resolves once everything, including retries, has been over for a while. If the demo has only one round, resolves only when
 * `signal` aborts.
 */
async function restAfter(
  busy: ReadonlySet<Promise<void>>,
  isEndless: boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const restMs = isEndless ? REST_MS : Number.POSITIVE_INFINITY;
  do {
    await Promise.all(busy);
    await sleep(clock, restMs, signal);
  } while (busy.size > 0 && !signal.aborted);
}
