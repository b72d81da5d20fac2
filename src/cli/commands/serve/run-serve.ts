import { untilAborted } from '../../../clock.ts';
import type { Io } from '../../../io/io.ts';
import { printData } from '../../../io/print.ts';
import { problem } from '../../../model/problem.ts';
import { plainName, words } from '../../../model/text.ts';
import type { TaskServer } from '../../../serve/create-server.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import { cannotListen, noPort, readPort } from '../../process/listening.ts';
import { openToHooks } from '../../session/open-to-hooks.ts';
import {
  type CommandOptions,
  rememberRuns,
  type Session,
  warnIfEmpty,
  withSession,
} from '../../session/session.ts';
import { tellStatus } from '../../session/tell-status.ts';
import { type ServeOptions, servedView, withoutToken } from './served-view.ts';
import { openServingToken, type ServingToken } from './serving-token.ts';

const USUAL_PORT = '4747';

/**
 * Shares the view of this taskglass with others on this machine. Prints its address as the only line on stdout, and listens
 * until the signal aborts. Resolves with the exit code.
 */
export async function runServe(
  sourceTexts: readonly string[],
  options: CommandOptions & ServeOptions,
  io: Io,
): Promise<number> {
  if (options.stdio) {
    const { runServeStdio } = await import('./run-serve-stdio.ts');
    return runServeStdio(sourceTexts, options, io);
  }
  const { port: typed = USUAL_PORT, open: isOpen = false, stdio: _, ...settingOptions } = options;
  const port = readPort(typed);
  if (port === null) return refuse(io, noPort(words`serve`, typed), EXIT.usage);
  const token = await openServingToken(port, io);
  if (token.kind === 'refused') return refuse(io, token.problem, EXIT.usage);
  const work = (session: Session) => serve(session, { port, isOpen, token, sourceTexts }, io);
  return withSession(sourceTexts, settingOptions, withoutToken(io), work, { follows: true });
}

async function serve(
  session: Session,
  {
    port,
    isOpen,
    token,
    sourceTexts,
  }: { port: number; isOpen: boolean; token: ServingToken; sourceTexts: readonly string[] },
  io: Io,
): Promise<number> {
  const { createTaskServer } = await import('../../../serve/create-server.ts');
  const server = await createTaskServer({
    ...servedView(session, io),
    port,
    token: token.secret,
    isOpen,
  }).catch((error: NodeJS.ErrnoException) => error);
  if (server instanceof Error)
    return refuse(io, cannotListen(words`serve`, server, '127.0.0.1', port), EXIT.usage);

  warnIfEmpty(session, io);
  await openSocket(server, io);
  await token.publish(server.port, isOpen ? 'send commands' : 'attach');
  printData(io, server.url);
  await rememberRuns(session, io);
  const closeToHooks = openToHooks(session, io);
  const endStatus = await tellStatus(session, sourceTexts, io);
  await untilAborted(io.signal);
  await Promise.all([server.close(), token.withdraw(), endStatus(), closeToHooks()]);
  return EXIT.ok;
}

/** Opens a socket for this user's own programs. Without it, they need the token as everybody else does. */
async function openSocket(server: TaskServer, io: Io): Promise<void> {
  if (process.platform === 'win32') return;
  const { makeSocketPath } = await import('../../../storage/runtime-directory.ts');
  try {
    await server.openSocket(await makeSocketPath(server.port, io.env));
  } catch (error) {
    const words = plainName(`serve: no socket for your own programs: ${(error as Error).message}`);
    complain(io, problem('unreadable', 'degraded', words, 'they will be asked for the token'));
  }
}
