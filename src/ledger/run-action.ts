import { type Clock, sleep } from '../clock.ts';
import { errorMessage, problem } from '../model/problem.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import type { Environment } from '../storage/home.ts';
import { LedgerError } from './ledger-error.ts';
import type { ActionOutcome } from './run-command.ts';
import { ownerRefusal } from './task-commands.ts';
import type { FunctionAction, TaskAction, TaskRecord } from './types.ts';

/** The argument of a registered function. */
export interface ActionContext {
  readonly task: TaskRecord;
  /** Aborts at the time limit, and when the caller cancels. */
  readonly signal: AbortSignal;
}

/**
 * A verification, hook or rollback that a program registers under a name. It fails by throwing, or by returning `false`; a
 * string that it returns is kept as its output.
 */
export type ActionFunction = (context: ActionContext) => unknown;

/** What running actions needs. */
export interface ActionRunner {
  readonly functions: Readonly<Record<string, ActionFunction>>;
  /** The environment for commands, to which variables about the task are added. */
  readonly env: Environment;
  /** The ledger's file. */
  readonly path: string;
  /** Whether to run commands even if the file belongs to somebody else. */
  readonly allowCommands: boolean;
  readonly clock: Clock;
}

/** Runs an action for a task. Never rejects: errors are part of the outcome. */
export async function runAction(
  action: TaskAction,
  task: TaskRecord,
  runner: ActionRunner,
  signal?: AbortSignal,
): Promise<ActionOutcome> {
  if ('function' in action) return runFunction(action, task, runner, signal);
  const { runCommand } = await import('./run-command.ts');
  return runCommand(
    action,
    { ...runner.env, ...variablesOf(task, runner.path) },
    { clock: runner.clock, signal },
  );
}

/** Throws a `LedgerError` if an action needs a function that is not registered, or a command that is not allowed. */
export function refuseUnrunnable(actions: readonly TaskAction[], runner: ActionRunner): void {
  for (const action of actions) {
    const refusal = 'command' in action && !runner.allowCommands ? ownerRefusal(runner.path) : null;
    if (refusal) throw refusal;
    if (!('function' in action) || Object.hasOwn(runner.functions, action.function)) continue;
    throw new LedgerError(
      'unknown-function',
      problem(
        'not-allowed',
        'degraded',
        words`this program has no function ${plainName(action.function)}`,
        'ask the program that registers it; --force skips the verification',
      ),
    );
  }
}

/** Returns an action's name for messages: its own, or else what it runs. */
export function titleOf(action: TaskAction): PlainText {
  if (action.name !== null) return plainName(action.name);
  if ('function' in action) return plainName(action.function);
  const typed = typeof action.command === 'string' ? action.command : action.command.join(' ');
  const line = plainName(typed);
  return line.length > 60 ? words`${line.slice(0, 59)}…` : line;
}

async function runFunction(
  action: FunctionAction,
  task: TaskRecord,
  { functions, clock }: ActionRunner,
  signal?: AbortSignal,
): Promise<ActionOutcome> {
  const startedAt = clock.monotonic();
  const limit = new AbortController();
  const over = new AbortController();
  const context = { task, signal: AbortSignal.any([limit.signal, ...(signal ? [signal] : [])]) };
  const outcome = (ok: boolean, reason: PlainText | null, output: string | null = null) => {
    return { ok, reason, output, durationMs: clock.monotonic() - startedAt };
  };
  const interrupted = new Promise<ActionOutcome>((resolve) => {
    const tell = () => resolve(outcome(false, words`it was interrupted`));
    if (signal?.aborted) tell();
    signal?.addEventListener('abort', tell, { once: true, signal: over.signal });
  });
  const late = sleep(clock, action.timeoutMs, over.signal).then(() => {
    limit.abort();
    return outcome(false, words`it did not end within ${action.timeoutMs / 1000} s`);
  });
  const answered = (async () => functions[action.function]?.(context))().then(
    (answer) => outcome(answer !== false, answer === false ? words`it returned false` : null, textOf(answer)),
    (error: unknown) => outcome(false, plainName(errorMessage(error))),
  );
  const first = await Promise.race([answered, late, interrupted]);
  over.abort();
  return first;
}

function textOf(answer: unknown): string | null {
  return typeof answer === 'string' && answer !== '' ? answer : null;
}

/** Returns the environment variables that describe a task to a command. */
function variablesOf({ definition, status }: TaskRecord, path: string): Record<string, string> {
  return {
    TASKGLASS_LEDGER: path,
    TASKGLASS_TASK_ID: definition.id,
    TASKGLASS_TASK_NAME: definition.name,
    TASKGLASS_TASK_RUN: String(status.run),
    TASKGLASS_TASK_ATTEMPT: String(status.attempt),
    TASKGLASS_TASK_STATUS: status.status,
    TASKGLASS_TASK_RESULT: status.result ?? '',
    TASKGLASS_TASK_ERROR: status.error ?? '',
  };
}
