import type { Io } from '../../../io/io.ts';
import { print, printJson } from '../../../io/print.ts';
import { problem } from '../../../model/problem.ts';
import { joined, plainName, words } from '../../../model/text.ts';
import type { NewTask, TaskPlace } from '../../../sources/sessions/place.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import type { PlaceOptions } from './with-place.ts';

export interface AddOptions extends PlaceOptions {
  readonly id?: string;
  readonly description?: string;
  readonly priority?: string;
  readonly after?: readonly string[];
}

const PRIORITIES = [words`low`, words`medium`, words`high`];

/** Runs `task add TITLE`: adds a task that nobody has begun, and prints its id. */
export async function addTask(title: string, options: AddOptions, place: TaskPlace, io: Io): Promise<number> {
  const { id, description, priority, after } = options;
  if (plainName(title) === '') return refuse(io, NO_TITLE, EXIT.usage);
  if (id !== undefined && plainName(id) === '') return refuse(io, NO_ID, EXIT.usage);
  if (priority !== undefined && !PRIORITIES.some((known) => known === priority))
    return refuse(io, NO_PRIORITY, EXIT.usage);
  const task: NewTask = {
    title,
    ...(id === undefined ? {} : { id: plainName(id) }),
    ...(description === undefined ? {} : { description }),
    ...(priority === undefined ? {} : { priority }),
    ...(after === undefined ? {} : { dependencies: after }),
  };
  const made = await place.add(task);
  if (options.json) printJson(io, { task: { ...task, id: made } });
  else print(io, plainName(made));
  return EXIT.ok;
}

const NO_TITLE = problem(
  'malformed',
  'down',
  'task: the title is empty',
  'say in a few words what has to be done',
);
const NO_ID = problem('malformed', 'down', 'task: the id is empty', 'leave --id out for the next free one');
const NO_PRIORITY = problem('malformed', 'down', 'task: no such priority', joined(PRIORITIES, ', '));
