/** A task's status in the ledger. `completing`: its verification or the hooks before completion are running. */
export const LEDGER_STATUSES = [
  'pending',
  'in_progress',
  'completing',
  'completed',
  'failed',
  'cancelled',
] as const;
export type LedgerStatus = (typeof LEDGER_STATUSES)[number];

/**
 * What a line of the history tells. `refused`: a completion that its verification or a hook before it did not let
 * through; `revoked`: one that was taken back because a hook after it failed; `rollback`: how the definition's own
 * rollback went; `recovered`: what a process that died had left half done; `imported`: a run that came
 * without a history of its own.
 */
export const LEDGER_EVENTS = [
  'registered',
  'redefined',
  'started',
  'progressed',
  'noted',
  'completing',
  'completed',
  'refused',
  'revoked',
  'failed',
  'rollback',
  'cancelled',
  'reset',
  'recovered',
  'imported',
] as const;
export type LedgerEventName = (typeof LEDGER_EVENTS)[number];
