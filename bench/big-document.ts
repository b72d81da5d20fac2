import { renameSync, writeFileSync } from 'node:fs';

/** How many of each status there are, spread through the document. */
const RUNNING_EVERY = 500;
const QUEUED_EVERY = 50;
const FAILED_EVERY = 300;

/** A dashboard state with that many tasks, as a busy emitter would have written it over a day. Tasks can be changed. */
export interface BigDocument {
  /** The task that is listed first: the one that failed last. */
  readonly first: number;
  /** Gives a task another name. */
  rename(index: number, name: string): void;
  /** Marks each task as changed whose index `picks` accepts. */
  touch(picks: (index: number) => boolean): void;
  /** Replaces the file as a careful producer does: written beside it, then renamed. */
  write(path: string): void;
}

export function createBigDocument(count: number): BigDocument {
  const startedAt = Date.now() - 24 * 3_600_000;
  const indexes = Array.from({ length: count }, (_, index) => index);
  const texts = indexes.map((index) => JSON.stringify(taskOf(index, startedAt, {})));

  return {
    first: indexes.findLast((index) => statusOf(index) === 'failed') ?? 0,
    rename(index, name) {
      texts[index] = JSON.stringify(taskOf(index, startedAt, { name }));
    },
    touch(picks) {
      for (let index = 0; index < count; index += 1)
        if (picks(index))
          texts[index] = JSON.stringify(
            taskOf(index, startedAt, { progress: Math.floor(Math.random() * 99) }),
          );
    },
    write(path) {
      const head = `{"version":1,"timestamp":${Date.now()},"widgets":{},"loading":{"isLoading":false,"loadingAgents":[]},"errors":{},"activeTasks":[`;
      writeFileSync(`${path}.tmp`, `${head}${texts.join(',')}]}`);
      renameSync(`${path}.tmp`, path);
    },
  };
}

function statusOf(index: number): 'running' | 'pending' | 'failed' | 'completed' {
  if (index % RUNNING_EVERY === 0) return 'running';
  if (index % QUEUED_EVERY === 7) return 'pending';
  return index % FAILED_EVERY === 11 ? 'failed' : 'completed';
}

function taskOf(
  index: number,
  dayBegan: number,
  { name, progress = 40 }: { name?: string; progress?: number },
) {
  const status = statusOf(index);
  const startedAt = dayBegan + index * 300;
  const took = 5_000 + ((index * 7_919) % 60_000);
  const [middle, end] = [startedAt + Math.floor(took / 2), startedAt + took];
  const hasEnded = status === 'completed' || status === 'failed';
  const steps = [
    { index: 0, name: 'Fetch', ...doneBy(startedAt, middle, status !== 'pending') },
    {
      index: 1,
      name: 'Work',
      ...(status === 'running' ? { status, startedAt: middle, progress } : doneBy(middle, end, hasEnded)),
    },
    { index: 2, name: 'Store', ...doneBy(end, end, status === 'completed') },
  ];
  return {
    taskId: `t${index}`,
    taskName: name ?? `Task number ${index}`,
    status,
    ...(status === 'pending' ? { progress: 0 } : { startedAt, progress }),
    ...(hasEnded ? { completedAt: end } : {}),
    ...(status === 'failed' ? { error: `exit code ${index % 7}` } : {}),
    currentStep: 1,
    totalSteps: 3,
    steps,
  };
}

function doneBy(startedAt: number, completedAt: number, isDone: boolean) {
  return isDone ? { status: 'completed', startedAt, completedAt } : { status: 'pending' };
}
