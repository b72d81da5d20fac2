import type { Row } from '../../storage/foreign-tables.ts';

/** What a job database says of one job. */
export interface JobRecord {
  /** Its name, or what else tells it from others: as it is shown, and unlike that of any other. */
  readonly name: string;
  /** Its row of `jobs`; null if only its runs are known. */
  readonly job: Row | null;
  /** Its latest runs that have begun, the newest first. */
  readonly runs: readonly Row[];
  /** How many runs wait, among the latest of all jobs. */
  readonly queued: number;
  /** When it is to run next: as it is planned (`scheduled_jobs`), or as its own row has it. */
  readonly nextRun: string | null;
  /** Whether a plan says so: a scheduler that lives keeps to it. */
  readonly isPlanned: boolean;
  /** What the newest run that is over has left: its `output` and `error`. */
  readonly outcome: Row | null;
}

export type JobDraft = { -readonly [Key in keyof JobRecord]: JobRecord[Key] } & {
  runs: Row[];
  readonly id: string | null;
};

/** Runs that name no job are not passed over in silence. */
const UNNAMED = '(unnamed job)';

/** The jobs as they come up: in their own table, in the plans, in the runs. */
export interface JobList {
  /** Takes in a row of `jobs`. */
  add(row: Row): void;
  /** The job that a run or a plan tells, by its id or its name: whichever of both `isById` says goes first. */
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
