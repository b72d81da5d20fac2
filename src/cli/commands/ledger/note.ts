import { moving } from './move-task.ts';
import type { Verb } from './verb.ts';

export const note: Verb = {
  form: 'note <id> <text>',
  about: 'add a note to a task',
  examples: ['taskglass ledger note nightly-report "the disk is nearly full"'],
  run: moving(async ({ args: [id = '', text = ''], openLedger }) => (await openLedger()).note(id, text)),
};
