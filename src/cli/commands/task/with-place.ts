import path from 'node:path';
import type { Io } from '../../../io/io.ts';
import { RewriteError } from '../../../io/rewrite-json.ts';
import { problem } from '../../../model/problem.ts';
import { createBoardPlace } from '../../../sources/sessions/board-place.ts';
import { createMaestroClient } from '../../../sources/sessions/maestro-client.ts';
import { createMaestroPlace } from '../../../sources/sessions/maestro-place.ts';
import type { TaskPlace } from '../../../sources/sessions/place.ts';
import { EXIT, refuse } from '../../process/exit.ts';

/** The options of every verb of `taskglass task`. */
export interface PlaceOptions {
  readonly board?: string;
  readonly json?: boolean;
}

/** Where a project keeps its board. */
export const DEFAULT_BOARD = '.taskglass/board.json';

/** Runs `action` with the place where the tasks are. Reports a refusal, with exit code 2, or 3 if nothing could be read. */
export async function withPlace(
  options: PlaceOptions,
  io: Io,
  action: (place: TaskPlace) => Promise<number>,
): Promise<number> {
  try {
    return await action(openPlace(options, io));
  } catch (error) {
    if (!(error instanceof RewriteError)) throw error;
    return refuse(io, error.problem, error.problem.severity === 'down' ? EXIT.noSource : EXIT.usage);
  }
}

/** Opens the board that is named; otherwise the server that started this session; otherwise the usual board. */
function openPlace(options: PlaceOptions, io: Io): TaskPlace {
  const { clock, signal, env } = io;
  const board = options.board ?? env.TASKGLASS_BOARD;
  const url = env.MAESTRO_SERVER_URL;
  if (board || !url)
    return createBoardPlace({ path: path.resolve(io.cwd, board || DEFAULT_BOARD), clock, signal });
  if (!/^https?:\/\//iu.test(url) || !URL.canParse(url)) throw new RewriteError(BAD_URL);
  return createMaestroPlace({
    client: createMaestroClient({ url, clock, signal }),
    projectId: env.MAESTRO_PROJECT_ID,
  });
}

const BAD_URL = problem(
  'malformed',
  'degraded',
  'MAESTRO_SERVER_URL is not an http:// or https:// address',
  'correct it, or name a board with --board FILE',
);
