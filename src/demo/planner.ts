import { type Clock, sleep } from '../clock.ts';
import { replaceFile } from '../io/atomic-file.ts';
import { watchFile } from '../io/watch-file.ts';
import { formatNaiveTime } from '../sources/task-breakdown/naive-time.ts';
import { readWholeDocument, rewriteBreakdown } from '../sources/task-breakdown/rewrite.ts';
import { type PlannedTask, planOf, workOfPlanned } from './plan.ts';
import type { WorkerContext } from './settings.ts';

const LOOK_AGAIN_MS = 500;
/** How long there is nothing left to do before the next plan is written. */
const REST_MS = 15_000;

/**
 * Works through a task breakdown file, as an agent does: takes pending tasks, the most urgent first, once their dependencies
 * are done. The file is the only connection to the view: a task that somebody else ends there is dropped, and one that is
 * set back to pending is done again. The first plan exists already.
 */
export async function runPlanner({ settings, signal }: WorkerContext, clock: Clock): Promise<void> {
  const path = settings.breakdownPath;
  for (let round = 1; !signal.aborted; round += 1) {
    if (round > 1) await replaceFile(path, planOf(round, clock.now()));
    await workThrough(path, {
      clock,
      signal,
      restMs: settings.isEndless ? REST_MS : Number.POSITIVE_INFINITY,
    });
  }
}

/** Works until there has been nothing to do for `restMs`. */
async function workThrough(
  path: string,
  { clock, signal, restMs }: { clock: Clock; signal: AbortSignal; restMs: number },
): Promise<void> {
  let idleSince = clock.monotonic();
  while (!signal.aborted && clock.monotonic() - idleSince < restMs) {
    const task = await takeNext(path, clock);
    if (task) await perform(path, task, clock, signal);
    else await sleep(clock, LOOK_AGAIN_MS, signal);
    if (task) idleSince = clock.monotonic();
  }
}

/** Marks the next task as begun and returns it; null if there is none. */
async function takeNext(path: string, clock: Clock): Promise<PlannedTask | null> {
  let taken: PlannedTask | null = null;
  if (!nextOf(await readTasks(path, clock))) return null;
  await change(path, clock, (tasks, now) => {
    taken = nextOf(tasks);
    if (taken)
      Object.assign(taken, { status: 'in_progress', started_at: now, attempts: (taken.attempts ?? 0) + 1 });
  });
  return taken;
}

function nextOf(tasks: readonly PlannedTask[]): PlannedTask | null {
  const done = new Set(tasks.filter((task) => task.status === 'completed').map((task) => task.id));
  const isReady = (task: PlannedTask) =>
    (task.status ?? 'pending') === 'pending' && (task.dependencies ?? []).every((id) => done.has(id));
  return tasks.filter(isReady).sort((a, b) => a.priority - b.priority)[0] ?? null;
}

async function perform(path: string, task: PlannedTask, clock: Clock, signal: AbortSignal): Promise<void> {
  const stopping = new AbortController();
  const watch = watchFile(path, async () => {
    const found = (await readTasks(path, clock).catch(() => [])).find(({ id }) => id === task.id);
    if (found && found.status !== 'in_progress') stopping.abort();
  });
  const outcome = await workOfPlanned(task, clock, AbortSignal.any([stopping.signal, signal])).then(
    (result) => ({ status: 'completed', result }),
    (error: Error) => ({ status: 'failed', result: error.message }),
  );
  await watch.close();
  if (stopping.signal.aborted || signal.aborted) return;
  await change(path, clock, (tasks, now) => {
    const found = tasks.find(({ id }) => id === task.id);
    if (found?.status === 'in_progress') Object.assign(found, { ...outcome, completed_at: now });
  });
}

async function readTasks(path: string, clock: Clock): Promise<PlannedTask[]> {
  return JSON.parse(String(await readWholeDocument(path, clock))).tasks;
}

function change(
  path: string,
  clock: Clock,
  edit: (tasks: PlannedTask[], now: string) => void,
): Promise<void> {
  return rewriteBreakdown(path, clock, (document) =>
    edit((document as { tasks: PlannedTask[] }).tasks, formatNaiveTime(clock.now())),
  );
}
