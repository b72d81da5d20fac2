import type { Io } from '../../../io/io.ts';
import { whoAsks } from '../../../io/who-asks.ts';
import { LedgerError } from '../../../ledger/ledger-error.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { words } from '../../../model/text.ts';
import { openLedgerReporter } from '../../../publish/ledger/reporter.ts';
import type { Reporter } from '../../../publish/report.ts';
import type { Hearing } from './options.ts';

/** Opens ledgers in which the run is a task whose id is the run's name: run again, it is the next run of the same task. */
export async function openLedgerTargets(
  paths: readonly string[],
  id: string,
  { onProblem, ...retry }: Hearing,
  io: Io,
): Promise<Reporter[] | { readonly kind: 'refused'; readonly problem: Problem }> {
  const { env, clock } = io;
  const options = {
    id,
    env,
    clock,
    by: whoAsks(),
    onProblem: (said: Problem) => onProblem(inRun(said)),
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
  return problem(kind, severity, words`run: ${message}`, hint);
}
