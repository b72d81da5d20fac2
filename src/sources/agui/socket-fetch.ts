import { type RequestOptions, request } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, Readable } from 'node:stream';
import type { Problem } from '../../model/problem.ts';

/** The part of `fetch` that is needed here. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

export interface FetchInit {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly redirect?: 'manual';
  readonly signal: AbortSignal;
}

/** Returns the headers that send a token. */
export function bearer(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

const WITHOUT_BODY = new Set([204, 205, 304]);

/** Returns a `fetch` over the socket at this path, whatever host the address names. Redirects are not followed. */
export function fetchOverSocket(socketPath: string): Fetch {
  return fetchWith({ socketPath, agent: false });
}

/** Returns a `fetch` that opens a connection with `connect` for each request, whatever host the address names. */
export function fetchOverConnections(connect: () => Duplex): Fetch {
  return fetchWith({ createConnection: () => connect() as Socket });
}

/** Why a server cannot be reached, as the connection puts it: the request was not sent. */
export class WayError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'WayError';
    this.problem = problem;
  }
}

function fetchWith(way: RequestOptions): Fetch {
  return (url, { method = 'GET', headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const { pathname, search } = new URL(url);
      const fail = (cause: unknown) => reject(new TypeError('fetch failed', { cause }));
      request({ ...way, path: pathname + search, method, headers, signal }, (answer) => {
        const { statusCode: status = 0 } = answer;
        const told = new Headers(
          Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
        );
        if (!WITHOUT_BODY.has(status))
          return resolve(new Response(Readable.toWeb(answer) as ReadableStream, { status, headers: told }));
        answer.resume();
        resolve(new Response(null, { status, headers: told }));
      })
        .on('error', fail)
        .end(body);
    });
}

/** Nobody listens at an existing socket, or it was removed. */
const ABANDONED = new Set(['ECONNREFUSED', 'ENOENT']);

/**
 * Returns a `fetch` for a server that may be this user's own. If its socket exists, the request goes there; that proves more
 * than any token, so none is sent. Otherwise, it is an ordinary request.
 */
export function fetchFromOwnServer(
  findSocket: () => Promise<string | null>,
  otherwise: Fetch = fetch,
): Fetch {
  return async (url, init) => {
    const socketPath = await findSocket();
    if (socketPath === null) return otherwise(url, init);
    const { authorization: _, ...headers } = init.headers;
    try {
      return await fetchOverSocket(socketPath)(url, { ...init, headers });
    } catch (error) {
      const { code } = (error as { cause?: NodeJS.ErrnoException }).cause ?? {};
      if (ABANDONED.has(code ?? '')) return otherwise(url, init);
      throw error;
    }
  };
}
