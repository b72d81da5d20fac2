import type { HistoryEntry } from './history-entry.ts';
import { decodeDocument, decodeSteps } from './row-documents.ts';
import type { DefinitionRow, StatusRow, TaskRow } from './sql/rows.ts';
import type { StepDefinition, StepState, TaskDefinition, TaskRecord, TaskRun } from './types.ts';

/** The ledger's internal form of a run, with its claim. */
export interface ClaimedRun extends TaskRun {
  /** The id of the claim of whoever is completing it or cleaning up after it; null if nobody is. */
  readonly claim: string | null;
  /** When the claim expires and its holder counts as dead, epoch ms. */
  readonly claimUntil: number | null;
}

export function decodeDefinitionRow(row: DefinitionRow, dependencies: readonly string[]): TaskDefinition {
  const { id, name, description, job, module, priority, document } = row;
  return { id, name, description, job, module, priority, dependencies, ...decodeDocument(document) };
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
    steps: decodeSteps(row.steps),
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

/** Decodes a task as callers see it, without the ledger's internal fields. */
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

/** Decodes a line of the history into an ordinary object. (Rows of `node:sqlite` have no prototype.) */
export function decodeHistoryRow(row: HistoryEntry): HistoryEntry {
  return { ...row };
}

/** Returns the steps of a run in which nothing has been done. */
export function freshSteps(steps: readonly StepDefinition[]): StepState[] {
  return steps.map(({ name, weight }) => {
    return { name, weight, status: 'pending', progress: null, startedAt: null, endedAt: null };
  });
}
