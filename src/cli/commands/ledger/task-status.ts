import type { LedgerStatus } from '../../../ledger/sql/words.ts';
import { EXIT } from '../../process/exit.ts';
import { taskCard } from './task-card.ts';
import { taskDetailDocument } from './task-document.ts';
import type { Verb } from './verb.ts';

export const taskStatus: Verb = {
  name: 'task-status',
  form: '<id>',
  about: 'show one task: status, steps, notes, history',
  examples: [
    'taskglass ledger task-status nightly-report',
    'taskglass ledger task-status nightly-report --exit-status && echo done',
  ],
  options: [
    {
      flags: '--exit-status',
      about: 'exit 0 if it is completed, 4 if failed, 5 if cancelled, 6 if it has not ended',
    },
  ],
  async run({ args: [id = ''], options, openLedger, print }) {
    const ledger = await openLedger();
    const record = await ledger.get(id);
    const [notes, history] = await Promise.all([ledger.notes(id), ledger.history({ task: id })]);
    print(taskDetailDocument(record, notes, history), (page) => taskCard(record, { notes, history }, page));
    return options.exitStatus ? exitStatusOf(record.status.status) : EXIT.ok;
  },
};

function exitStatusOf(status: LedgerStatus): number {
  switch (status) {
    case 'completed':
      return EXIT.ok;
    case 'failed':
      return EXIT.failed;
    case 'cancelled':
      return EXIT.cancelled;
    default:
      return EXIT.notEnded;
  }
}
