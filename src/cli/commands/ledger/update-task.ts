import type { TaskChange } from '../../../ledger/options.ts';
import { STEP_STATUSES } from '../../../model/task.ts';
import { collect, keyValue, numberOrNone, oneOf, percentage } from '../../config/option-values.ts';
import { moving } from './move-task.ts';
import { refusal } from './refusal.ts';
import type { Verb, VerbCall } from './verb.ts';

export const updateTask: Verb = {
  form: 'update-task <id>',
  about: 'report progress, or change what a task is',
  examples: [
    'taskglass ledger update-task nightly-report --progress 40',
    'taskglass ledger update-task fetch --step unpack --step-status running --step-progress 70',
    'taskglass ledger update-task fetch --priority 1 --label owner=data',
  ],
  addOptions: (command) =>
    command
      .option('--progress <percent>', 'how far the whole is', percentage)
      .option('--step <name>', 'the step that --step-status and --step-progress are of, by name or number')
      .option('--step-status <word>', STEP_STATUSES.join(', '), oneOf(STEP_STATUSES))
      .option('--step-progress <percent>', 'how far the step is', percentage)
      .option('--name <text>', 'what it is called')
      .option('--description <text>', 'more about it')
      .option('--job <name>', "the scheduler's job that it belongs to")
      .option('--module <name>', 'the part of the whole that it belongs to')
      .option('--priority <n>', 'lower comes first; none', numberOrNone)
      .option(
        '--depends-on <id>',
        'what has to be completed first, in place of what there is (repeatable)',
        collect,
      )
      .option('--label <key=value>', 'set a label (repeatable)', keyValue)
      .option('--note <text>', 'add a note'),
  run: moving(async (call) => {
    const { args, openLedger } = call;
    const id = args[0] ?? '';
    const { note, ...options } = call.options;
    const ledger = await openLedger();
    const change = await changeOf(options, call);
    if (Object.keys(change).length === 0 && note === undefined)
      throw refusal('nothing to update', 'for example --progress 40; --help lists the options');
    if (Object.keys(change).length === 0) return ledger.note(id, String(note));
    return ledger.update(id, change, note === undefined ? {} : { note: String(note) });
  }),
};

async function changeOf(
  { step, stepStatus, stepProgress, dependsOn, label, ...same }: Readonly<Record<string, unknown>>,
  { args, openLedger }: VerbCall,
): Promise<TaskChange> {
  const hasStepFacts = stepStatus !== undefined || stepProgress !== undefined;
  if (hasStepFacts !== (step !== undefined))
    throw refusal(
      '--step goes with --step-status or --step-progress',
      'name the step and what of it has changed',
    );
  const labels = label && { ...(await (await openLedger()).get(args[0] ?? '')).definition.labels, ...label };
  return {
    ...same,
    ...(step === undefined ? {} : { step: stepChange(String(step), stepStatus, stepProgress) }),
    ...(dependsOn === undefined ? {} : { dependencies: dependsOn }),
    ...(labels === undefined ? {} : { labels }),
  } as TaskChange; // commander has checked the values
}

/** A number counts from 1, as the view counts. */
function stepChange(step: string, status: unknown, progress: unknown) {
  return {
    ...(/^\d+$/u.test(step) ? { index: Number(step) - 1 } : { name: step }),
    ...(status === undefined ? {} : { status }),
    ...(progress === undefined ? {} : { progress }),
  };
}
