import type { Clock } from '../../clock.ts';
import { LedgerError } from '../../ledger/ledger-error.ts';
import { TaskTrackingService } from '../../ledger/service.ts';
import type { TaskRecord } from '../../ledger/types.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { shellWord } from '../../model/shell-word.ts';
import { joined, plainName, words } from '../../model/text.ts';
import type { Environment } from '../../storage/home.ts';
import type { Report, Reporter } from '../report.ts';
import { createProgressWriter } from './progress-writer.ts';

export interface LedgerReporterOptions {
  readonly path: string;
  /** The task that is worked on; it is registered if the ledger does not know it. */
  readonly id: string;
  readonly env: Environment;
  readonly clock: Clock;
  readonly by: string;
  /** Does the work again, because somebody has reset the task after it ended. Without it, nobody listens. */
  readonly onRetry?: () => void;
  readonly onProblem: (problem: Problem) => void;
}

/**
 * Reports work as one task of a ledger, run after run: cancelling the task there cancels the work, and a completion counts only
 * if the task's verification passes. Rejects with a `LedgerError` if the work may not begin.
 */
export async function openLedgerReporter(options: LedgerReporterOptions): Promise<Reporter> {
  const { id, onProblem } = options;
  const ledger = await TaskTrackingService.open(options);
  try {
    await prepare(ledger, id);
  } catch (error) {
    await ledger.close();
    throw error;
  }
  let abort: AbortController | null = null;
  let isStarting = false;
  ledger.on(({ task, event }) => {
    if (task !== id) return;
    if (event === 'cancelled') abort?.abort();
    if (event === 'reset' && !abort && !isStarting) options.onRetry?.();
  });

  return {
    async start() {
      const own = new AbortController();
      isStarting = true;
      const task = await begin(ledger, id).catch(tellingTo(onProblem));
      isStarting = false;
      abort = own;
      return reportOn(task, { ledger, abort: own, ended: () => (abort = null), ...options });
    },
    close: () => ledger.close(),
  };
}

/** Checks before anything is run: the task must be free, and its dependencies completed. */
async function prepare(ledger: TaskTrackingService, id: string): Promise<void> {
  const [known] = await ledger.query({ ids: [id] });
  if (!known) await ledger.register({ id });
  else if (known.status.status === 'in_progress' || known.status.status === 'completing')
    throw underWay(known, ledger.path);
  else if (known.waitsFor.length > 0) throw notYet(known);
}

/** Begins the task. One that has ended begins its next attempt or run. */
async function begin(ledger: TaskTrackingService, id: string): Promise<TaskRecord> {
  const { status } = await ledger.get(id);
  if (status.status !== 'pending') await ledger.reset(id);
  return ledger.start(id);
}

/** Returns the report of a task. If the task could not be started, it reports nothing, and the work continues. */
function reportOn(
  task: TaskRecord | undefined,
  context: Pick<LedgerReporterOptions, 'id' | 'clock' | 'onProblem'> & {
    readonly ledger: TaskTrackingService;
    readonly abort: AbortController;
    readonly ended: () => void;
  },
): Report {
  const { ledger, id, abort, onProblem } = context;
  const { signal } = abort;
  const writer = createProgressWriter({
    steps: task?.status.steps.length ?? 0,
    clock: context.clock,
    write: (change) =>
      task && !signal.aborted ? ledger.update(id, change).then(() => {}) : Promise.resolve(),
    onError: tellingTo(onProblem),
  });
  const end = async (tell: () => Promise<unknown>) => {
    await writer.flush();
    if (task && !signal.aborted) await tell().catch(tellingTo(onProblem));
    context.ended();
  };
  const complete = async (result?: string) => {
    try {
      await ledger.complete(id, result === undefined ? {} : { result });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const why = error.code === 'commands' ? error.problem.message : await whyNotCompleted(ledger, id);
      await ledger.fail(id, { error: why });
      throw new LedgerError(
        error.code,
        problem('refused', 'degraded', plainName(`${id} counts as failed: ${why}`)),
      );
    }
  };
  return {
    id,
    signal,
    setSteps: (names) => writer.setCount(names.length),
    step: (index, status, progress) => writer.tell(index, status, progress),
    tell() {}, // the ledger keeps what was done, forever
    complete: (result) => end(() => complete(result)),
    fail: (error) => end(() => ledger.fail(id, { error })),
    cancel: () => end(() => ledger.cancel(id)),
  };
}

function isRefusal(error: unknown): error is LedgerError {
  return error instanceof LedgerError && ['verification', 'hook', 'commands'].includes(error.code);
}

/** Returns the reason in the history for the last completion that was refused or withdrawn. */
async function whyNotCompleted(ledger: TaskTrackingService, id: string): Promise<string> {
  const history = await ledger.history({ task: id });
  const last = history.findLast(({ event }) => event === 'refused' || event === 'revoked');
  return last?.reason ?? 'its completion was refused';
}

/** Returns a handler for errors. Publishing never fails the work: a refusal is reported. Anything else is a bug. */
function tellingTo(onProblem: (problem: Problem) => void): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof LedgerError)) throw error;
    onProblem(error.problem);
  };
}

function underWay({ definition, status }: TaskRecord, path: string): LedgerError {
  const id = plainName(definition.id);
  return new LedgerError(
    'move',
    problem(
      'not-allowed',
      'down',
      words`${id} is already ${status.status}`,
      words`if nobody works on it: taskglass ledger reset-task ${shellWord(definition.id)} --db ${shellWord(path)}`,
    ),
  );
}

function notYet({ definition, waitsFor }: TaskRecord): LedgerError {
  const needed = joined(waitsFor.map(plainName), ', ');
  return new LedgerError(
    'dependencies',
    problem(
      'not-allowed',
      'down',
      words`${plainName(definition.id)} waits for ${needed}`,
      'complete these first',
    ),
  );
}
