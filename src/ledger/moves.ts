import { problem } from '../model/problem.ts';
import { joined, plainName, words } from '../model/text.ts';
import { LedgerError } from './ledger-error.ts';
import { type ClaimedRun, freshSteps } from './rows.ts';
import type { LedgerEventName, LedgerStatus } from './sql/words.ts';
import type { StepDefinition, StepState } from './types.ts';

/** What can be done with a task. `update` reports its progress. */
export type Move = 'start' | 'update' | 'complete' | 'fail' | 'cancel' | 'reset';

/**
 * The moves that are allowed from each status. A task may be completed or failed without having been started; one that has
 * ended can only begin again.
 */
const ALLOWED_MOVES: Readonly<Record<LedgerStatus, readonly Move[]>> = {
  pending: ['start', 'complete', 'fail', 'cancel'],
  in_progress: ['update', 'complete', 'fail', 'cancel', 'reset'],
  completing: ['fail', 'cancel', 'reset'],
  completed: ['reset'],
  failed: ['reset'],
  cancelled: ['reset'],
};

/** A run after a move, and the line of history that records it. */
export interface Moved {
  readonly run: ClaimedRun;
  readonly event: LedgerEventName;
  /** Null if the run begins with this line. */
  readonly from: LedgerStatus | null;
  readonly reason?: string | null;
  readonly output?: string | null;
}

/** Throws a `LedgerError` if a move is not allowed, and names those that are. */
export function refuseMove(run: ClaimedRun, move: Move): void {
  const allowed = ALLOWED_MOVES[run.status];
  if (allowed.includes(move)) return;
  throw new LedgerError(
    'move',
    problem(
      'not-allowed',
      'degraded',
      words`${plainName(run.task)} is ${run.status}: ${move} is not possible`,
      words`possible now: ${joined(allowed, ', ')}`,
    ),
  );
}

/** Returns the first run of a task, or the one after `before`. */
export function beginRun(
  task: string,
  steps: readonly StepDefinition[],
  now: number,
  before: ClaimedRun | null = null,
): ClaimedRun {
  return {
    task,
    run: (before?.run ?? 0) + 1,
    status: 'pending',
    attempt: 1,
    jobRun: null,
    progress: null,
    steps: freshSteps(steps),
    result: null,
    error: null,
    verifiedAt: null,
    isForced: false,
    claim: null,
    claimUntil: null,
    version: 0,
    createdAt: now,
    startedAt: null,
    endedAt: null,
    updatedAt: now,
  };
}

export function started(run: ClaimedRun, now: number, jobRun: number | null | undefined): Moved {
  const changes = { status: 'in_progress', startedAt: now, jobRun: jobRun ?? run.jobRun } as const;
  return { run: { ...run, ...changes }, event: 'started', from: run.status };
}

/** Sets a run's progress, or its steps. */
export function progressed(
  run: ClaimedRun,
  change: { readonly progress?: number | null; readonly steps?: readonly StepState[] },
): Moved {
  return { run: { ...run, ...change }, event: 'progressed', from: run.status };
}

/**
 * Begins to complete a task: the holder of `claim` runs its verification and the hooks before completion, until `claimUntil`
 * at the latest.
 */
export function completing(run: ClaimedRun, claim: string, claimUntil: number): Moved {
  return { run: { ...run, status: 'completing', claim, claimUntil }, event: 'completing', from: run.status };
}

/** Completes a run. The claim is kept while there are hooks to run. */
export function completed(
  run: ClaimedRun,
  now: number,
  facts: Pick<ClaimedRun, 'result' | 'verifiedAt' | 'isForced' | 'claim' | 'claimUntil'>,
): Moved {
  const steps = run.steps.map((step) => {
    const isOpen = step.status === 'pending' || step.status === 'running';
    return isOpen ? { ...step, status: 'completed' as const, progress: null, endedAt: now } : step;
  });
  const ended = { ...run, ...facts, steps, status: 'completed', endedAt: now, error: null } as const;
  return {
    run: ended,
    event: 'completed',
    from: run.status,
    reason: facts.isForced ? 'forced' : facts.result,
  };
}

/** Restores the status that a run had before somebody tried to complete it. */
export function notCompleted(
  run: ClaimedRun,
  event: 'refused' | 'revoked' | 'recovered',
  back: LedgerStatus,
  reason: string,
  output: string | null,
): Moved {
  const open = { ...run, status: back, claim: null, claimUntil: null, endedAt: null, verifiedAt: null };
  return { run: { ...open, isForced: false, result: null }, event, from: run.status, reason, output };
}

export function failed(
  run: ClaimedRun,
  now: number,
  error: string,
  claim: Pick<ClaimedRun, 'claim' | 'claimUntil'>,
): Moved {
  const steps = run.steps.map((step) =>
    step.status === 'running' ? { ...step, status: 'failed' as const, endedAt: now } : step,
  );
  const ended = { ...run, ...claim, steps, status: 'failed', endedAt: now, error } as const;
  return { run: ended, event: 'failed', from: run.status, reason: error };
}

export function cancelled(run: ClaimedRun, now: number, reason: string | null): Moved {
  const ended = { ...run, status: 'cancelled', endedAt: now, error: reason, claim: null, claimUntil: null };
  return { run: ended as ClaimedRun, event: 'cancelled', from: run.status, reason };
}

/** Makes the same run pending again, for the next attempt. */
export function triedAgain(run: ClaimedRun, steps: readonly StepDefinition[], now: number): Moved {
  const fresh = beginRun(run.task, steps, now);
  const kept = { run: run.run, jobRun: run.jobRun, version: run.version, createdAt: run.createdAt };
  return { run: { ...fresh, ...kept, attempt: run.attempt + 1 }, event: 'reset', from: run.status };
}

/** Records an event in the history that does not change the status. */
export function remarked(
  run: ClaimedRun,
  event: 'noted' | 'redefined' | 'rollback' | 'recovered',
  reason: string | null,
  output: string | null = null,
): Moved {
  return { run, event, from: run.status, reason, output };
}
