import { DEFINITION_COLUMNS, STATUS_COLUMNS } from './rows.ts';
import type { LedgerStatus } from './words.ts';

export const TASK_SORTS = ['priority', 'updated', 'created', 'name', 'status', 'id'] as const;
export type TaskSort = (typeof TASK_SORTS)[number];

/** Which tasks, in which order. What is left out does not narrow. */
export interface TaskFilter {
  readonly ids?: readonly string[];
  /** `waiting` stands for pending tasks with unfinished dependencies, `ready` for those without. */
  readonly status?: readonly (LedgerStatus | 'waiting' | 'ready')[];
  readonly job?: string;
  readonly module?: string;
  /** Those of this priority, or more urgent (lower) ones too. */
  readonly priority?: number | { readonly atMost: number };
  /** Changed at or after, epoch ms. */
  readonly since?: number;
  /**
   * `priority` unless said: the lowest first; `updated` and `created`: the newest first; `status`: failed, running,
   * pending, cancelled, completed.
   */
  readonly sort?: TaskSort;
  readonly limit?: number;
  readonly offset?: number;
}

export type SqlValue = string | number;

/** Returns a statement that reads `TaskRow`s, with the values of its holes. */
export function selectTasks(filter: TaskFilter): { readonly sql: string; readonly values: SqlValue[] } {
  const { where, values } = conditionsOf(filter);
  const limit = filter.limit ?? -1;
  return {
    sql: `SELECT ${DEFINITION_COLUMNS}, ${STATUS_COLUMNS} ${fromFor(filter)} ${where}
      ORDER BY ${orderFor(filter)} LIMIT ? OFFSET ?`,
    values: [...values, limit, filter.offset ?? 0],
  };
}

/** Returns a statement that counts them, whatever their limit. */
export function countTasks(filter: TaskFilter): { readonly sql: string; readonly values: SqlValue[] } {
  const { where, values } = conditionsOf(filter);
  const isOfStatuses = filter.status !== undefined || filter.since !== undefined;
  const tables = isOfStatuses ? `${DEFINITIONS} JOIN ${STATUSES}` : DEFINITIONS;
  return { sql: `SELECT count(*) AS count FROM ${tables} ${where}`, values };
}

const DEFINITIONS = 'task_definitions d';
const STATUSES = 'task_statuses s ON s.task = d.id AND s.is_current = 1';

const SORTS_OF_DEFINITIONS: ReadonlySet<TaskSort> = new Set(['priority', 'created', 'name', 'id']);
/** Few tasks are in one of these at a time. */
const RARE_STATUSES: ReadonlySet<string> = new Set(['in_progress', 'completing', 'failed', 'cancelled']);

/**
 * Returns the FROM clause. SQLite, which does not know the figures, begins with the statuses and sorts them all. If the
 * order is the definitions' and a filter leaves many, it is quicker to read these in order until the page is full
 * (`CROSS JOIN` tells SQLite so).
 */
function fromFor({ sort = 'priority', status, since }: TaskFilter): string {
  const isNarrow = since !== undefined || status?.every((word) => RARE_STATUSES.has(word));
  const join = SORTS_OF_DEFINITIONS.has(sort) && !isNarrow ? 'CROSS JOIN' : 'JOIN';
  return `FROM ${DEFINITIONS} ${join} ${STATUSES}`;
}

/** Written as the indices are, so that a page is read off one of them. */
const ORDERS: Readonly<Record<TaskSort, string>> = {
  priority: 'd.priority IS NULL, d.priority, d.id',
  updated: 's.updated_at DESC, s.task DESC',
  created: 'd.created_at DESC, d.id DESC',
  name: 'd.name, d.id',
  status: `CASE s.status WHEN 'failed' THEN 0 WHEN 'pending' THEN 2 WHEN 'cancelled' THEN 3 WHEN 'completed' THEN 4
    ELSE 1 END, s.updated_at DESC, s.task`,
  id: 'd.id',
};

/** Returns the ORDER BY clause. Among tasks that all have a priority, it need not say where those without one go. */
function orderFor({ sort = 'priority', priority }: TaskFilter): string {
  if (!TASK_SORTS.includes(sort))
    throw new RangeError(`tasks cannot be sorted by ${sort}, only by ${TASK_SORTS.join(', ')}`);
  return sort === 'priority' && priority !== undefined ? 'd.priority, d.id' : ORDERS[sort];
}

/** A dependency counts once it is completed and the hooks after its completion are through. */
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
