import type { JobHealth, JobReport, LedgerReport } from '../../../ledger/report/types.ts';
import { type PlainText, plainName, words } from '../../../model/text.ts';
import { durationText, momentText } from '../../../present/duration.ts';
import { cutLine } from '../../../present/fit.ts';
import { bar } from '../../../present/glyphs.ts';
import { BLANK_LINE, type Line, type Segment, segment, type Tone } from '../../../present/line.ts';
import { tableLines } from '../../../present/table.ts';
import { headFigures, periodText, rateText } from './report-figures.ts';
import type { Page } from './verb.ts';

/** How much of a long list is shown; JSON has all of it. */
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
  const rows: [PlainText, PlainText][] = [[words`Period`, periodText(report)], ...headFigures(report)];
  return rows.map(([name, value]) =>
    cutLine([segment(name.padEnd(17), 'dim'), segment(value)], width, ascii),
  );
}

function failureLines({ failures }: LedgerReport, page: Page): Line[] {
  if (failures.length === 0) return [];
  const columns = [
    { title: words`FAILED`, align: 'right' as const },
    { title: words`LAST` },
    { title: left(words`REASON`, failures.length, SHOWN_FAILURES), yields: 1 },
  ];
  const rows = failures
    .slice(0, SHOWN_FAILURES)
    .map(({ reason, count, lastAt }) => [
      words`${count}`,
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
    { title: left(words`DAY`, days.length, SHOWN_DAYS) },
    { title: words`COMPLETED`, align: 'right' as const },
    { title: words`FAILED`, align: 'right' as const },
    { title: words`` },
  ];
  const rows = shown.map(({ day, completed, failed }) => {
    const length = Math.round((completed / most) * BAR_WIDTH);
    return [
      plainName(day),
      words`${completed}`,
      failed === 0 ? words`` : words`${failed}`,
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
    { title: words`JOB`, yields: 1 },
    { title: words`HEALTH` },
    { title: words`TASKS`, align: 'right' as const },
    { title: words`OK`, align: 'right' as const },
    { title: words`MEDIAN`, align: 'right' as const, isDispensable: true },
    { title: words`P95`, align: 'right' as const, isDispensable: true },
    { title: words`LAST END`, isDispensable: true },
    ...(isScheduled ? [{ title: words`RUNS`, isDispensable: true }] : []),
  ];
  const rows = jobs.map((job) => [...jobCells(job, page.nowMs), ...(isScheduled ? [runsText(job)] : [])]);
  return tableLines(columns, rows, page);
}

function jobCells(job: JobReport, nowMs: number): (PlainText | Segment)[] {
  const { medianMs, p95Ms } = job.durations;
  return [
    plainName(job.job),
    segment(job.health, HEALTH_TONES[job.health]),
    words`${job.tasks}`,
    rateText(job.successRate),
    medianMs === null ? words`` : durationText(medianMs),
    p95Ms === null ? words`` : durationText(p95Ms),
    job.lastEndedAt === null ? words`` : momentText(job.lastEndedAt, nowMs),
  ];
}

function runsText({ runs }: JobReport): PlainText {
  return runs === null ? words`` : words`${runs.completed} ok, ${runs.failed} failed`;
}

function left(title: PlainText, length: number, shown: number): PlainText {
  return length > shown ? words`${title} (${shown} of ${length})` : title;
}
