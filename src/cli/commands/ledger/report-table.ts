import type { JobHealth, JobReport, LedgerReport } from '../../../ledger/report/types.ts';
import { plainName } from '../../../model/text.ts';
import { durationText, momentText } from '../../../present/duration.ts';
import { cutLine } from '../../../present/fit.ts';
import { bar } from '../../../present/glyphs.ts';
import { BLANK_LINE, type Line, type Segment, segment, type Tone } from '../../../present/line.ts';
import { tableLines } from '../../../present/table.ts';
import { headFigures, periodText, rateText } from './report-figures.ts';
import type { Page } from './verb.ts';

/** What of a long list is shown; JSON has all. */
const SHOWN_FAILURES = 10;
const SHOWN_DAYS = 14;
const BAR_WIDTH = 20;

/** Returns a report for people: figures, failures, days, jobs. */
export function reportTable(report: LedgerReport, page: Page): Line[] {
  const sections = [
    headLines(report, page),
    failureLines(report, page),
    dayLines(report, page),
    jobLines(report, page),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index > 0 ? [BLANK_LINE, ...lines] : lines));
}

function headLines(report: LedgerReport, { width, ascii }: Page): Line[] {
  const rows: [string, string][] = [['Period', periodText(report)], ...headFigures(report)];
  return rows.map(([name, value]) =>
    cutLine([segment(name.padEnd(17), 'dim'), segment(value)], width, ascii),
  );
}

function failureLines({ failures }: LedgerReport, page: Page): Line[] {
  if (failures.length === 0) return [];
  const columns = [
    { title: 'FAILED', align: 'right' as const },
    { title: 'LAST' },
    { title: left('REASON', failures.length, SHOWN_FAILURES), yields: 1 },
  ];
  const rows = failures
    .slice(0, SHOWN_FAILURES)
    .map(({ reason, count, lastAt }) => [
      String(count),
      momentText(lastAt, page.nowMs),
      segment(plainName(reason), 'bad'),
    ]);
  return tableLines(columns, rows, page);
}

function dayLines({ throughput: { days } }: LedgerReport, page: Page): Line[] {
  if (days.length === 0) return [];
  const shown = days.slice(-SHOWN_DAYS);
  const most = shown.reduce((max, { completed }) => Math.max(max, completed), 1);
  const columns = [
    { title: left('DAY', days.length, SHOWN_DAYS) },
    { title: 'COMPLETED', align: 'right' as const },
    { title: 'FAILED', align: 'right' as const },
    { title: '' },
  ];
  const rows = shown.map(({ day, completed, failed }) => {
    const length = Math.round((completed / most) * BAR_WIDTH);
    return [
      day,
      String(completed),
      failed === 0 ? '' : String(failed),
      segment(bar(100, length, page.ascii), 'ok'),
    ];
  });
  return tableLines(columns, rows, page);
}

const HEALTH_TONES: Readonly<Record<JobHealth, Tone>> = {
  ok: 'ok',
  failing: 'bad',
  stale: 'wait',
  overdue: 'wait',
  unknown: 'dim',
};

function jobLines({ jobs }: LedgerReport, page: Page): Line[] {
  if (jobs.length === 0) return [];
  const isScheduled = jobs.some(({ runs }) => runs !== null);
  const columns = [
    { title: 'JOB', yields: 1 },
    { title: 'HEALTH' },
    { title: 'TASKS', align: 'right' as const },
    { title: 'OK', align: 'right' as const },
    { title: 'MEDIAN', align: 'right' as const, isDispensable: true },
    { title: 'P95', align: 'right' as const, isDispensable: true },
    { title: 'LAST END', isDispensable: true },
    ...(isScheduled ? [{ title: 'RUNS', isDispensable: true }] : []),
  ];
  const rows = jobs.map((job) => [...jobCells(job, page.nowMs), ...(isScheduled ? [runsText(job)] : [])]);
  return tableLines(columns, rows, page);
}

function jobCells(job: JobReport, nowMs: number): (string | Segment)[] {
  const { medianMs, p95Ms } = job.durations;
  return [
    plainName(job.job),
    segment(job.health, HEALTH_TONES[job.health]),
    String(job.tasks),
    rateText(job.successRate),
    medianMs === null ? '' : durationText(medianMs),
    p95Ms === null ? '' : durationText(p95Ms),
    job.lastEndedAt === null ? '' : momentText(job.lastEndedAt, nowMs),
  ];
}

function runsText({ runs }: JobReport): string {
  return runs === null ? '' : `${runs.completed} ok, ${runs.failed} failed`;
}

function left(title: string, length: number, shown: number): string {
  return length > shown ? `${title} (${shown} of ${length})` : title;
}
