import type { LedgerStatus } from './words.ts';

/** The rows of the tables. Times are epoch ms, documents JSON text. */

export interface DefinitionRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly job: string | null;
  readonly module: string | null;
  readonly priority: number | null;
  readonly document: string;
}

export interface StatusRow {
  readonly task: string;
  readonly run: number;
  readonly isCurrent: number;
  readonly status: LedgerStatus;
  readonly attempt: number;
  readonly jobRun: number | null;
  readonly progress: number | null;
  readonly steps: string;
  readonly result: string | null;
  readonly error: string | null;
  readonly verifiedAt: number | null;
  readonly isForced: number;
  /** The claim of whoever is completing it or cleaning up after it, and when that expires; null if nobody is. */
  readonly claim: string | null;
  readonly claimUntil: number | null;
  readonly version: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly updatedAt: number;
}

/** A definition with its current run. */
export type TaskRow = DefinitionRow & StatusRow;

export interface NoteRow {
  readonly task: string;
  readonly at: number;
  readonly by: string | null;
  readonly text: string;
}

export interface DependencyRow {
  readonly task: string;
  readonly dependsOn: string;
}

/** Lists of columns under the names above. */
export const DEFINITION_COLUMNS = 'd.id, d.name, d.description, d.job, d.module, d.priority, d.document';
export const STATUS_COLUMNS = `s.task, s.run, s.is_current AS isCurrent, s.status, s.attempt, s.job_run AS jobRun,
  s.progress, s.steps, s.result, s.error, s.verified_at AS verifiedAt, s.is_forced AS isForced, s.claim,
  s.claim_until AS claimUntil, s.version, s.created_at AS createdAt, s.started_at AS startedAt,
  s.ended_at AS endedAt, s.updated_at AS updatedAt`;
export const HISTORY_COLUMNS =
  'id, task, run, attempt, event, from_status AS "from", to_status AS "to", at, by, reason, output, progress';
