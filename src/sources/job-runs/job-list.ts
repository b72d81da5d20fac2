import type { Row } from '../../storage/foreign-tables.ts';

/** What a job database says about one job. */
export interface JobRecord {
  /** Its name, or whatever else identifies it: as it is shown, and different from any other. */
  readonly name: string;
  /** Its row of `jobs`; null if only its runs are known. */
  readonly job: Row | null;
  /** Its latest runs that have begun, the newest first. */
  readonly runs: readonly Row[];
  /** How many runs wait, among the latest of all jobs. */
  readonly queued: number;
  /** When it runs next: according to the plan (`scheduled_jobs`), or to its own row. */
  readonly nextRun: string | null;
  /** Whether a plan says so: a living scheduler keeps to it. */
  readonly isPlanned: boolean;
  /** What the newest finished run has left: its `output` and `error`. */
  readonly outcome: Row | null;
}

export type JobDraft = { -readonly [Key in keyof JobRecord]: JobRecord[Key] } & {
  runs: Row[];
  readonly id: string | null;
};

/** Runs that name no job are not skipped silently. */
const UNNAMED = '(unnamed job)';

/** The jobs in the order in which they are found: in their own table, in the plans, in the runs. */
export interface JobList {
  /** Adds a row of `jobs`. */
  add(row: Row): void;
  /** Finds the job that a run or a plan refers to, by its id and its name; `isById` says which of the two is tried first. */
  find(told: string | null | undefined, isById: boolean): JobDraft;
  all(): JobDraft[];
}

export function createJobList(): JobList {
  const drafts: JobDraft[] = [];
  const byName = new Map<string, JobDraft>();
  const byId = new Map<string, JobDraft>();

  function make(id: string | null, name: string, job: Row | null): JobDraft {
    const draft: JobDraft = {
      id,
      name: byName.has(name) && id !== null ? `${name} (${id})` : name,
      job,
      runs: [],
      queued: 0,
      nextRun: job?.next_run ?? null,
      isPlanned: false,
      outcome: null,
    };
    drafts.push(draft);
    if (!byName.has(draft.name)) byName.set(draft.name, draft);
    if (id !== null && !byId.has(id)) byId.set(id, draft);
    return draft;
  }

  return {
    add(row) {
      const id = row.id ?? null;
      const name = nonEmpty(row.job_name) ?? id;
      if (name !== null) make(id, name, row);
    },
    find(told, isById) {
      const key = nonEmpty(told) ?? UNNAMED;
      const [first, second] = isById ? [byId, byName] : [byName, byId];
      return first.get(key) ?? second.get(key) ?? make(null, key, null);
    },
    all: () => drafts,
  };
}

function nonEmpty(text: string | null | undefined): string | null {
  return text === null || text === undefined || text.trim() === '' ? null : text;
}
