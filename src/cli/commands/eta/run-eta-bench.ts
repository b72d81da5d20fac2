import path from 'node:path';
import { createEstimator } from '../../../eta/create-estimator.ts';
import type { Io } from '../../../io/io.ts';
import { print, printJson } from '../../../io/print.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { joined, plainName, plainText, words } from '../../../model/text.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { readTraces } from './read-traces.ts';
import { createRuleOfThree } from './rule-of-three.ts';
import { meanScore, type Part, type Score, type Scores, scoreTraces } from './score.ts';
import type { Trace } from './trace.ts';
import { type FirstCall, scoreWaits } from './wait-score.ts';

/**
 * Prints how good the ETAs would have been on recorded runs, beside those of the rule of three. Resolves with the exit code.
 */
export async function runEtaBench(
  directories: readonly string[],
  options: { readonly json?: boolean },
  io: Io,
): Promise<number> {
  const traces = await readTraces(directories.map((directory) => path.resolve(io.cwd, directory)));
  if ('kind' in traces) return refuse(io, traces, traces.kind === 'malformed' ? EXIT.usage : EXIT.noSource);
  if (traces.length === 0) return refuse(io, nothingIn(directories), EXIT.noSource);

  const scores = {
    taskglass: scoreTraces(traces, createEstimator),
    'rule of three': scoreTraces(traces, createRuleOfThree),
  };
  const counts = { jobs: scores.taskglass.all.size, traces: traces.length };
  const waits = waitsOf(traces);
  if (options.json) printJson(io, { ...documentOf(scores, counts), waits });
  else print(io, plainText([tablesOf(scores, counts), waitTable(waits)].join('\n')));
  return EXIT.ok;
}

type Compared = Readonly<Record<string, Scores>>;

const PARTS: Readonly<Record<Part, string>> = {
  cold: 'first runs of a job',
  warm: 'later runs, with the earlier ones known',
  all: 'all runs',
};

const COLUMNS: readonly (readonly [keyof Score, string])[] = [
  ['error', 'error %'],
  ['median', 'median %'],
  ['p90', 'p90 %'],
  ['none', 'none %'],
  ['jitter', 'jitter %'],
  ['cover', 'band held %'],
  ['width', 'band width %'],
];

/** Returns tables in Markdown; their figures are percentages of the whole duration. */
function tablesOf(scores: Compared, { jobs, traces }: { jobs: number; traces: number }): string {
  const tables = Object.entries(PARTS).map(([part, title]) => {
    const rows = Object.entries(scores).map(([name, parts]) => {
      const score = meanScore(parts[part as Part]);
      return [name, ...COLUMNS.map(([key]) => percent(score[key]))];
    });
    const head = ['', ...COLUMNS.map(([, words]) => words)];
    return [title, '', ...aligned([head, ...rows]), ''].join('\n');
  });
  return [`${jobs} jobs, ${traces} runs`, '', ...tables].join('\n');
}

/** Waiting costs an agent less the more earlier runs of a job are known. */
const EARLIER = [1, 3, 5];
const FIRST_CALLS: readonly FirstCall[] = ['at once', 'when told'];

function waitsOf(traces: readonly Trace[]) {
  return EARLIER.flatMap((earlier) =>
    FIRST_CALLS.map((first) => ({
      earlier,
      first,
      ...scoreWaits(traces, createEstimator, { earlier, first }),
    })),
  );
}

/** Returns, as a table in Markdown, what it costs an agent to learn of the end by `wait_for`. */
function waitTable(waits: ReturnType<typeof waitsOf>): string {
  const head = ['earlier runs', 'first call', 'jobs', 'runs', 'calls', 'late s', 'late %'];
  const rows = waits.map(({ earlier, first, jobs, runs, calls, lateS, late }) => [
    `at least ${earlier}`,
    first,
    String(jobs),
    String(runs),
    Number.isNaN(calls) ? '–' : calls.toFixed(2),
    Number.isNaN(lateS) ? '–' : lateS.toFixed(1),
    percent(late),
  ]);
  return ["an agent's wait_for, called again after check_again_in", '', ...aligned([head, ...rows]), ''].join(
    '\n',
  );
}

function aligned([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)];
}

/** Returns the JSON document. A figure that is NaN, because there was nothing to judge, becomes null. */
function documentOf(scores: Compared, counts: { jobs: number; traces: number }): object {
  const estimators = Object.fromEntries(
    Object.entries(scores).map(([name, parts]) => [
      name,
      Object.fromEntries(
        Object.keys(PARTS).map((part) => [
          part,
          { ...meanScore(parts[part as Part]), byJob: Object.fromEntries(parts[part as Part]) },
        ]),
      ),
    ]),
  );
  return { version: 1, ...counts, estimators };
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : (100 * share).toFixed(1);
}

function nothingIn(directories: readonly string[]): Problem {
  return problem(
    'missing',
    'down',
    words`${joined(directories.map(plainName), ', ')}: no traces (*.ndjson) there`,
    'taskglass record --out DIR writes some',
  );
}
