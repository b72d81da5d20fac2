import type { Clock } from '../../clock.ts';
import { type PipedCommand, startPiped } from '../../io/piped-command.ts';
import { openTunnel, type Tunnel } from '../../io/tunnel.ts';
import type { Environment } from '../../storage/home.ts';
import { type Fetch, fetchOverConnections, WayError } from '../agui/socket-fetch.ts';
import type { SshHost } from './ssh-place.ts';
import { silentProblem, sshProblem, strangerProblem } from './ssh-problem.ts';

/** How long `ssh` may take to connect, and the other taskglass to start. */
const ANSWER_LIMIT_MS = 30_000;

/**
 * The user's own `ssh`, which must not ask for anything, because a view has no place for a question. It forwards nothing, and
 * does not run a configured remote command.
 */
const OPTIONS = [
  '-T', // no terminal
  '-a', // no agent
  '-x', // no screen
  ...['BatchMode=yes', 'ClearAllForwardings=yes', 'ConnectTimeout=15', 'RemoteCommand=none'].flatMap(
    (option) => ['-o', option],
  ),
];

/** The way to a taskglass on another host. */
export interface SshWay {
  /** Sends a request, connecting first if there is no connection. Rejects with a `WayError` if that fails. */
  readonly fetch: Fetch;
  /** Ends the connection; from then on, nothing can be reached. */
  close(): Promise<void>;
}

interface Line {
  readonly child: PipedCommand;
  /** Rejects with a `WayError`. */
  readonly tunnel: Promise<Tunnel>;
}

/** Connects to `taskglass serve --stdio` on a host through `ssh` whenever something is requested and there is no connection. */
export function createSshWay(options: {
  readonly host: SshHost;
  readonly clock: Clock;
  /** Our secrets are removed from it. */
  readonly env: Environment;
}): SshWay {
  let line: Line | null = null;
  let isClosed = false;

  function connected(): Line {
    if (line) return line;
    const mine = dial(options);
    line = mine;
    const forget = () => {
      if (line === mine) line = null;
    };
    void mine.child.ended.then(forget);
    mine.tunnel.catch(forget);
    return mine;
  }

  return {
    async fetch(url, init) {
      init.signal.throwIfAborted();
      if (isClosed) throw new Error('the way is closed');
      const tunnel = await unlessAborted(connected().tunnel, init.signal);
      return fetchOverConnections(tunnel.connect)(url, init);
    },
    async close() {
      isClosed = true;
      const last = line;
      const tunnel = await Promise.race([last?.tunnel.catch(() => null), null]);
      tunnel?.close();
      await last?.child.stop();
    },
  };
}

function dial({ host, clock, env }: Parameters<typeof createSshWay>[0]): Line {
  const words = ['ssh', ...OPTIONS, '--', host.destination, 'taskglass serve --stdio'];
  const child = startPiped({ words, cwd: null, env }, clock);
  if (child instanceof Error)
    throw new WayError(sshProblem({ code: null, signal: null, error: child }, '', host));
  return { child, tunnel: tunnelThrough(child, host, clock) };
}

async function tunnelThrough(child: PipedCommand, host: SshHost, clock: Clock): Promise<Tunnel> {
  let isLate = false;
  const stopTimer = clock.after(ANSWER_LIMIT_MS, () => {
    isLate = true;
    void child.stop();
  });
  const tunnel = await openTunnel(child.stdout, child.stdin);
  stopTimer();
  if (tunnel) {
    void child.ended.then(tunnel.close);
    return tunnel;
  }
  if (isLate) throw new WayError(silentProblem(host, ANSWER_LIMIT_MS / 1000));
  const isOver = child.stdout.readableEnded || child.stdout.destroyed;
  if (!isOver) void child.stop();
  const end = await child.ended;
  throw new WayError(isOver ? sshProblem(end, child.lastComplaint(), host) : strangerProblem(host));
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
