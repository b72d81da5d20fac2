import type { Clock } from '../clock.ts';
import type { LedgerConnection } from './connection.ts';
import { conflict, type LoadedTask, loadTask } from './ledger-tasks.ts';
import type { ActionRunner } from './run-action.ts';
import type { LedgerTables } from './sql/tables.ts';
import type { TaskAction } from './types.ts';

/** What completing and failing work with. */
export interface ClaimTools {
  readonly connection: LedgerConnection;
  readonly runner: ActionRunner;
  readonly clock: Clock;
}

/** What a move that runs actions is asked with. */
export interface ClaimOptions {
  readonly expectedVersion: number | undefined;
  readonly by: string | null;
  /** Ends what is running. */
  readonly signal: AbortSignal | undefined;
  /** Runs in the transaction in which the status changes. */
  readonly alongside: (tables: LedgerTables, now: number) => void;
}

/** A claim outlives the time limits of what is run under it by so much, ms: then its holder counts as dead. */
const CLAIM_MARGIN_MS = 30_000;

/** Returns until when a process may take that runs these actions from `now` on. */
export function claimEnd(actions: readonly TaskAction[], now: number): number {
  return actions.reduce((sum, { timeoutMs }) => sum + timeoutMs, now + CLAIM_MARGIN_MS);
}

/** Loads the task if it is still ours: meanwhile somebody may have cancelled it, or taken us for dead. */
export function loadClaimed(tables: LedgerTables, id: string, claim: string): LoadedTask {
  const task = loadTask(tables, id);
  if (task.run.claim !== claim) throw conflict(id);
  return task;
}
