import { Command } from 'commander';
import type { Io } from '../../io/io.ts';
import { noVerb, parseArguments, speakingTo } from '../command-line.ts';
import { EXIT, refuse } from '../process/exit.ts';
import { listJobs } from './ledger/list-jobs.ts';
import { listTasks } from './ledger/list-tasks.ts';
import { migrateVerb } from './ledger/migrate.ts';
import { cancelTask, completeTask, failTask, resetTask, startTask } from './ledger/move-task.ts';
import { nextTask } from './ledger/next-task.ts';
import { note } from './ledger/note.ts';
import { register } from './ledger/register.ts';
import { report } from './ledger/report.ts';
import { runVerb } from './ledger/run-verb.ts';
import { taskStatus } from './ledger/task-status.ts';
import { template } from './ledger/template.ts';
import { exportTasks, importTasks } from './ledger/transfer.ts';
import { upcoming } from './ledger/upcoming.ts';
import { updateTask } from './ledger/update-task.ts';
import type { Verb } from './ledger/verb.ts';
import { verifyTask } from './ledger/verify-task.ts';

/** The verbs, as `--help` groups them. */
const VERBS: Readonly<Record<string, readonly Verb[]>> = {
  'Define:': [register, template, importTasks, exportTasks],
  'Work:': [nextTask, startTask, updateTask, completeTask, failTask, cancelTask, resetTask, note, verifyTask],
  'Look:': [listTasks, taskStatus, listJobs, upcoming, report],
  'Care:': [migrateVerb],
};

/** `taskglass ledger VERB …`: tasks and their completion in SQLite. Resolves with the exit code. */
export async function runLedger(words: readonly string[], io: Io): Promise<number> {
  if (words.length === 0)
    return refuse(io, noVerb('ledger', undefined, 'taskglass ledger --help lists them'), EXIT.usage);
  let code: number = EXIT.ok;
  const ledger = createLedgerCommand(io, (result) => {
    code = result;
  });
  return (await parseArguments(ledger, words, io)) ?? code;
}

function createLedgerCommand(io: Io, finish: (code: number) => void): Command {
  const ledger = speakingTo(io, new Command('taskglass ledger'))
    .description('Tasks and their completion in SQLite: what is to be done, and whether it really was.')
    .usage('[options] VERB …')
    .enablePositionalOptions()
    .addHelpText('after', '\nA verb with --help tells its options and an example.');
  addCommonOptions(ledger);
  for (const [group, verbs] of Object.entries(VERBS)) {
    for (const verb of verbs) {
      const examples = verb.examples.map((line) => `  $ ${line}`).join('\n');
      const command = addCommonOptions(ledger.command(verb.form))
        .description(verb.about)
        .helpGroup(group)
        .addHelpText('after', `\nExample:\n${examples}`);
      verb.addOptions?.(command, io);
      command.action(async () => {
        finish(await runVerb(verb, command, io));
      });
    }
  }
  return ledger;
}

/** They may stand before the verb as well as behind it. */
function addCommonOptions(command: Command): Command {
  return command
    .option('--db <file>', "the ledger's database (this user's own)")
    .option('--json', 'print JSON');
}
