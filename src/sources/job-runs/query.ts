import type { Database } from '../../storage/transaction.ts';
import { openRunsTable, type RunsTable } from './runs-table.ts';
import { type Row, readTable } from './tables.ts';
import { isOver } from './words.ts';

/** What a job database says of one job. */
export interface JobRecord {
  readonly name: string;
  /** Its row of `jobs`; null where only its runs are known. */
  readonly job: Row | null;
  /** Its latest runs that have begun, the newest first. */
  readonly runs: readonly Row[];
  /** How many runs wait, among the latest of all jobs. */
  readonly queued: number;
  readonly nextRun: string | null;
  /** What the newest run that is over has left: its `output` and `error`. */
  readonly outcome: Row | null;
}

type Draft = { -readonly [Key in keyof JobRecord]: JobRecord[Key] } & { runs: Row[] };

const JOB_COLUMNS = ['job_name', 'status', 'reschedule', 'reschedule_in', 'last_run_at'];
/** One more than are shown, so that too many are noticed. */
const JOB_LIMIT = 100_001;
const RUNS_KEPT = 50;
const PLACES_LIMIT = 5_000;

/**
 * Makes the question that is put to a job database again and again: what is known of each job, or null where there are
 * neither jobs nor runs. Remembered is only where the last runs of a job were, for when many of others came after them.
 */
export function createJobsQuery(): (database: Database) => JobRecord[] | null {
  let placesOf: ReadonlyMap<string, readonly string[]> | null = null;

  return (database) => {
    const jobs = readTable(database, 'jobs', JOB_COLUMNS, JOB_LIMIT);
    const runs = openRunsTable(database);
    if (!jobs && !runs) return null;
    const drafts = createDrafts();
    for (const job of jobs ?? []) drafts.of(job, (draft) => (draft.job = job));
    for (const row of readTable(database, 'scheduled_jobs', ['job_name', 'next_run'], JOB_LIMIT) ?? [])
      drafts.of(row, (draft) => (draft.nextRun = row.next_run ?? null));
    if (runs) {
      readRuns(runs, drafts, placesOf);
      placesOf = new Map(drafts.all().map(({ name, runs }) => [name, runs.map(({ id }) => id ?? '')]));
    }
    return drafts.all();
  };
}

/** The first time, jobs without recent runs are looked for further back; later, where their last ones were. */
function readRuns(
  table: RunsTable,
  drafts: Drafts,
  placesOf: ReadonlyMap<string, readonly string[]> | null,
): void {
  const add = (run: Row) => drafts.of(run, (draft) => draft.runs.push(run));
  table.recent().forEach(add);
  for (const row of table.queued()) drafts.of(row, (draft) => (draft.queued = Number(row.queued)));
  const silent = drafts
    .all()
    .filter(({ runs }) => runs.length === 0)
    .map(({ name }) => name);
  if (silent.length > 0) {
    const isSilent = new Set(silent);
    const places = silent.flatMap((name) => placesOf?.get(name) ?? []);
    const found = placesOf ? table.at(places.slice(0, PLACES_LIMIT)) : table.earlier(silent);
    found.filter(({ job_name }) => isSilent.has(job_name ?? '')).forEach(add);
  }
  for (const draft of drafts.all()) {
    draft.runs.splice(RUNS_KEPT);
    const over = draft.runs.find((run) => isOver(run.status));
    draft.outcome = over?.id ? table.outcome(over.id) : null;
  }
}

interface Drafts {
  /** Changes the record of the job that a row names; a row without a name is passed over. */
  of(row: Row, change: (draft: Draft) => void): void;
  all(): Draft[];
}

function createDrafts(): Drafts {
  const drafts = new Map<string, Draft>();
  return {
    of({ job_name }, change) {
      if (job_name === null || job_name === undefined) return;
      const draft = drafts.get(job_name) ?? blank(job_name);
      drafts.set(job_name, draft);
      change(draft);
    },
    all: () => [...drafts.values()],
  };
}

function blank(name: string): Draft {
  return { name, job: null, runs: [], queued: 0, nextRun: null, outcome: null };
}
