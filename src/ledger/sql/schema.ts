import type { Migration } from '../../storage/migrate.ts';

/** The table of applied migrations; another program's database may have a `migrations` of its own. */
export const LEDGER_MIGRATIONS_TABLE = 'ledger_migrations';

/** Marks a file that was created for a ledger (`PRAGMA application_id`): "tgl1". Other programs' databases are not marked. */
export const LEDGER_APPLICATION_ID = 0x74_67_6c_31;

/**
 * The ledger's tables. A task refers to a scheduler's job and run by value (`job`, `job_run`), not by foreign key, which would
 * prevent the scheduler from deleting rows of its own tables.
 */
export const LEDGER_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    checksum: 'f8614be99cc2a5d878bc76f9aeaa893a78e511439cba6264616658718f538164',
    sql: `
CREATE TABLE task_definitions (
  id TEXT PRIMARY KEY CHECK (id <> ''),
  name TEXT NOT NULL,
  description TEXT,
  job TEXT,
  module TEXT,
  priority REAL,
  document TEXT NOT NULL CHECK (json_valid(document)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX task_definitions_by_priority ON task_definitions (priority IS NULL, priority, id);
CREATE INDEX task_definitions_by_job ON task_definitions (job, priority IS NULL, priority, id);
CREATE INDEX task_definitions_by_module ON task_definitions (module, priority IS NULL, priority, id);
CREATE INDEX task_definitions_by_name ON task_definitions (name, id);
CREATE INDEX task_definitions_by_creation ON task_definitions (created_at, id);

CREATE TABLE task_statuses (
  task TEXT NOT NULL REFERENCES task_definitions (id) ON DELETE CASCADE ON UPDATE CASCADE,
  run INTEGER NOT NULL CHECK (run >= 1),
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  status TEXT NOT NULL CHECK (status IN ('pending', 'in_progress', 'completing', 'completed', 'failed', 'cancelled')),
  attempt INTEGER NOT NULL CHECK (attempt >= 1),
  job_run INTEGER,
  progress REAL CHECK (progress BETWEEN 0 AND 100),
  steps TEXT NOT NULL CHECK (json_valid(steps)),
  result TEXT,
  error TEXT,
  verified_at INTEGER,
  is_forced INTEGER NOT NULL CHECK (is_forced IN (0, 1)),
  claim TEXT,
  claim_until INTEGER CHECK ((claim IS NULL) = (claim_until IS NULL)),
  version INTEGER NOT NULL CHECK (version >= 1),
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (task, run)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX task_statuses_current ON task_statuses (task) WHERE is_current = 1;
CREATE INDEX task_statuses_by_status ON task_statuses (status, updated_at) WHERE is_current = 1;
CREATE INDEX task_statuses_by_attention ON task_statuses (
  CASE status WHEN 'failed' THEN 0 WHEN 'pending' THEN 2 WHEN 'cancelled' THEN 3 WHEN 'completed' THEN 4 ELSE 1 END,
  updated_at DESC, task
) WHERE is_current = 1;
CREATE INDEX task_statuses_by_update ON task_statuses (updated_at);
CREATE INDEX task_statuses_by_job_run ON task_statuses (job_run) WHERE job_run IS NOT NULL;
CREATE INDEX task_statuses_claimed ON task_statuses (claim_until) WHERE claim IS NOT NULL;

CREATE TABLE task_status_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task TEXT NOT NULL,
  run INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  event TEXT NOT NULL CHECK (event <> ''),
  from_status TEXT CHECK (from_status IN ('pending', 'in_progress', 'completing', 'completed', 'failed', 'cancelled')),
  to_status TEXT NOT NULL CHECK (to_status IN ('pending', 'in_progress', 'completing', 'completed', 'failed', 'cancelled')),
  at INTEGER NOT NULL,
  by TEXT,
  reason TEXT,
  output TEXT,
  progress REAL,
  FOREIGN KEY (task, run) REFERENCES task_statuses (task, run) ON DELETE CASCADE ON UPDATE CASCADE
) STRICT;
CREATE INDEX task_status_history_by_task ON task_status_history (task, run, id);
CREATE INDEX task_status_history_by_time ON task_status_history (at);

CREATE TABLE task_dependencies (
  task TEXT NOT NULL REFERENCES task_definitions (id) ON DELETE CASCADE ON UPDATE CASCADE,
  position INTEGER NOT NULL,
  depends_on TEXT NOT NULL,
  PRIMARY KEY (task, position),
  UNIQUE (task, depends_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_dependencies_by_target ON task_dependencies (depends_on);

CREATE TABLE task_notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task TEXT NOT NULL REFERENCES task_definitions (id) ON DELETE CASCADE ON UPDATE CASCADE,
  at INTEGER NOT NULL,
  by TEXT,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX task_notes_by_task ON task_notes (task, id);`,
  },
];
