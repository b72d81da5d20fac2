import { Command } from 'commander';
import type { Io } from '../../io/io.ts';
import { REPORTED_STATUSES } from '../../sources/sessions/words.ts';
import { noVerb, parseArguments, speakingTo } from '../command-line.ts';
import { collect } from '../config/option-values.ts';
import { EXIT, refuse } from '../process/exit.ts';
import { addTask } from './task/add.ts';
import { listTasks, showTask } from './task/look.ts';
import { queueTasks, updateTask } from './task/report.ts';
import { type PlaceOptions, withPlace } from './task/with-place.ts';

/** `taskglass task VERB …`: report on tasks from inside a session. Resolves with the exit code. */
export async function runTask(words: readonly string[], io: Io): Promise<number> {
  if (words.length === 0)
    return refuse(io, noVerb('task', undefined, 'queue, update, add, list or show'), EXIT.usage);
  let code: number = EXIT.ok;
  const task = createTaskCommand(io, (result) => {
    code = result;
  });
  return (await parseArguments(task, words, io)) ?? code;
}

function createTaskCommand(io: Io, finish: (code: number) => void): Command {
  const task = speakingTo(io, new Command('taskglass task'))
    .description(
      "Report on tasks from inside a session, and look at them. A task's own status is its user's.",
    )
    .usage('VERB …')
    .addHelpText('after', `\n${WHERE}`);

  withOptions(task.command('queue [id...]'))
    .description('this session will work on these tasks (all of MAESTRO_TASK_IDS where none is named)')
    .addHelpText('after', example('taskglass task queue T1 T2'))
    .action(async (ids: string[], options: PlaceOptions) => {
      finish(await withPlace(options, io, (place) => queueTasks(ids, options, place, io)));
    });

  withOptions(task.command('update <id>'))
    .description('how this session fares with a task')
    .requiredOption('--status <status>', REPORTED_STATUSES.join(', '))
    .option('--notes <text>', 'what there is to say: a step, a question, why it failed')
    .addHelpText(
      'after',
      `\n${FLOW}\n${example('taskglass task update T1 --status blocked --notes "Need API key"')}`,
    )
    .action(async (id: string, options: PlaceOptions & { status: string; notes?: string }) => {
      finish(await withPlace(options, io, (place) => updateTask(id, options, place, io)));
    });

  withOptions(task.command('add <title>'))
    .description("a new task; the board's file is made where it is missing")
    .option('--id <id>', 'its id (the next free T1, T2, …)')
    .option('--description <text>', 'what is to be done')
    .option('--priority <priority>', 'low, medium or high')
    .option('--after <id>', 'it depends on this task (repeatable)', collect)
    .addHelpText('after', example('taskglass task add "Build the login page" --priority high'))
    .action(async (title: string, options) => {
      finish(await withPlace(options, io, (place) => addTask(title, options, place, io)));
    });

  withOptions(task.command('list'))
    .description('the tasks, with what their sessions say')
    .option(
      '--status <status>',
      'only those of this status: queued, running, waiting, needs-input, completed, …',
    )
    .option('--mine', 'only those of this session')
    .addHelpText('after', example('taskglass task list --status needs-input'))
    .action(async (options) => {
      finish(await withPlace(options, io, (place) => listTasks(options, place, io)));
    });

  withOptions(task.command('show <id>'))
    .description('one task, with every session')
    .addHelpText('after', example('taskglass task show T1'))
    .action(async (id: string, options: PlaceOptions) => {
      finish(await withPlace(options, io, (place) => showTask(id, options, place, io)));
    });

  return task;
}

function withOptions(command: Command): Command {
  return command
    .option('--board <file>', "the board's file (.taskglass/board.json)")
    .option('--json', 'print JSON');
}

function example(line: string): string {
  return `\nExample:\n  $ ${line}`;
}

const WHERE = [
  'The session is TASKGLASS_SESSION_ID or MAESTRO_SESSION_ID. Tasks are looked for',
  'in --board FILE, else at the Maestro server of MAESTRO_SERVER_URL, else in',
  '.taskglass/board.json. Watch them: taskglass .',
].join('\n');

const FLOW = [
  'FLOW  queued → working → completed or failed',
  '      working → blocked or needs_input → working',
  '      any → cancelled',
].join('\n');
