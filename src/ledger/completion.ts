import { randomUUID } from 'node:crypto';
import { problem } from '../model/problem.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { type ClaimOptions, type ClaimTools, claimEnd, loadClaimed } from './claims.ts';
import { LedgerError } from './ledger-error.ts';
import {
  type Author,
  loadTask,
  recordMove,
  recoverAbandoned,
  refuseStale,
  refuseUnready,
} from './ledger-tasks.ts';
import { completed, completing, notCompleted, refuseMove } from './moves.ts';
import type { ClaimedRun } from './rows.ts';
import { refuseUnrunnable, runAction, titleOf } from './run-action.ts';
import type { ActionOutcome } from './run-command.ts';
import type { LedgerTables } from './sql/tables.ts';
import type { LedgerStatus } from './sql/words.ts';
import type { TaskAction, TaskDefinition, TaskRecord } from './types.ts';

export interface CompletionOptions extends ClaimOptions {
  readonly result: string | null;
  /** Skips the verification, and ignores dependencies; the hooks run nevertheless. */
  readonly force: boolean;
}

/** A completion in progress. */
interface Completion {
  readonly id: string;
  readonly claim: string;
  readonly options: CompletionOptions;
  readonly tools: ClaimTools;
}

/**
 * Completes a task: claims it, runs its verification and the hooks before completion (while no transaction is open), marks it
 * completed, and runs the hooks after completion. The first failure restores the earlier status, is recorded, and rejects with
 * a `LedgerError`. If this process dies meanwhile, the claim expires, and the next change by anybody restores the status.
 */
export async function completeTask(id: string, options: CompletionOptions, tools: ClaimTools): Promise<void> {
  const completion = { id, claim: randomUUID(), options, tools };
  const { task, back } = await claimTask(completion);
  const { verification, beforeCompletion, afterCompletion } = task.definition;
  const run = (action: TaskAction, at: TaskRecord) => runAction(action, at, tools.runner, options.signal);

  if (task.status.status === 'completing') {
    if (verification && !options.force) {
      const outcome = await run(verification, task);
      const what = words`the verification "${titleOf(verification)}" failed`;
      if (!outcome.ok) throw await takeBack(completion, 'refused', 'verification', back, what, outcome);
    }
    for (const hook of beforeCompletion) {
      const outcome = await run(hook, task);
      const what = words`the hook "${titleOf(hook)}" before completion failed`;
      if (!outcome.ok) throw await takeBack(completion, 'refused', 'hook', back, what, outcome);
    }
  }
  if (task.status.status === 'completed' && afterCompletion.length === 0) return;
  const done = task.status.status === 'completed' ? task : await markCompleted(completion);
  for (const hook of afterCompletion) {
    const outcome = await run(hook, done);
    const what = words`the hook "${titleOf(hook)}" after completion failed`;
    if (!outcome.ok) throw await takeBack(completion, 'revoked', 'hook', back, what, outcome);
  }
  if (afterCompletion.length > 0) await tools.connection.write((tables) => release(tables, completion));
}

/**
 * Claims the task, so that nobody else completes it; if there is nothing to run first, completes it at once. Resolves with the
 * task and its earlier status.
 */
function claimTask(
  completion: Completion,
): Promise<{ readonly task: TaskRecord; readonly back: LedgerStatus }> {
  const { id, claim, options, tools } = completion;
  return tools.connection.write((tables) => {
    const author = { by: options.by, now: tools.clock.now() };
    recoverAbandoned(tables, author);
    const task = loadTask(tables, id);
    refuseStale(task, options.expectedVersion);
    refuseMove(task.run, 'complete');
    if (!options.force && task.run.status === 'pending') refuseUnready(task, tables);
    const before = actionsBefore(task.definition, options.force);
    const after = task.definition.afterCompletion;
    refuseUnrunnable([...before, ...after], tools.runner);
    if (before.length === 0) complete(tables, task.run, task.definition, completion, author);
    else recordMove(tables, completing(task.run, claim, claimEnd(before, author.now)), author);
    return { task: loadTask(tables, id).record, back: task.run.status };
  });
}

function markCompleted(completion: Completion): Promise<TaskRecord> {
  const { id, claim, options, tools } = completion;
  return tools.connection.write((tables) => {
    const { definition, run } = loadClaimed(tables, id, claim);
    complete(tables, run, definition, completion, { by: options.by, now: tools.clock.now() });
    return loadTask(tables, id).record;
  });
}

/** Marks a task completed; nothing else does. The claim is kept while there are hooks to run. */
function complete(
  tables: LedgerTables,
  run: ClaimedRun,
  { verification, afterCompletion }: TaskDefinition,
  { id, claim, options: { result, force, alongside } }: Completion,
  author: Author,
): void {
  const isVerified = verification !== null && !force;
  const isUnready = tables.unfinishedDependencies([id]).length > 0;
  const hasHooks = afterCompletion.length > 0;
  const facts = {
    result,
    verifiedAt: isVerified ? author.now : null,
    isForced: force && (verification !== null || isUnready),
    claim: hasHooks ? claim : null,
    claimUntil: hasHooks ? claimEnd(afterCompletion, author.now) : null,
  };
  recordMove(tables, completed(run, author.now, facts), author);
  alongside(tables, author.now);
}

/** Restores the task's earlier status and records why; resolves with the error to be thrown. */
async function takeBack(
  { id, claim, options, tools }: Completion,
  event: 'refused' | 'revoked',
  code: 'verification' | 'hook',
  back: LedgerStatus,
  what: PlainText,
  { reason: why, output }: ActionOutcome,
): Promise<LedgerError> {
  const reason = words`${what}: ${why ?? 'no reason'}`;
  await tools.connection.write((tables) => {
    const { run } = loadClaimed(tables, id, claim);
    const author = { by: options.by, now: tools.clock.now() };
    recordMove(tables, notCompleted(run, event, back, reason, output), author);
  });
  const said = output?.trimEnd().split('\n').at(-1);
  return new LedgerError(
    code,
    problem(
      'refused',
      'degraded',
      words`${plainName(id)} was not completed and is ${back} again: ${reason}`,
      said ? words`its last line: ${plainName(said)}` : words`its history has the details`,
    ),
  );
}

/** Releases the claim after all hooks: from then on, tasks that wait for this one may begin. */
function release(tables: LedgerTables, { id, claim }: Completion): void {
  tables.releaseClaim(id, claim);
}

function actionsBefore({ verification, beforeCompletion }: TaskDefinition, force: boolean): TaskAction[] {
  return [...(verification && !force ? [verification] : []), ...beforeCompletion];
}
