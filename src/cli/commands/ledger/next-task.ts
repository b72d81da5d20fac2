import { plainName } from '../../../model/text.ts';
import { textLine } from '../../../present/line.ts';
import { complain, EXIT } from '../../process/exit.ts';
import { printTask } from './move-task.ts';
import { JOB_FILTER, MODULE_FILTER } from './options.ts';
import { countLine } from './task-words.ts';
import type { Verb } from './verb.ts';

export const nextTask: Verb = {
  name: 'next-task',
  about: 'print the most urgent task that is ready to start',
  examples: [
    'taskglass ledger next-task',
    'id=$(taskglass ledger next-task --start --id) && ./work.sh "$id"',
  ],
  options: [
    { flags: '--start', about: 'also start it; no two callers get the same task' },
    { flags: '--id', about: 'print only its id' },
    JOB_FILTER,
    MODULE_FILTER,
  ],
  async run({ options, openLedger, print, io }) {
    const ledger = await openLedger();
    const { job, module } = options as { job?: string; module?: string };
    const filters = { ...(job === undefined ? {} : { job }), ...(module === undefined ? {} : { module }) };
    const record = await ledger.next({ ...filters, start: options.start === true });
    if (record && options.id) print(record.definition.id, () => [textLine(plainName(record.definition.id))]);
    else if (record) printTask(record, { print });
    else {
      print(null, () => []);
      const open = await ledger.query({ ...filters, status: ['pending', 'in_progress', 'completing'] });
      complain(io, {
        message: plainName(
          `next-task: nothing is ready (${open.length > 0 ? countLine(open) : 'nothing is pending'})`,
        ),
      });
    }
    return EXIT.ok;
  },
};
