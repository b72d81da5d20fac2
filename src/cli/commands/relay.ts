import { problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import { EXIT, refuse } from '../exit.ts';
import type { Io } from '../io.ts';

export interface RelayCommandOptions {
  /** As typed; any free one where absent. */
  readonly port?: string;
  readonly host?: string;
}

/**
 * `taskglass relay`: an embedded relay for a machine or a LAN. Prints its address as the only line of stdout and
 * listens until the signal aborts. Resolves with the exit code.
 */
export async function runRelayCommand(
  { port: typed = '0', host = '127.0.0.1' }: RelayCommandOptions,
  io: Pick<Io, 'stdout' | 'stderr' | 'signal' | 'clock'>,
): Promise<number> {
  const port = Number(typed);
  if (!/^\d+$/.test(typed) || port > 65_535) return refuse(io, noPort(typed), EXIT.usage);
  const { createRelay } = await import('../../relay/create-relay.ts');
  const relay = await createRelay({ port, host, clock: io.clock }).catch(
    (error: NodeJS.ErrnoException) => error,
  );
  if (relay instanceof Error) return refuse(io, cannotListen(relay, host, port), EXIT.usage);

  io.stdout.write(`${relay.url}\n`);
  if (!io.signal.aborted)
    await new Promise((resolve) => io.signal.addEventListener('abort', resolve, { once: true }));
  await relay.close();
  return EXIT.ok;
}

function noPort(typed: string) {
  return problem(
    'malformed',
    'down',
    `relay: --port ${plainName(typed)} is no port`,
    'a number from 0 to 65535',
  );
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number) {
  const where = `${plainName(host)}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return problem(
        'refused',
        'down',
        `relay: ${where} is taken`,
        'choose another with --port, or 0 for any',
      );
    case 'EACCES':
      return problem(
        'refused',
        'down',
        `relay: no permission to listen on ${where}`,
        'choose a port above 1023',
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return problem(
        'refused',
        'down',
        `relay: ${where} is no address of this machine`,
        'choose another with --host',
      );
    default:
      return problem('refused', 'down', `relay: cannot listen on ${where}: ${plainName(error.message)}`);
  }
}
