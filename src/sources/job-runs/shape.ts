import { type Column, quoted, type Table } from '../../storage/foreign-tables.ts';
import { sqlIsPending } from './words.ts';

/**
 * Which column has which meaning, under the names that schedulers use. Case and underscores are ignored (`startedAt`,
 * `started_at`); of several names, the first wins, and each column has only one meaning.
 */
type Names = Readonly<Record<string, string>>;

const JOB_NAMES = 'jobname job taskname task schedulename jobtitle';
/** Names of their own that runs may have, if nothing better identifies their job. */
const OTHER_NAMES = 'name title functionname command';
const JOB_IDS =
  'jobid jobuuid jobkey jobslug scheduledjobid scheduleid cronjobid cronid taskid definitionid jobdefinitionid';
const NEXT_RUN =
  'nextrun nextrunat nextruntime nextfireat nextfiretime nextexecutionat nextexecution dueat runat';

const RUN_NAMES: Names = {
  id: 'id runid uuid ulid guid executionid',
  job_name: JOB_NAMES,
  job_id: JOB_IDS,
  other_name: OTHER_NAMES,
  status: 'status state runstatus runstate outcome result',
  started_at:
    'startedat starttime started startat begunat begintime beganat startdate startedon starttimestamp starttimems ' +
    'start executedat firedat runat createdat',
  finished_at:
    'finishedat endtime endedat completedat finished ended endat finishtime stoppedat stoptime enddate finishedon ' +
    'endtimestamp endtimems doneat end',
  duration_ms: 'durationms elapsedms tookms durationmillis',
  queue_name: 'queuename queue',
  priority: 'priority',
  exit_code: 'exitcode exitstatus returncode rc',
  success: 'success succeeded successful ok issuccess passed',
  error:
    'error errormessage errormsg err errortext lasterror stderr failurereason failure exception traceback',
  output: 'output stdout log logs result message',
};

const JOB_COLUMN_NAMES: Names = {
  job_name: 'jobname name taskname title label slug jobkey key functionname command',
  id: 'id jobid uuid guid jobkey key slug',
  status: 'status state',
  enabled: 'enabled isenabled active isactive',
  disabled: 'disabled isdisabled paused ispaused',
  reschedule: 'reschedule',
  reschedule_in: 'reschedulein',
  schedule: 'schedule cron cronexpression cronexpr cronschedule crontab interval every frequency',
  last_run_at: 'lastrunat lastrun lastruntime lastexecutedat lastrunon',
  next_run: NEXT_RUN,
};

const PLAN_NAMES: Names = { job_name: `${JOB_NAMES} name`, job_id: JOB_IDS, next_run: NEXT_RUN };

/** The columns of a table: for each meaning a quoted name, if there is one. */
export type Meanings = Readonly<Record<string, string>>;

export interface RunsShape {
  /** SQL for what identifies the job, a name or an id, as it is stored. */
  readonly job: string;
  /** Whether it is read as an id before it is read as a name. */
  readonly isById: boolean;
  /** SQL for each property of a run. */
  readonly meanings: Meanings;
  /** SQL for the status as text. */
  readonly status: string;
  /** SQL for whether it has not begun yet. */
  readonly isPending: string;
  /** SQL to order by, the newest first, for tables whose rows have no number of their own. */
  readonly newestFirst: string;
  /** The table of the jobs, in lower case, and its referenced column, if that is declared. */
  readonly jobsTable: { readonly name: string; readonly key: string | null } | null;
}

