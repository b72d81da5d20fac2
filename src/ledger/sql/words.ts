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
 * The events of the history. `refused`: the verification or a hook before completion failed; `revoked`: a completion was undone
 * because a hook after it failed; `rollback`: the outcome of the definition's own rollback; `recovered`: something was restored
 * that a process left half done when it died; `imported`: a run came without a history of its own.
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
