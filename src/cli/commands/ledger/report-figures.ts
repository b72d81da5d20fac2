import type { Durations, LedgerReport } from '../../../ledger/report/types.ts';
import { joined, type PlainText, plainName, words } from '../../../model/text.ts';
import { plural } from '../../../present/count.ts';
import { durationText } from '../../../present/duration.ts';

/** Returns the figures above a report's tables: their names, and their values in words. */
export function headFigures(report: LedgerReport): [name: PlainText, value: PlainText][] {
  const { tasks, attempts, durations, throughput } = report;
  const statuses = Object.entries(tasks.byStatus).map(
    ([status, count]) => words`${count} ${plainName(status)}`,
  );
  const each = attempts.perCompletedTask;
  return [
    [words`Tasks`, joined([plural(tasks.total, 'task'), ...statuses], ', ')],
    [words`Completion rate`, rateText(report.completionRate, words`of all tasks`)],
    [words`Success rate`, rateText(report.successRate, words`of the attempts that completed or failed`)],
    [words`Duration`, durationsText(durations)],
    [
      words`Attempts`,
      words`${attempts.ended} ended${each === null ? '' : words`, ${each} per completed task`}`,
    ],
    [words`Throughput`, throughput.perDay === null ? words`-` : words`${throughput.perDay} completed a day`],
  ];
}

/** Returns the period that the report covers. */
export function periodText({ since, generatedAt }: LedgerReport): PlainText {
  return since === null
    ? words`everything until ${stamp(generatedAt)}`
    : words`${stamp(since)} to ${stamp(generatedAt)}`;
}

export function durationsText({ count, medianMs, p95Ms }: Durations): PlainText {
  if (medianMs === null || p95Ms === null) return words`-`;
  return words`median ${durationText(medianMs)}, p95 ${durationText(p95Ms)} (${count} measured)`;
}

export function rateText(rate: number | null, of: PlainText = words``): PlainText {
  return rate === null ? words`-` : words`${rate}%${of === '' ? '' : words` ${of}`}`;
}

/** Returns a time in UTC, because reports are read elsewhere. */
export function stamp(ms: number): PlainText {
  return plainName(`${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')}Z`);
}
