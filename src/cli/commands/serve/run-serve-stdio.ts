import { untilAborted } from '../../../clock.ts';
import type { Io } from '../../../io/io.ts';
import { problem } from '../../../model/problem.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { openToHooks } from '../../session/open-to-hooks.ts';
import {
  type CommandOptions,
  rememberRuns,
  type Session,
  settle,
  withSession,
} from '../../session/session.ts';
import { type ServeOptions, servedView, withoutToken } from './served-view.ts';

/** A client should see what is already there; a source that is down delays it no longer than this. */
const SETTLED_WITHIN_MS = 1_000;

/**
 * Shares the view of this taskglass with the one that started it (by `ssh:HOST`), over standard input and output, until the
 * input ends. No token is needed: whoever holds the pipes is the user. Resolves with the exit code.
 */
export async function runServeStdio(
  sourceTexts: readonly string[],
  options: CommandOptions & ServeOptions,
  io: Io,
): Promise<number> {
  const { port, open, stdio: _, ...settingOptions } = options;
  if (port !== undefined || open !== undefined) {
    const said = 'serve: --stdio does not listen, so --port and --open have no effect';
    return refuse(io, problem('malformed', 'down', said, 'leave them out'), EXIT.usage);
  }
  if (io.stdin.isTTY || io.stdout.isTTY) {
    const said = 'serve: --stdio speaks to another taskglass, not to a terminal';
    return refuse(io, problem('not-allowed', 'down', said, 'taskglass ssh:HOST starts it'), EXIT.usage);
  }
  return withSession(sourceTexts, settingOptions, withoutToken(io), (session) => serve(session, io), {
    follows: true,
  });
}

async function serve(session: Session, io: Io): Promise<number> {
  const [{ createPipeServer }, { serveTunnel }] = await Promise.all([
    import('../../../serve/create-server.ts'),
    import('../../../io/tunnel.ts'),
  ]);
  await settle(session, io, SETTLED_WITHIN_MS);
  const server = createPipeServer(servedView(session, io));
  const tunnel = await serveTunnel({ input: io.stdin, output: io.stdout }, server.accept);
  const closeToHooks = openToHooks(session, io);
  await rememberRuns(session, io);
  await Promise.race([untilAborted(io.signal), tunnel.ended]);
  await Promise.all([server.close(), closeToHooks()]);
  tunnel.close();
  return EXIT.ok;
}
