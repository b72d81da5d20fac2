import type {
  CancelOptions,
  CompleteOptions,
  FailOptions,
  ResetOptions,
  StartOptions,
} from '../../../ledger/options.ts';
import type { TaskRecord } from '../../../ledger/types.ts';
import { joined, plainName, words } from '../../../model/text.ts';
import { line, segment } from '../../../present/line.ts';
import { someText, wholeNumber } from '../../config/option-values.ts';
import { EXIT } from '../../process/exit.ts';
import { refusal } from './refusal.ts';
import { taskDocument } from './task-document.ts';
import { shownStatus, statusCell } from './task-words.ts';
import { ALLOW_COMMANDS, type Verb, type VerbCall } from './verb.ts';

/** The verbs that change one task's status; each prints the result. Their options are named like the service's. */

export const startTask: Verb = {
  name: 'start-task',
  form: '<id>',
  about: 'start work on a task',
  examples: ['taskglass ledger start-task nightly-report'],
  options: [
    { flags: '--force', about: 'start it even if its dependencies are not completed' },
    {
      flags: '--job-run <id>',
      about: 'the scheduler run it belongs to',
      takes: [],
      parse: wholeNumber(0),
    },
  ],
  run: moving(async ({ args: [id = ''], options, openLedger }) =>
    (await openLedger()).start(id, options as StartOptions),
  ),
};

export const completeTask: Verb = {
  name: 'complete-task',
  form: '<id>',
  about: 'verify a task, run its hooks, and complete it',
  examples: ['taskglass ledger complete-task nightly-report --result "1,200 rows"'],
  options: [
    { flags: '--result <text>', about: 'the result, in a few words' },
    {
      flags: '--force',
      about: 'complete it even if its verification fails or its dependencies are not completed',
    },
    ALLOW_COMMANDS,
  ],
  run: moving(async ({ args: [id = ''], options, openLedger, io }) =>
    (await openLedger()).complete(id, { ...(options as CompleteOptions), signal: io.signal }),
  ),
};

export const failTask: Verb = {
  name: 'fail-task',
  form: '<id>',
  about: 'mark a task as failed, and run its rollback',
  examples: ['taskglass ledger fail-task nightly-report --error "no disk space"'],
  options: [
    { flags: '--error <text>', about: 'why it failed', isRequired: true, parse: someText },
    ALLOW_COMMANDS,
  ],
  run: moving(async ({ args: [id = ''], options, openLedger, io }) =>
    (await openLedger()).fail(id, { ...(options as unknown as FailOptions), signal: io.signal }),
  ),
};

export const cancelTask: Verb = {
  name: 'cancel-task',
  form: '<id>',
  about: 'mark a task as cancelled, for its worker to see',
  examples: ['taskglass ledger cancel-task nightly-report --reason "not needed any more"'],
  options: [{ flags: '--reason <text>', about: 'why' }],
  run: moving(async ({ args: [id = ''], options, openLedger }) =>
    (await openLedger()).cancel(id, options as CancelOptions),
  ),
};

export const resetTask: Verb = {
  name: 'reset-task',
  form: '<id>',
  about: 'make a task pending again: a new attempt or run',
  examples: [
    'taskglass ledger reset-task nightly-report',
    'taskglass ledger reset-task nightly-report --new-run',
  ],
  options: [{ flags: '--new-run', about: 'begin a new run even if this one was not completed' }],
  run: moving(async ({ args: [id = ''], options, openLedger }) =>
    (await openLedger()).reset(id, options as ResetOptions),
  ),
};

/** Returns a verb's `run` that makes a change and prints the resulting task. */
export function moving(move: (call: VerbCall) => Promise<TaskRecord>): Verb['run'] {
  return async (call) => {
    if (call.args[0] === '') throw refusal('the id is empty', 'taskglass ledger list-tasks lists the ids');
    printTask(await move(call), call);
    return EXIT.ok;
  };
}

/** Prints one line: `✓ completed  nightly-report  Write the nightly report`. */
export function printTask(record: TaskRecord, { print }: Pick<VerbCall, 'print'>): void {
  print(taskDocument(record), ({ ascii }) => {
    const { id, name } = record.definition;
    const waits =
      record.waitsFor.length > 0
        ? words`  (waits for ${joined(record.waitsFor.map(plainName), ', ')})`
        : words``;
    return [
      line([
        statusCell(shownStatus(record), ascii),
        segment(words`  ${plainName(id)}`, 'strong'),
        segment(words`  ${plainName(name)}${waits}`),
      ]),
    ];
  });
}
