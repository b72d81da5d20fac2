import type { Durations, LedgerReport } from '../../../ledger/report/types.ts';
import { plainName } from '../../../model/text.ts';
import { plural } from '../../../present/count.ts';
import { durationText } from '../../../present/duration.ts';

/** Returns the figures above a report's tables: their names, and their values in words. */
export function headFigures(report: LedgerReport): [name: string, value: string][] {
  const { tasks, attempts, durations, throughput } = report;
  const statuses = Object.entries(tasks.byStatus).map(([status, count]) => `${count} ${plainName(status)}`);
  const each = attempts.perCompletedTask;
  return [
    ['Tasks', [plural(tasks.total, 'task'), ...statuses].join(', ')],
    ['Completion rate', rateText(report.completionRate, 'of all tasks')],
    ['Success rate', rateText(report.successRate, 'of the attempts that completed or failed')],
    ['Duration', durationsText(durations)],
    ['Attempts', `${attempts.ended} ended${each === null ? '' : `, ${each} per completed task`}`],
    ['Throughput', throughput.perDay === null ? '-' : `${throughput.perDay} completed a day`],
  ];
}

/** Returns the period that the report covers. */
export function periodText({ since, generatedAt }: LedgerReport): string {
  return since === null
    ? `everything until ${stamp(generatedAt)}`
    : `${stamp(since)} to ${stamp(generatedAt)}`;
}

export function durationsText({ count, medianMs, p95Ms }: Durations): string {
  if (medianMs === null || p95Ms === null) return '-';
  return `median ${durationText(medianMs)}, p95 ${durationText(p95Ms)} (${count} measured)`;
}

export function rateText(rate: number | null, of = ''): string {
  return rate === null ? '-' : `${rate}%${of && ` ${of}`}`;
}

/** Returns a time in UTC: reports are read elsewhere. */
export function stamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
