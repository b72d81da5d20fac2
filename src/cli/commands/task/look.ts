import type { Io } from '../../../io/io.ts';
import { print, printJson } from '../../../io/print.ts';
import { problem } from '../../../model/problem.ts';
import { hasEnded, reasonOf, TASK_STATUSES, type TaskStatus } from '../../../model/task.ts';
import { joined, type PlainText, plainName, words } from '../../../model/text.ts';
import { plural, statusWord } from '../../../present/count.ts';
import { momentText } from '../../../present/duration.ts';
import type { TaskDraft } from '../../../sources/kit/task-draft.ts';
import type { TaskPlace } from '../../../sources/sessions/place.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { printTable, taskDocument } from './print.ts';
import { refuseOutsideSession, sessionOf } from './report.ts';
import type { PlaceOptions } from './with-place.ts';

export interface ListOptions extends PlaceOptions {
  readonly status?: string;
  readonly mine?: boolean;
}

/** Runs `task list`: prints a line for each task. */
export async function listTasks(options: ListOptions, place: TaskPlace, io: Io): Promise<number> {
  const { status, mine, json } = options;
  if (status !== undefined && !TASK_STATUSES.includes(status as TaskStatus))
    return refuse(io, unknownStatus(status), EXIT.usage);
  const session = sessionOf(io);
  if (mine && session === null) return refuseOutsideSession(io);
  const tasks = (await place.list()).filter(
    (task) =>
      (status === undefined || task.state.status === status) &&
      (!mine || task.sessions.some(({ id }) => id === session)),
  );
  if (json) printJson(io, { tasks: tasks.map(taskDocument) });
  else if (tasks.length === 0) print(io, words`no tasks`);
  else
    printTable(io, [words`ID`, words`STATUS`, words`USER`, words`SESSIONS`, words`TASK`], tasks.map(rowOf));
  return EXIT.ok;
}

function rowOf(task: TaskDraft): PlainText[] {
  const sessions = Map.groupBy(task.sessions, ({ status }) => status);
  const said = [...sessions].map(([status, all]) =>
    all.length > 1 ? words`${all.length} ${status}` : status,
  );
  return [
    plainName(task.nativeId),
    statusWord(task.state.status),
    task.userStatus ?? words``,
    joined(said, ', '),
    task.name,
  ];
}

/** Runs `task show ID`: prints the task, and a line for each of its sessions. */
export async function showTask(id: string, options: PlaceOptions, place: TaskPlace, io: Io): Promise<number> {
  const task = (await place.list()).find(({ nativeId }) => nativeId === id);
  if (!task) return refuse(io, unknownTask(id), EXIT.usage);
  if (options.json) printJson(io, taskDocument(task));
  else describe(task, io);
  return EXIT.ok;
}

function describe(task: TaskDraft, io: Io): void {
  const say = (line: PlainText) => print(io, line);
  const why = hasEnded(task.state.status) ? null : reasonOf(task.state);
  say(words`${plainName(task.nativeId)}  ${task.name}`);
  say(words`status    ${statusWord(task.state.status)}${why ? words`: ${plainName(why)}` : ''}`);
  say(words`user      ${task.userStatus ?? ''}`);
  if (task.dependencies.length > 0) say(words`after     ${joined(task.dependencies.map(plainName), ', ')}`);
  say(
    task.sessions.length === 0
      ? words`sessions  none`
      : words`sessions  ${plural(task.sessions.length, 'session')}`,
  );
  printTable(
    io,
    [],
    task.sessions.map(({ id, name, status, updatedAt, notes }) => [
      words`  ${name ?? plainName(id)}`,
      status,
      updatedAt === null ? words`` : momentText(updatedAt, io.clock.now()),
      plainName(notes ?? ''),
    ]),
  );
}

function unknownStatus(text: string) {
  return problem(
    'malformed',
    'down',
    words`task: ${plainName(text)} is not a status`,
    joined(TASK_STATUSES, ', '),
  );
}

function unknownTask(id: string) {
  return problem('missing', 'down', words`there is no task ${plainName(id)}`, 'taskglass task list');
}
