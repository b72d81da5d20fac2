import { randomUUID } from 'node:crypto';
import { type ClaimOptions, type ClaimTools, claimEnd } from './claims.ts';
import { loadTask, recordMove, recoverAbandoned, refuseStale } from './ledger-tasks.ts';
import { failed, refuseMove, remarked } from './moves.ts';
import { type ActionRunner, runAction } from './run-action.ts';
import type { ActionOutcome } from './run-command.ts';
import { ownerRefusal } from './task-commands.ts';
import type { TaskAction, TaskRecord } from './types.ts';

export interface FailureOptions extends ClaimOptions {
  readonly error: string;
}

/** Marks a task failed, then runs its rollback. The rollback's outcome is recorded in the history, but changes no status. */
export async function failTask(id: string, options: FailureOptions, tools: ClaimTools): Promise<void> {
  const claim = randomUUID();
  const task = await markFailed(id, claim, options, tools);
  const { rollback } = task.definition;
  if (!rollback || !canRunHere(rollback, tools.runner)) return;
  const outcome = await runAction(rollback, task, tools.runner, options.signal);
  await recordRollback(id, claim, outcome, options, tools);
}

function markFailed(
  id: string,
  claim: string,
  { error, expectedVersion, by, alongside }: FailureOptions,
  { connection, runner, clock }: ClaimTools,
): Promise<TaskRecord> {
  return connection.write((tables) => {
    const author = { by, now: clock.now() };
    recoverAbandoned(tables, author);
    const task = loadTask(tables, id);
    refuseStale(task, expectedVersion);
    refuseMove(task.run, 'fail');
    const { rollback } = task.definition;
    const isRun = rollback !== null && canRunHere(rollback, runner);
    const held = isRun
      ? { claim, claimUntil: claimEnd([rollback], author.now) }
      : { claim: null, claimUntil: null };
    const after = recordMove(tables, failed(task.run, author.now, error, held), author);
    if (rollback && !isRun) recordMove(tables, remarked(after, 'rollback', whyNotRun(rollback)), author);
    alongside(tables, author.now);
    return loadTask(tables, id).record;
  });
}

/** Records the outcome of a rollback, unless somebody has begun the task again since. */
function recordRollback(
  id: string,
  claim: string,
  { ok, reason, output }: ActionOutcome,
  { by }: FailureOptions,
  { connection, clock }: ClaimTools,
): Promise<void> {
  return connection.write((tables) => {
    const { run } = loadTask(tables, id);
    if (run.claim !== claim) return;
    const words = ok ? 'the rollback succeeded' : `the rollback failed: ${reason}`;
    const free = { ...run, claim: null, claimUntil: null };
    recordMove(tables, remarked(free, 'rollback', words, output), { by, now: clock.now() });
  });
}

function canRunHere(action: TaskAction, runner: ActionRunner): boolean {
  if ('command' in action) return runner.allowCommands || ownerRefusal(runner.path) === null;
  return Object.hasOwn(runner.functions, action.function);
}

function whyNotRun(action: TaskAction): string {
  return 'command' in action
    ? 'not run: the ledger belongs to another user, and its commands were not allowed'
    : 'not run: this program lacks its function';
}
