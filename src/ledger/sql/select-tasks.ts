import { DEFINITION_COLUMNS, STATUS_COLUMNS } from './rows.ts';
import type { LedgerStatus } from './words.ts';

export const TASK_SORTS = ['priority', 'updated', 'created', 'name', 'status', 'id'] as const;
export type TaskSort = (typeof TASK_SORTS)[number];

/** Which tasks to return, in which order. A key that is left out excludes none. */
export interface TaskFilter {
  readonly ids?: readonly string[];
  /** `waiting` stands for pending tasks with unfinished dependencies, `ready` for those without. */
  readonly status?: readonly (LedgerStatus | 'waiting' | 'ready')[];
  readonly job?: string;
  readonly module?: string;
  /** Tasks of this priority, or, with `atMost`, of this and more urgent (lower) ones. */
  readonly priority?: number | { readonly atMost: number };
  /** Changed at or after, epoch ms. */
  readonly since?: number;
  /**
   * `priority` by default: the lowest first; `updated` and `created`: the newest first; `status`: failed, running, pending,
   * cancelled, completed.
   */
  readonly sort?: TaskSort;
  readonly limit?: number;
  readonly offset?: number;
}

export type SqlValue = string | number;

/** Returns a statement that reads `TaskRow`s, and the values of its parameters. */
export function selectTasks(filter: TaskFilter): { readonly sql: string; readonly values: SqlValue[] } {
  const { where, values } = conditionsOf(filter);
  const limit = filter.limit ?? -1;
  return {
    sql: `SELECT ${DEFINITION_COLUMNS}, ${STATUS_COLUMNS} ${fromFor(filter)} ${where}
      ORDER BY ${orderFor(filter)} LIMIT ? OFFSET ?`,
    values: [...values, limit, filter.offset ?? 0],
  };
}

/** Returns a statement that counts the tasks, regardless of the limit. */
export function countTasks(filter: TaskFilter): { readonly sql: string; readonly values: SqlValue[] } {
  const { where, values } = conditionsOf(filter);
  const isOfStatuses = filter.status !== undefined || filter.since !== undefined;
  const tables = isOfStatuses ? `${DEFINITIONS} JOIN ${STATUSES}` : DEFINITIONS;
  return { sql: `SELECT count(*) AS count FROM ${tables} ${where}`, values };
}

const DEFINITIONS = 'task_definitions d';
const STATUSES = 'task_statuses s ON s.task = d.id AND s.is_current = 1';

const SORTS_OF_DEFINITIONS: ReadonlySet<TaskSort> = new Set(['priority', 'created', 'name', 'id']);
/** Statuses that only a few tasks have at a time. */
const RARE_STATUSES: ReadonlySet<string> = new Set(['in_progress', 'completing', 'failed', 'cancelled']);

/**
 * Returns the FROM clause. SQLite does not know how many rows match, so it would begin with the statuses and sort them all. If
 * the order is that of the definitions and the filter leaves many tasks, it is faster to read the definitions in order until
 * the page is full, which `CROSS JOIN` makes SQLite do.
 */
function fromFor({ sort = 'priority', status, since }: TaskFilter): string {
  const isNarrow = since !== undefined || status?.every((word) => RARE_STATUSES.has(word));
  const join = SORTS_OF_DEFINITIONS.has(sort) && !isNarrow ? 'CROSS JOIN' : 'JOIN';
  return `FROM ${DEFINITIONS} ${join} ${STATUSES}`;
}

/** The same as in the indices, so that a page can be read from one of them. */
const ORDERS: Readonly<Record<TaskSort, string>> = {
  priority: 'd.priority IS NULL, d.priority, d.id',
  updated: 's.updated_at DESC, s.task DESC',
  created: 'd.created_at DESC, d.id DESC',
  name: 'd.name, d.id',
  status: `CASE s.status WHEN 'failed' THEN 0 WHEN 'pending' THEN 2 WHEN 'cancelled' THEN 3 WHEN 'completed' THEN 4
    ELSE 1 END, s.updated_at DESC, s.task`,
  id: 'd.id',
};

/** Returns the ORDER BY clause. If all tasks have a priority, it does not mention those without one. */
function orderFor({ sort = 'priority', priority }: TaskFilter): string {
  if (!TASK_SORTS.includes(sort))
    throw new RangeError(`tasks cannot be sorted by ${sort}, only by ${TASK_SORTS.join(', ')}`);
  return sort === 'priority' && priority !== undefined ? 'd.priority, d.id' : ORDERS[sort];
}

/** A dependency is finished once it is completed and the hooks after its completion have run. */
const HAS_UNFINISHED_DEPENDENCY = `EXISTS (
  SELECT 1 FROM task_dependencies p LEFT JOIN task_statuses q ON q.task = p.depends_on AND q.is_current = 1
  WHERE p.task = d.id AND (q.status IS NULL OR q.status <> 'completed' OR q.claim IS NOT NULL))`;

function conditionsOf(filter: TaskFilter): { readonly where: string; readonly values: SqlValue[] } {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...added: SqlValue[]) => {
    conditions.push(condition);
    values.push(...added);
  };
  if (filter.ids) add('d.id IN (SELECT value FROM json_each(?))', JSON.stringify(filter.ids));
  if (filter.status) add(...statusCondition(filter.status));
  if (filter.job !== undefined) add('d.job = ?', filter.job);
  if (filter.module !== undefined) add('d.module = ?', filter.module);
  if (typeof filter.priority === 'number')
    add('(d.priority IS NULL) = 0 AND d.priority = ?', filter.priority);
  else if (filter.priority) add('(d.priority IS NULL) = 0 AND d.priority <= ?', filter.priority.atMost);
  if (filter.since !== undefined) add('s.updated_at >= ?', filter.since);
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', values };
}

function statusCondition(statuses: NonNullable<TaskFilter['status']>): [string, ...SqlValue[]] {
  const plain = statuses.filter((status) => status !== 'waiting' && status !== 'ready');
  const parts = plain.length > 0 ? [`s.status IN (${plain.map(() => '?').join(', ')})`] : [];
  if (statuses.includes('waiting')) parts.push(`(s.status = 'pending' AND ${HAS_UNFINISHED_DEPENDENCY})`);
  if (statuses.includes('ready')) parts.push(`(s.status = 'pending' AND NOT ${HAS_UNFINISHED_DEPENDENCY})`);
  return [parts.length > 0 ? `(${parts.join(' OR ')})` : '0', ...plain];
}
