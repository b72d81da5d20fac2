import type { TaskChange } from '../../../ledger/options.ts';
import { STEP_STATUSES } from '../../../model/task.ts';
import { oneOf, percentage } from '../../config/option-values.ts';
import { moving } from './move-task.ts';
import { DEFINITION_OPTIONS, LABEL, PRIORITY } from './options.ts';
import { refusal } from './refusal.ts';
import type { Verb, VerbCall } from './verb.ts';

export const updateTask: Verb = {
  name: 'update-task',
  form: '<id>',
  about: 'report progress, or change the definition of a task',
  examples: [
    'taskglass ledger update-task nightly-report --progress 40',
    'taskglass ledger update-task fetch --step unpack --step-progress 70',
    'taskglass ledger update-task fetch --priority 1 --label owner=data',
  ],
  options: [
    { flags: '--progress <percent>', about: 'the progress of the whole task', parse: percentage },
    {
      flags: '--step <name>',
      about: 'the step that --step-status and --step-progress refer to, by name or number',
    },
    {
      flags: '--step-status <word>',
      about: `the status of the step: ${STEP_STATUSES.join(', ')}`,
      ...oneOf(STEP_STATUSES),
    },
    { flags: '--step-progress <percent>', about: 'the progress of the step', parse: percentage },
    { flags: '--name <text>', about: 'its new name' },
    ...DEFINITION_OPTIONS,
    PRIORITY,
    {
      flags: '--depends-on <id>',
      about: 'a task that must be completed first; replaces the current list',
      isRepeatable: true,
    },
    LABEL,
    { flags: '--note <text>', about: 'add a note' },
  ],
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
    throw refusal('--step goes with --step-status or --step-progress', 'name the step and what has changed');
  const labels = label && { ...(await (await openLedger()).get(args[0] ?? '')).definition.labels, ...label };
  return {
    ...same,
    ...(step === undefined ? {} : { step: stepChange(String(step), stepStatus, stepProgress) }),
    ...(dependsOn === undefined ? {} : { dependencies: dependsOn }),
    ...(labels === undefined ? {} : { labels }),
  } as TaskChange; // commander has checked the values
}

/** Returns the change of a step. Numbers count from 1, as in the view. */
function stepChange(step: string, status: unknown, progress: unknown) {
  return {
    ...(/^\d+$/u.test(step) ? { index: Number(step) - 1 } : { name: step }),
    ...(status === undefined ? {} : { status }),
    ...(progress === undefined ? {} : { progress }),
  };
}
