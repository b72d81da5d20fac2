import { type Problem, problem } from '../../../model/problem.ts';
import { LedgerError } from '../../../sources/ledger/ledger-error.ts';
import { openLedgerReporter } from '../../../sources/ledger/reporter.ts';
import type { Reporter } from '../../../sources/report.ts';
import { whoAsks } from '../../../sources/who-asks.ts';
import { complain } from '../../exit.ts';
import type { Io } from '../../io.ts';

/** The run as a task of ledgers, whose id is the run's name: run again, it is the next run of the same task. */
export async function openLedgerTargets(
  paths: readonly string[],
  id: string,
  retry: { readonly onRetry?: () => void },
  io: Io,
): Promise<Reporter[] | { readonly kind: 'refused'; readonly problem: Problem }> {
  const { env, clock } = io;
  const options = {
    id,
    env,
    clock,
    by: whoAsks(),
    onProblem: (said: Problem) => complain(io, inRun(said)),
    ...retry,
  };
  const reporters: Reporter[] = [];
  try {
    for (const path of paths) reporters.push(await openLedgerReporter({ ...options, path }));
    return reporters;
  } catch (error) {
    await Promise.all(reporters.map((reporter) => reporter.close()));
    if (!(error instanceof LedgerError)) throw error;
    return { kind: 'refused', problem: inRun(error.problem) };
  }
}

function inRun({ kind, severity, message, hint }: Problem): Problem {
  return problem(kind, severity, `run: ${message}`, hint);
}
