import type { Clock } from '../clock.ts';
import type { LedgerConnection } from './connection.ts';
import { conflict, type LoadedTask, loadTask } from './ledger-tasks.ts';
import type { ActionRunner } from './run-action.ts';
import type { LedgerTables } from './sql/tables.ts';
import type { TaskAction } from './types.ts';

/** What completing and failing tasks needs. */
export interface ClaimTools {
  readonly connection: LedgerConnection;
  readonly runner: ActionRunner;
  readonly clock: Clock;
}

/** The options of a move that runs actions. */
export interface ClaimOptions {
  readonly expectedVersion: number | undefined;
  readonly by: string | null;
  /** Ends running actions. */
  readonly signal: AbortSignal | undefined;
  /** Called in the transaction in which the status changes. */
  readonly alongside: (tables: LedgerTables, now: number) => void;
}

/** How long a claim outlasts the time limits of the actions under it, ms. After that, its holder counts as dead. */
const CLAIM_MARGIN_MS = 30_000;

/** Returns when the claim of a process that runs these actions from `now` on expires. */
export function claimEnd(actions: readonly TaskAction[], now: number): number {
  return actions.reduce((sum, { timeoutMs }) => sum + timeoutMs, now + CLAIM_MARGIN_MS);
}

/** Loads a task that we have claimed. Throws if somebody has cancelled it meanwhile, or taken us for dead. */
export function loadClaimed(tables: LedgerTables, id: string, claim: string): LoadedTask {
  const task = loadTask(tables, id);
  if (task.run.claim !== claim) throw conflict(id);
  return task;
}
