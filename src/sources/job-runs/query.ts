import { asText, findTable, type Row, type Table } from '../../storage/foreign-tables.ts';
import type { Database } from '../../storage/transaction.ts';
import { createJobList, type JobDraft, type JobList, type JobRecord } from './job-list.ts';
import { openRunsTable, type RunsTable } from './runs-table.ts';
import { type Meanings, type RunsShape, shapeOfJobs, shapeOfPlans, shapeOfRuns } from './shape.ts';
import { isOver } from './words.ts';

/** What a job database contains, as it is read. */
export interface JobsAnswer {
  readonly records: readonly JobRecord[];
  /** What it contains but cannot be read: `job_runs: none of its columns (a, b) names a job`. */
  readonly unread: string | null;
}

/** The tables of a job database, and how each is read. */
export interface JobsPlan {
  readonly runs: { readonly table: Table; readonly shape: RunsShape } | null;
  readonly jobs: { readonly table: Table; readonly meanings: Meanings } | null;
  readonly plans: { readonly table: Table; readonly meanings: Meanings } | null;
  readonly unread: string | null;
  /** Whether each query is fast, no matter who made the file: no view, no computed columns, rows with numbers. */
  readonly isQuick: boolean;
}

/** One more than are shown, so that an excess is noticed. */
const JOB_LIMIT = 100_001;
const RUNS_KEPT = 50;
const PLACES_LIMIT = 5_000;
/** Where jobs may be if runs have ids and no foreign key names the table. */
const JOB_TABLES = ['jobs', 'job', 'schedules', 'scheduled_jobs', 'cron_jobs', 'job_definitions', 'tasks'];

/** Looks at the tables; returns null if there are neither jobs nor runs. */
export function planJobs(database: Database): JobsPlan | null {
  const runsTable = findTable(database, 'job_runs');
  const shape = runsTable && shapeOfRuns(runsTable);
  const jobsTable = findJobsTable(database, shape);
  if (!runsTable && !jobsTable) return null;
  const meanings = jobsTable && shapeOfJobs(jobsTable, shape?.jobsTable?.key ?? null);
  const plansTable = findTable(database, 'scheduled_jobs');
  const planMeanings = plansTable && shapeOfPlans(plansTable);
  const unread = [
    runsTable && !shape ? unreadText(runsTable) : null,
    jobsTable && !meanings && !shape ? unreadText(jobsTable) : null,
  ].filter((words) => words !== null);
  const tables = [runsTable, jobsTable, plansTable].filter((table) => table !== null);
  return {
    runs: runsTable && shape ? { table: runsTable, shape } : null,
    jobs: jobsTable && meanings ? { table: jobsTable, meanings } : null,
    plans: plansTable && planMeanings?.next_run ? { table: plansTable, meanings: planMeanings } : null,
    unread: unread.length === 0 ? null : unread.join('; '),
    isQuick: tables.every(({ isStored }) => isStored) && runsTable?.rowId !== null,
  };
}

/**
 * Creates the query that a job database is asked again and again: what is known about each job. It remembers only where the
 * last runs of a job were, in case many other runs have come after them.
 */
export function createJobsQuery(): (database: Database, plan: JobsPlan) => JobsAnswer {
  let placesOf: ReadonlyMap<string, readonly string[]> | null = null;

  return (database, { runs, jobs, plans, unread }) => {
    const list = createJobList();
    if (jobs) for (const row of readRows(database, jobs.table, jobs.meanings, JOB_COLUMNS)) list.add(row);
    if (plans) readPlans(database, plans.table, plans.meanings, list);
    if (runs) {
      readRuns(openRunsTable(database, runs.table, runs.shape), runs.shape, list, placesOf);
      placesOf = new Map(list.all().map(({ name, runs }) => [name, runs.map(({ id }) => id ?? '')]));
    }
    return { records: list.all(), unread };
  };
}

const JOB_COLUMNS = [
  ...['id', 'job_name', 'status', 'enabled', 'disabled', 'reschedule', 'reschedule_in', 'schedule'],
  ...['last_run_at', 'next_run'],
];

function findJobsTable(database: Database, shape: RunsShape | null): Table | null {
  if (shape?.jobsTable) return findTable(database, shape.jobsTable.name);
  for (const name of shape?.isById ? JOB_TABLES : ['jobs']) {
    const table = findTable(database, name);
    if (table) return table;
  }
  return null;
}

function readRows(database: Database, table: Table, meanings: Meanings, names: readonly string[]): Row[] {
  const columns = names.map((name) => `${meanings[name] ? asText(meanings[name]) : 'NULL'} AS ${name}`);
  return database
    .prepare(`SELECT ${columns.join(', ')} FROM ${table.name} LIMIT ${JOB_LIMIT}`)
    .all() as Row[];
}

function readPlans(database: Database, table: Table, meanings: Meanings, list: JobList): void {
  for (const { job_name, job_id, next_run } of readRows(database, table, meanings, Object.keys(meanings))) {
    const told = job_name ?? job_id;
    if (told === null || told === undefined) continue;
    const draft = list.find(told, !meanings.job_name);
    draft.nextRun = next_run ?? null;
    draft.isPlanned = true;
  }
}

/** Reads runs. The first time, jobs without recent runs are looked for further back; later, at the place of their last ones. */
function readRuns(
  table: RunsTable,
  { isById }: RunsShape,
  list: JobList,
  placesOf: ReadonlyMap<string, readonly string[]> | null,
): void {
  const jobOf = (row: Row) => list.find(row.job, isById);
  for (const run of table.recent()) jobOf(run).runs.push(run);
  for (const row of table.queued()) jobOf(row).queued = Number(row.queued);
  const silent = new Set(list.all().filter(({ runs }) => runs.length === 0));
  if (silent.size > 0) {
    const places = [...silent].flatMap(({ name }) => placesOf?.get(name) ?? []);
    const found = placesOf ? table.at(places.slice(0, PLACES_LIMIT)) : table.earlier(toldOf(silent));
    for (const run of found) {
      const job = jobOf(run);
      if (silent.has(job)) job.runs.push(run);
    }
  }
  for (const draft of list.all()) {
    draft.runs.splice(RUNS_KEPT);
    const over = draft.runs.find((run) => isOver(run.status));
    draft.outcome = over?.id ? table.outcome(over.id) : null;
  }
}

/** Returns the names and ids by which runs may refer to these jobs. */
function toldOf(drafts: Iterable<JobDraft>): string[] {
  return [...drafts]
    .flatMap(({ id, name, job }) => [id, name, job?.job_name ?? null])
    .filter((told) => told !== null);
}

function unreadText({ name, columns }: Table): string {
  const names = columns.map((column) => column.name).join(', ');
  return `${name.slice(1, -1)}: none of its columns (${names}) names a job`;
}
