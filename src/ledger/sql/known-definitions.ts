/** Reads the tasks of a ledger that changed last, for shell completion: `id`, `name`, `status`. */
export const DEFINITIONS_BY_NEWS = `
  SELECT d.id, d.name, coalesce(s.status, '') AS status
  FROM task_definitions AS d LEFT JOIN task_statuses AS s ON s.task = d.id AND s.is_current
  ORDER BY coalesce(s.updated_at, 0) DESC LIMIT 500`;
