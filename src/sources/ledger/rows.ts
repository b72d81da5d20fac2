import type { DefinitionRow, HistoryRow, StatusRow, TaskRow } from '../../storage/ledger/rows.ts';
import type { StepDefinition, StepState, TaskDefinition, TaskRecord, TaskRun } from './types.ts';

/** What of a definition stands in its row's JSON document: all that is never searched for. */
type DefinitionDocument = Omit<
  TaskDefinition,
  'id' | 'name' | 'description' | 'job' | 'module' | 'priority' | 'dependencies'
>;

const EMPTY_DOCUMENT: DefinitionDocument = {
  steps: [],
  verification: null,
  beforeCompletion: [],
  afterCompletion: [],
  rollback: null,
  labels: {},
  extra: {},
};

/** A run as the ledger works with it: with who is completing it, which is nobody else's business. */
export interface ClaimedRun extends TaskRun {
  /** Who is completing it or cleaning up after it; null where nobody is. */
  readonly claim: string | null;
  /** When whoever holds it counts as dead, epoch ms. */
  readonly claimUntil: number | null;
}

/** Keys that are missing, because somebody else wrote the row, read as left out. */
export function decodeDefinitionRow(row: DefinitionRow, dependencies: readonly string[]): TaskDefinition {
  const { id, name, description, job, module, priority, document } = row;
  const parsed = { ...EMPTY_DOCUMENT, ...parsedObject(document) };
  return { id, name, description, job, module, priority, dependencies, ...parsed };
}

export function encodeDefinitionRow(definition: TaskDefinition): DefinitionRow {
  const { id, name, description, job, module, priority, dependencies: _, ...document } = definition;
  return { id, name, description, job, module, priority, document: JSON.stringify(document) };
}

export function decodeRunRow(row: StatusRow): ClaimedRun {
  return {
    task: row.task,
    run: row.run,
    status: row.status,
    attempt: row.attempt,
    jobRun: row.jobRun,
    progress: row.progress,
    steps: parsedList(row.steps) as StepState[],
    result: row.result,
    error: row.error,
    verifiedAt: row.verifiedAt,
    isForced: row.isForced === 1,
    claim: row.claim,
    claimUntil: row.claimUntil,
    version: row.version,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    updatedAt: row.updatedAt,
  };
}

export function encodeRunRow(run: ClaimedRun, isCurrent = true): StatusRow {
  const { steps, isForced, ...same } = run;
  return {
    ...same,
    steps: JSON.stringify(steps),
    isForced: Number(isForced),
    isCurrent: Number(isCurrent),
  };
}

/** A task as the ledger answers for it; what nobody but the ledger needs is left out. */
export function decodeTaskRow(
  row: TaskRow,
  dependencies: readonly string[],
  unfinished: readonly string[],
): TaskRecord {
  return {
    definition: decodeDefinitionRow(row, dependencies),
    status: withoutClaim(decodeRunRow(row)),
    waitsFor: row.status === 'pending' ? unfinished : [],
  };
}

export function withoutClaim({ claim: _, claimUntil: __, ...run }: ClaimedRun): TaskRun {
  return run;
}

/** The rows of `node:sqlite` have no prototype; what is handed out is an ordinary object. */
export function decodeHistoryRow(row: HistoryRow): HistoryRow {
  return { ...row };
}

/** How a run's steps stand before anything was done. */
export function freshSteps(steps: readonly StepDefinition[]): StepState[] {
  return steps.map(({ name, weight }) => {
    return { name, weight, status: 'pending', progress: null, startedAt: null, endedAt: null };
  });
}

function parsedObject(text: string): Partial<DefinitionDocument> {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : {};
}

function parsedList(text: string): unknown[] {
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? parsed : [];
}
