import type { CommandGroups } from '../../command.ts';
import { listJobs } from './list-jobs.ts';
import { listTasks } from './list-tasks.ts';
import { migrateVerb } from './migrate.ts';
import { cancelTask, completeTask, failTask, resetTask, startTask } from './move-task.ts';
import { nextTask } from './next-task.ts';
import { note } from './note.ts';
import { register } from './register.ts';
import { report } from './report.ts';
import { asCommand } from './run-verb.ts';
import { taskStatus } from './task-status.ts';
import { template } from './template.ts';
import { exportTasks, importTasks } from './transfer.ts';
import { upcoming } from './upcoming.ts';
import { updateTask } from './update-task.ts';
import type { Verb } from './verb.ts';
import { verifyTask } from './verify-task.ts';

/** The verbs, as `--help` groups them. */
const VERBS: Readonly<Record<string, readonly Verb[]>> = {
  Define: [register, template, importTasks, exportTasks],
  Work: [nextTask, startTask, updateTask, completeTask, failTask, cancelTask, resetTask, note, verifyTask],
  Look: [listTasks, taskStatus, listJobs, upcoming, report],
  Maintain: [migrateVerb],
};

/** The verbs of `taskglass ledger` as commands. */
export const LEDGER_VERBS: CommandGroups = Object.fromEntries(
  Object.entries(VERBS).map(([heading, verbs]) => [heading, verbs.map(asCommand)]),
);
