/** A task in a list that has not ended. */
export interface OpenWork {
  readonly id: string;
  /** How long it will still take once it is being worked on, ms; null if that is not known. */
  readonly remainingMs: number | null;
  /** The tasks that must be completed before it can begin. */
  readonly dependencies: readonly string[];
}

export interface ListEnd {
  /** The time until the list is done, as far as that can be known, ms. */
  readonly remainingMs: number;
  /** False if some task takes an unknown time, or waits for one that will never be completed. */
  readonly isWhole: boolean;
}

/**
 * Returns when a list of tasks will be done: the remaining work divided by how many tasks are done at once, but at least the
 * duration of the longest chain of tasks that wait for one another.
 */
export function endOfList(
  open: readonly OpenWork[],
  completed: ReadonlySet<string>,
  parallelism: number,
): ListEnd {
  const inOrder = startable(open, completed);
  const awaited = new Set(open.flatMap(({ dependencies }) => dependencies));
  const endsAt = new Map<string, number>();
  let work = 0;
  let chain = 0;
  for (const { id, remainingMs, dependencies } of inOrder) {
    const begin = dependencies.reduce((latest, each) => Math.max(latest, endsAt.get(each) ?? 0), 0);
    const end = begin + (remainingMs ?? 0);
    if (awaited.has(id)) endsAt.set(id, end);
    chain = Math.max(chain, end);
    work += remainingMs ?? 0;
  }
  const isWhole = inOrder.length === open.length && inOrder.every(({ remainingMs }) => remainingMs !== null);
  return { remainingMs: Math.max(chain, work / Math.max(1, parallelism)), isWhole };
}

/**
 * Orders the tasks so that each comes after those it waits for. Leaves out tasks that will wait for ever, because of a cycle
 * or a task that failed.
 */
function startable(open: readonly OpenWork[], completed: ReadonlySet<string>): OpenWork[] {
  const waiting = new Map<OpenWork, number>();
  const dependants = new Map<string, OpenWork[]>();
  const order: OpenWork[] = [];
  for (const task of open) {
    if (task.dependencies.length === 0) {
      order.push(task);
      continue;
    }
    const unmet = [...new Set(task.dependencies)].filter((id) => !completed.has(id));
    if (unmet.length === 0) order.push(task);
    else waiting.set(task, unmet.length);
    for (const id of unmet) {
      const known = dependants.get(id);
      if (known) known.push(task);
      else dependants.set(id, [task]);
    }
  }
  for (const done of order) {
    for (const task of dependants.get(done.id) ?? []) {
      const left = (waiting.get(task) ?? 0) - 1;
      waiting.set(task, left);
      if (left === 0) order.push(task);
    }
  }
  return order;
}

/** The time during which a piece of work was being done, epoch ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Returns how many pieces of work were done at once on average, ignoring the time when none was; at least 1. */
export function parallelismSeen(spans: readonly Span[]): number {
  const worked = spans.filter(({ from, to }) => to > from).toSorted((a, b) => a.from - b.from);
  let busyMs = 0;
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (const { from, to } of worked) {
    busyMs += Math.max(0, to - Math.max(from, busyUntil));
    busyUntil = Math.max(busyUntil, to);
  }
  const workMs = worked.reduce((sum, { from, to }) => sum + to - from, 0);
  return busyMs === 0 ? 1 : Math.max(1, workMs / busyMs);
}
