import { median } from '../model/median.ts';
import type { BandScore } from '../model/run.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { plural } from './count.ts';
import { durationText, momentText } from './duration.ts';
import type { Line } from './line.ts';
import type { RenderContext } from './render-context.ts';
import { type TableColumn, tableLines } from './table.ts';

/** A job of the run history, as a row of the table. Times in ms, durations shortest first. */
interface Job {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  /** Empty if unknown. */
  readonly cwd: string;
  readonly steps: readonly string[];
  readonly runs: { readonly completed: number; readonly failed: number; readonly cancelled: number };
  readonly durationsMs: readonly number[];
  readonly lastRunAt: number;
  readonly score: BandScore;
}

const COLUMNS: readonly TableColumn[] = [
  { title: words`NO`, align: 'right' },
  { title: words`JOB`, yields: 1 },
  { title: words`IN`, yields: 1, isDispensable: true },
  { title: words`FROM`, yields: 2 },
  { title: words`STEPS`, align: 'right' },
  { title: words`RUNS`, align: 'right' },
  { title: words`FAILED`, align: 'right' },
  { title: words`USUALLY`, align: 'right' },
  { title: words`SHORTEST`, align: 'right' },
  { title: words`LONGEST`, align: 'right' },
  { title: words`BAND HELD`, align: 'right' },
  { title: words`LAST RUN` },
];

/** Returns the jobs of the history as a table. */
export function jobLines(
  jobs: readonly Job[],
  context: Pick<RenderContext, 'width' | 'ascii' | 'nowMs' | 'timeZone'>,
): Line[] {
  const hasDirectories = jobs.some(({ cwd }) => cwd !== '');
  const isShown = (_: unknown, index: number) => hasDirectories || COLUMNS[index]?.title !== 'IN';
  return tableLines(
    COLUMNS.filter(isShown),
    jobs.map(({ id, name, cwd, kind, steps, runs, durationsMs, lastRunAt, score }) => {
      const took = (ms: number | null = null) => (ms === null ? words`` : durationText(ms));
      return [
        words`${id}`,
        plainName(name),
        plainName(cwd),
        plainName(kind),
        words`${steps.length}`,
        words`${runs.completed}`,
        runs.failed === 0 ? words`` : words`${runs.failed}`,
        took(median(durationsMs)),
        took(durationsMs[0]),
        took(durationsMs.at(-1)),
        score.foretold === 0 ? words`` : words`${score.held} of ${score.foretold}`,
        momentText(lastRunAt, context.nowMs, context.timeZone),
      ].filter(isShown);
    }),
    context,
  );
}

/** Returns `80 % band held 79 % of 214 tasks`: how far to trust the bands. */
export function bandScoreText({ foretold, held }: BandScore): PlainText {
  if (foretold === 0) return words`no estimate has been checked yet`;
  return words`80 % band held ${Math.round((100 * held) / foretold)} % of ${plural(foretold, 'task')}`;
}