/** Returns how to read a table of runs; null if no column says whose runs they are. */
export function shapeOfRuns(table: Table): RunsShape | null {
  const meanings = meaningsOf(table.columns, RUN_NAMES);
  const reference = table.foreignKeys.find(
    ({ from, table }) => isOneOf(from, `${JOB_NAMES} ${JOB_IDS}`) || /job|schedule|task|cron/u.test(table),
  );
  const byReference = reference ? quoted(reference.from) : undefined;
  const id = byReference ?? meanings.job_id;
  const name = meanings.job_name === id ? undefined : meanings.job_name;
  const told = [name, id, meanings.other_name].filter((sql) => sql !== undefined);
  if (told.length === 0) return null;
  const status = sqlStatus(table.columns, meanings);
  return {
    job: told.length === 1 ? String(told[0]) : `CAST(coalesce(${told.join(', ')}) AS TEXT)`,
    isById: told[0] === id,
    meanings,
    status,
    isPending: sqlIsPending(status),
    newestFirst: sqlNewestFirst(table.columns, meanings),
    jobsTable: reference ? { name: reference.table, key: reference.to } : null,
  };
}

/** Returns how to read a table of jobs; null if it has neither a name nor an id for them. */
export function shapeOfJobs(table: Table, key: string | null): Meanings | null {
  const meanings = meaningsOf(table.columns, JOB_COLUMN_NAMES);
  if (key) meanings.id = quoted(key);
  return meanings.job_name || meanings.id ? meanings : null;
}

/** Returns how to read a table of planned runs. */
export function shapeOfPlans(table: Table): Meanings {
  return meaningsOf(table.columns, PLAN_NAMES);
}

/**
 * Returns SQL for the status. If there is no column for it, an exit code, a flag for success, an error and the timestamps
 * determine it.
 */
function sqlStatus(columns: readonly Column[], meanings: Meanings): string {
  const { status, started_at, finished_at, exit_code, success, error } = meanings;
  if (status) {
    const isOfDialect = columns.some(({ name }) => squashed(name) === 'jobname');
    // Numbers have a meaning only in one scheduler's tables.
    return isOfDialect
      ? `CAST(${status} AS TEXT)`
      : `CASE WHEN typeof(${status}) IN ('integer', 'real') THEN 'number ' || ${status} ELSE CAST(${status} AS TEXT) END`;
  }
  const isUnset = (sql: string) => `coalesce(${sql}, '') IN ('', 0, '0') OR ${sql} LIKE '0001-01-01%'`;
  return [
    'CASE',
    started_at && finished_at ? `WHEN ${isUnset(started_at)} THEN 'pending'` : '',
    finished_at ? `WHEN ${isUnset(finished_at)} THEN 'running'` : '',
    exit_code ? `WHEN ${exit_code} IS NOT NULL AND ${exit_code} <> 0 THEN 'failed'` : '',
    exit_code ? `WHEN ${exit_code} = 0 THEN 'success'` : '',
    success ? `WHEN lower(${success}) IN ('0', 'f', 'false', 'n', 'no') THEN 'failed'` : '',
    success ? `WHEN ${success} IS NOT NULL THEN 'success'` : '',
    error ? `WHEN coalesce(${error}, '') <> '' THEN 'failed'` : '',
    finished_at ? "ELSE 'success' END" : "ELSE 'running' END",
  ].join(' ');
}

/** Returns SQL for the order: by a number that grows with each run, else by the timestamps. */
function sqlNewestFirst(columns: readonly Column[], { id, started_at, finished_at }: Meanings): string {
  const isNumbered = id && columns.some(({ name, type }) => quoted(name) === id && type.includes('int'));
  const order = isNumbered ? [id] : [started_at ?? finished_at, id];
  const known = order.filter((sql) => sql !== undefined);
  return known.length === 0 ? '1' : known.map((sql) => `${sql} DESC`).join(', ');
}

function meaningsOf(columns: readonly Column[], names: Names): Record<string, string> {
  const bySquashed = new Map(columns.map(({ name }) => [squashed(name), name]));
  const taken = new Set<string>();
  const found: Record<string, string> = {};
  for (const [meaning, words] of Object.entries(names)) {
    const name = words
      .split(' ')
      .map((word) => bySquashed.get(word))
      .find((column) => column !== undefined && !taken.has(column));
    if (name === undefined) continue;
    taken.add(name);
    found[meaning] = quoted(name);
  }
  return found;
}

function isOneOf(name: string, words: string): boolean {
  return words.split(' ').includes(squashed(name));
}

function squashed(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/gu, '');
}
