import { randomBytes } from 'node:crypto';
import { problem } from '../../model/problem.ts';
import { parseFilter } from '../../store/filter.ts';
import { complain, EXIT, refuse } from '../exit.ts';
import type { Io } from '../io.ts';
import { cannotListen, noPort, readPort, untilAborted } from '../listening.ts';
import { type CommandOptions, openSession, rememberRuns, type Session } from '../session.ts';
import { welcomeProblem } from '../welcome.ts';

const USUAL_PORT = '4747';

/**
 * `taskglass serve [SOURCE…]`: shows what this taskglass sees to others on this machine. Prints its address as the only
 * line of stdout and listens until the signal aborts. Resolves with the exit code.
 */
export async function runServe(
  sourceTexts: readonly string[],
  options: CommandOptions & { readonly port?: string },
  io: Io,
): Promise<number> {
  const { port: typed = USUAL_PORT, ...settingOptions } = options;
  const port = readPort(typed);
  if (port === null) return refuse(io, noPort('serve', typed), EXIT.usage);
  if (!HEADER_TEXT.test(io.env.TASKGLASS_TOKEN || 'none given')) return refuse(io, ODD_TOKEN, EXIT.usage);
  const opened = await openSession(sourceTexts, settingOptions, io);
  if (opened.kind === 'refused') return refuse(io, opened.problem, opened.code ?? EXIT.usage);
  try {
    return await serve(opened.session, port, io);
  } finally {
    await opened.session.monitor.close();
  }
}

async function serve(session: Session, port: number, io: Io): Promise<number> {
  const { monitor, settings } = session;
  const { createTaskServer } = await import('../../serve/create-server.ts');
  const token = settings.readOnly ? null : io.env.TASKGLASS_TOKEN || newToken();
  const server = await createTaskServer({
    monitor,
    clock: io.clock,
    port,
    token,
    isListed: parseFilter(settings.filter),
    sort: settings.sort,
    stallAfterMs: settings.stallAfter * 1000,
    onCommand: ({ command, task, by }) =>
      io.stderr.write(`taskglass: serve: ${command}: ${task} (asked by ${by || 'nobody by name'})\n`),
  }).catch((error: NodeJS.ErrnoException) => error);
  if (server instanceof Error)
    return refuse(io, cannotListen('serve', server, '127.0.0.1', port), EXIT.usage);

  if (session.sourceCount === 0) complain(io, welcomeProblem());
  io.stdout.write(`${server.url}\n`);
  if (token !== null && !io.env.TASKGLASS_TOKEN)
    io.stderr.write(`taskglass: serve: for commands, whoever attaches needs TASKGLASS_TOKEN=${token}\n`);
  await rememberRuns(session, io);
  await untilAborted(io.signal);
  await server.close();
  return EXIT.ok;
}

/** What an HTTP header can carry. */
const HEADER_TEXT = /^[\x20-\x7e]+$/u;

const ODD_TOKEN = problem(
  'malformed',
  'down',
  'serve: TASKGLASS_TOKEN has characters that HTTP cannot carry',
  'use letters, digits and punctuation of ASCII',
);

/** Nobody guesses 128 bits. */
function newToken(): string {
  return randomBytes(16).toString('base64url');
}
