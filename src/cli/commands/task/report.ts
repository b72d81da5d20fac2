import type { Io } from '../../../io/io.ts';
import { print, printJson, say } from '../../../io/print.ts';
import { problem } from '../../../model/problem.ts';
import { joined, plainName, words } from '../../../model/text.ts';
import type { TaskPlace } from '../../../sources/sessions/place.ts';
import type { SessionReport } from '../../../sources/sessions/session-report.ts';
import {
  REPORTED_STATUSES,
  type ReportedStatus,
  readSessionStatus,
} from '../../../sources/sessions/words.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import type { PlaceOptions } from './with-place.ts';

/** The options of `task update`. */
export interface UpdateOptions extends PlaceOptions {
  readonly status: string;
  readonly notes?: string;
}

/** Runs `task queue ID…`: says that this session will work on the tasks; without ids, on those that Maestro gave it. */
export async function queueTasks(
  named: readonly string[],
  options: PlaceOptions,
  place: TaskPlace,
  io: Io,
): Promise<number> {
  const sessionId = sessionOf(io);
  if (sessionId === null) return refuseOutsideSession(io);
  const given = (io.env.MAESTRO_TASK_IDS ?? '').split(',').map((id) => id.trim());
  const ids = [...new Set(named.length > 0 ? named : given.filter((id) => id !== ''))];
  if (ids.length === 0) return refuse(io, NO_TASKS, EXIT.usage);
  return report(ids, { sessionId, status: 'queued', notes: null }, options, place, io);
}

/** Runs `task update ID --status S [--notes T]`: reports how this session is doing. Never touches the user's status. */
export async function updateTask(
  id: string,
  options: UpdateOptions,
  place: TaskPlace,
  io: Io,
): Promise<number> {
  const sessionId = sessionOf(io);
  if (sessionId === null) return refuseOutsideSession(io);
  const status = reportedStatus(options.status);
  if (status === null) return refuse(io, unknownStatus(options.status), EXIT.usage);
  return report([id], { sessionId, status, notes: options.notes ?? null }, options, place, io);
}

async function report(
  ids: readonly string[],
  said: SessionReport,
  { json }: PlaceOptions,
  place: TaskPlace,
  io: Io,
): Promise<number> {
  for (const message of await place.report(ids, said)) complain(io, { message });
  const { sessionId: session, status, notes } = said;
  if (json) printJson(io, { tasks: ids.map((id) => ({ id, session, status, notes })) });
  else for (const id of ids) print(io, words`${plainName(id)}: ${status}`);
  return EXIT.ok;
}

/** Returns the session that this process belongs to; null if there is none. */
export function sessionOf({ env }: Pick<Io, 'env'>): string | null {
  return env.TASKGLASS_SESSION_ID?.trim() || env.MAESTRO_SESSION_ID?.trim() || null;
}

/** Refuses in the exact words that scripts look for. */
export function refuseOutsideSession(io: Io): number {
  say(io, 'No session found.');
  return EXIT.usage;
}

function reportedStatus(text: string): ReportedStatus | null {
  const status = readSessionStatus(text);
  return REPORTED_STATUSES.find((each) => each === status) ?? null;
}

function unknownStatus(text: string) {
  return problem(
    'malformed',
    'down',
    words`task: --status ${plainName(text)} is not a status of a session`,
    joined(REPORTED_STATUSES, ', '),
  );
}

const NO_TASKS = problem(
  'malformed',
  'down',
  'task: no task is named',
  'for example: taskglass task queue T1',
);
