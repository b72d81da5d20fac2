import { printData } from '../../../io/print.ts';
import { createReport } from '../../../ledger/report.ts';
import { oneOf } from '../../config/option-values.ts';
import { EXIT } from '../../process/exit.ts';
import { scheduledJobs } from './jobs.ts';
import { JOB_FILTER, MODULE_FILTER, SINCE } from './options.ts';
import { readReportInput } from './read-report.ts';
import { reportMarkdown } from './report-markdown.ts';
import { reportTable } from './report-table.ts';
import { jsonText } from './task-document.ts';
import type { Verb } from './verb.ts';

const FORMATS = ['table', 'json', 'markdown'] as const;

export const report: Verb = {
  name: 'report',
  about: 'show rates, durations, failures and job health',
  examples: ['taskglass ledger report --since 7d', 'taskglass ledger report --format markdown > report.md'],
  options: [
    {
      flags: '--format <word>',
      about: `the output format: ${FORMATS.join(', ')}`,
      byDefault: 'table',
      ...oneOf(FORMATS),
    },
    { ...SINCE, about: 'count only runs that ended since then: 24h, 7d, 2026-11-01' },
    JOB_FILTER,
    MODULE_FILTER,
  ],
  async run(call) {
    const { options, isJson, openLedger, print, io } = call;
    const { since, job, module } = options as { since?: number; job?: string; module?: string };
    const ledger = await openLedger();
    const filters = { ...(job === undefined ? {} : { job }), ...(module === undefined ? {} : { module }) };
    const jobs = await scheduledJobs(ledger, call);
    const nowMs = io.clock.now();
    const input = await readReportInput(ledger, jobs, filters);
    const document = createReport(input, { nowMs, ...(since === undefined ? {} : { since }) });

    if (!isJson && options.format === 'markdown') printData(io, reportMarkdown(document).join('\n'));
    else if (options.format === 'json') printData(io, jsonText(document));
    else print(document, (page) => reportTable(document, page));
    return EXIT.ok;
  },
};
