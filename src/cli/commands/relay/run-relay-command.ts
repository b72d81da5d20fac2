import { untilAborted } from '../../../clock.ts';
import type { Io } from '../../../io/io.ts';
import { printData } from '../../../io/print.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { plainName, words } from '../../../model/text.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { cannotListen, noPort, readPort } from '../../process/listening.ts';

export interface RelayCommandOptions {
  /** As typed; any free port if absent. */
  readonly port?: string;
  readonly host?: string;
  /** The origins whose web pages may connect. */
  readonly allowOrigin?: readonly string[];
}

/** For the system, an empty address means every address of the machine, which nobody asked for. */
const NO_HOST = problem(
  'malformed',
  'down',
  'relay: --host is empty',
  'name an address of this machine, or leave it out for 127.0.0.1',
);

/**
 * Runs an embedded relay for a machine or a LAN. Prints its address as the only line on stdout, and listens until the signal
 * aborts. Resolves with the exit code.
 */
export async function runRelayCommand(
  { port: typed = '0', host = '127.0.0.1', allowOrigin = [] }: RelayCommandOptions,
  io: Pick<Io, 'stdout' | 'stderr' | 'signal' | 'clock'>,
): Promise<number> {
  const port = readPort(typed);
  if (port === null) return refuse(io, noPort(words`relay`, typed), EXIT.usage);
  if (host.trim() === '') return refuse(io, NO_HOST, EXIT.usage);
  const wrong = allowOrigin.find((origin) => !isOrigin(origin));
  if (wrong !== undefined) return refuse(io, noOrigin(wrong), EXIT.usage);
  const { createRelay } = await import('../../../relay/create-relay.ts');
  const relay = await createRelay({ port, host, clock: io.clock, allowedOrigins: allowOrigin }).catch(
    (error: NodeJS.ErrnoException) => error,
  );
  if (relay instanceof Error) return refuse(io, cannotListen(words`relay`, relay, host, port), EXIT.usage);

  printData(io, relay.url);
  await untilAborted(io.signal);
  await relay.close();
  return EXIT.ok;
}

/** Tells whether this is an origin as browsers send it in the Origin header: without a path, even a slash. */
function isOrigin(typed: string): boolean {
  return typed === '*' || /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/u.test(typed);
}

function noOrigin(typed: string): Problem {
  return problem(
    'malformed',
    'down',
    words`relay: --allow-origin ${plainName(typed)} is not the origin of a web page`,
    'for example https://app.example or http://localhost:5173, without a path; * allows every page',
  );
}
