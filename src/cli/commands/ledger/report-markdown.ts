import type { JobReport, LedgerReport } from '../../../ledger/report/types.ts';
import { plainName } from '../../../model/text.ts';
import { durationsText, headFigures, periodText, rateText, stamp } from './report-figures.ts';

/** Returns a report as a Markdown document, line by line. */
export function reportMarkdown(report: LedgerReport): string[] {
  const { failures, throughput, jobs } = report;
  return [
    '# Tasks: report',
    '',
    `Period: ${periodText(report)}`,
    '',
    ...table(['Figure', 'Value'], headFigures(report)),
    ...section(
      'Failures',
      ['Count', 'Last', 'Reason'],
      failures.map(({ count, lastAt, reason }) => [String(count), stamp(lastAt), reason]),
    ),
    ...section(
      'Throughput',
      ['Day', 'Completed', 'Failed'],
      throughput.days.map(({ day, completed, failed }) => [day, String(completed), String(failed)]),
    ),
    ...section(
      'Jobs',
      ['Job', 'Health', 'Tasks', 'Success rate', 'Duration', 'Last end', 'Scheduler’s runs'],
      jobs.map(jobRow),
    ),
  ];
}

function jobRow(job: JobReport): string[] {
  const { runs } = job;
  return [
    job.job,
    job.health,
    String(job.tasks),
    rateText(job.successRate),
    durationsText(job.durations),
    job.lastEndedAt === null ? '-' : stamp(job.lastEndedAt),
    runs === null ? '-' : `${runs.completed} ok, ${runs.failed} failed`,
  ];
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', `## ${title}`, '', ...table(head, rows)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]) => `| ${cells.map(cellText).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

/** Escapes text from outside, so that it is not read as markup. */
function cellText(text: string): string {
  return plainName(text).replace(/[\\|`*_<>[\]]/gu, '\\$&');
}
