import { moving } from './move-task.ts';
import { refusal } from './refusal.ts';
import type { Verb } from './verb.ts';

export const note: Verb = {
  name: 'note',
  form: '<id> <text>',
  about: 'add a note to a task',
  examples: ['taskglass ledger note nightly-report "the disk is nearly full"'],
  run: moving(async ({ args: [id = '', text = ''], openLedger }) => {
    if (text.trim() === '') throw refusal('the note is empty', 'put the text after the id, in quotes');
    return (await openLedger()).note(id, text);
  }),
};
