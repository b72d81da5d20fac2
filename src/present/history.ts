import { median } from '../model/median.ts';
import type { BandScore } from '../model/run.ts';
import { plural } from './count.ts';
import { durationText, momentText } from './duration.ts';
import type { Line } from './line.ts';
import type { RenderContext } from './render-context.ts';
import { tableLines } from './table.ts';

/** What is remembered of one job, as far as it is shown. Times in ms, durations shortest first. */
interface Job {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  /** Empty where it is not known. */
  readonly cwd: string;
  readonly steps: readonly string[];
  readonly runs: { readonly completed: number; readonly failed: number; readonly cancelled: number };
  readonly durationsMs: readonly number[];
  readonly lastRunAt: number;
  readonly score: BandScore;
}

const COLUMNS = [
  { title: 'NO', align: 'right' },
  { title: 'JOB', yields: 1 },
  { title: 'IN', yields: 1, isDispensable: true },
  { title: 'FROM', yields: 2 },
  { title: 'STEPS', align: 'right' },
  { title: 'RUNS', align: 'right' },
  { title: 'FAILED', align: 'right' },
  { title: 'USUALLY', align: 'right' },
  { title: 'SHORTEST', align: 'right' },
  { title: 'LONGEST', align: 'right' },
  { title: 'BAND HELD', align: 'right' },
  { title: 'LAST RUN' },
] as const;

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
      const took = (ms: number | null = null) => (ms === null ? '' : durationText(ms));
      return [
        String(id),
        name,
        cwd,
        kind,
        String(steps.length),
        String(runs.completed),
        runs.failed === 0 ? '' : String(runs.failed),
        took(median(durationsMs)),
        took(durationsMs[0]),
        took(durationsMs.at(-1)),
        score.foretold === 0 ? '' : `${score.held} of ${score.foretold}`,
        momentText(lastRunAt, context.nowMs, context.timeZone),
      ].filter(isShown);
    }),
    context,
  );
}

/** Returns `80 % band held 79 % of 214 tasks`: how far to trust the bands. */
export function bandScoreText({ foretold, held }: BandScore): string {
  if (foretold === 0) return 'no estimate has been checked yet';
  return `80 % band held ${Math.round((100 * held) / foretold)} % of ${plural(foretold, 'task')}`;
}
