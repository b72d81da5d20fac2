import { TASK_STATUSES } from '../../../model/task.ts';
import { REPORTED_STATUSES } from '../../../sources/sessions/words.ts';
import type { CliCommand, CommandGroups } from '../../command.ts';
import { type AddOptions, addTask } from './add.ts';
import { type ListOptions, listTasks, showTask } from './look.ts';
import { queueTasks, type UpdateOptions, updateTask } from './report.ts';
import { type PlaceOptions, withPlace } from './with-place.ts';

const PRIORITIES = ['low', 'medium', 'high'];

const queue: CliCommand<PlaceOptions> = {
  name: 'queue',
  form: '[id...]',
  about: 'report that this session will work on tasks',
  notes: 'Without an id, all tasks in MAESTRO_TASK_IDS.',
  examples: ['taskglass task queue T1 T2'],
  run: ({ args, options, io }) => withPlace(options, io, (place) => queueTasks(args, options, place, io)),
};

const update: CliCommand<UpdateOptions> = {
  name: 'update',
  form: '<id>',
  about: "report this session's status on a task",
  notes: [
    'FLOW  queued → working → completed or failed',
    '      working → blocked or needs_input → working',
    '      any → cancelled',
  ].join('\n'),
  examples: ['taskglass task update T1 --status blocked --notes "Need API key"'],
  options: [
    {
      flags: '--status <status>',
      about: `the status to report: ${REPORTED_STATUSES.join(', ')}`,
      isRequired: true,
      takes: [{ words: REPORTED_STATUSES }],
    },
    { flags: '--notes <text>', about: 'the current step, a question, or why it failed' },
  ],
  run: ({ args: [id = ''], options, io }) =>
    withPlace(options, io, (place) => updateTask(id, options, place, io)),
};

const add: CliCommand<AddOptions> = {
  name: 'add',
  form: '<title>',
  about: "add a task; creates the board's file if it is missing",
  examples: ['taskglass task add "Build the login page" --priority high'],
  options: [
    {
      flags: '--id <id>',
      about: 'the id of the task',
      byDefault: 'the next free one of T1, T2, …',
      takes: [],
    },
    { flags: '--description <text>', about: 'what has to be done' },
    {
      flags: '--priority <priority>',
      about: 'how urgent it is: low, medium or high',
      takes: [{ words: PRIORITIES }],
    },
    { flags: '--after <id>', about: 'a task that it depends on', isRepeatable: true },
  ],
  run: ({ args: [title = ''], options, io }) =>
    withPlace(options, io, (place) => addTask(title, options, place, io)),
};

const list: CliCommand<ListOptions> = {
  name: 'list',
  about: 'list the tasks with the status of their sessions',
  examples: ['taskglass task list --status needs-input'],
  options: [
    {
      flags: '--status <status>',
      about: 'show only tasks with this status: queued, running, waiting, needs-input, completed, …',
      takes: [{ words: TASK_STATUSES }],
    },
    { flags: '--mine', about: 'show only the tasks of this session' },
  ],
  run: ({ options, io }) => withPlace(options, io, (place) => listTasks(options, place, io)),
};

const show: CliCommand<PlaceOptions> = {
  name: 'show',
  form: '<id>',
  about: 'show one task and all of its sessions',
  examples: ['taskglass task show T1'],
  run: ({ args: [id = ''], options, io }) =>
    withPlace(options, io, (place) => showTask(id, options, place, io)),
};

/** The verbs of `taskglass task`. None changes a task's own status, which belongs to its user. */
export const TASK_VERBS: CommandGroups = { Verbs: [queue, update, add, list, show] };
