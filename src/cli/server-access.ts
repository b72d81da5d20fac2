import { errorMessage, type Problem, problem } from '../model/problem.ts';
import { type PlainText, plainName } from '../model/text.ts';
import { shownAddress } from '../sources/agui/event-stream.ts';
import { type Fetch, fetchFromOwnServer } from '../sources/agui/socket-fetch.ts';
import { findSocketPath } from '../storage/runtime-directory.ts';
import { askSecret } from './ask-secret.ts';
import { complain } from './exit.ts';
import type { Io } from './io.ts';
import {
  createTokenStore,
  isHeaderText,
  readGivenToken,
  serverOf,
  type TokenStore,
} from './server-tokens.ts';
import type { SourceSpec } from './source-specs.ts';

type ServerSpec = Extract<SourceSpec, { kind: 'agui' | 'attach' }>;

/** By which way a server is reached, and with which token. */
export interface ServerAccess {
  readonly fetch: Fetch;
  readonly token?: string;
}

export type OpenedAccess =
  | { readonly kind: 'open'; accessTo(url: string): ServerAccess }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Finds for each server named its own token and nobody else's: none for this user's own servers on this machine, which
 * are reached through their sockets; else the one from the environment, where a single server is left for it; else the
 * one that was asked for earlier; else the person at the terminal is asked, if the server wants one.
 */
export async function openServerAccess(specs: readonly ServerSpec[], io: Io): Promise<OpenedAccess> {
  const given = await readGivenToken(io);
  if (given.kind === 'refused') return given;
  const store = createTokenStore(io.env);
  const servers = new Map(specs.map((spec) => [serverOf(spec.url), spec]));
  const access = new Map<string, ServerAccess>();
  const strangers: [string, ServerSpec][] = [];
  for (const [server, spec] of servers) {
    access.set(server, { fetch: wayTo(spec.url, io) });
    if ((await ownSocketOf(spec.url, io)) === null) strangers.push([server, spec]);
  }
  const isForOne = given.kind === 'given' && strangers.length === 1;
  if (given.kind === 'given' && strangers.length > 1) complain(io, forOneServer(strangers.length));
  for (const [server, spec] of strangers) {
    const token = isForOne ? given.token : await rememberedOrAsked(server, spec, store, io);
    if (token !== null) access.set(server, { fetch: wayTo(spec.url, io), token });
  }
  return { kind: 'open', accessTo: (url) => access.get(serverOf(url)) ?? { fetch } };
}

/** A server of our own may start later than we, or again: its socket is looked for at each request. */
function wayTo(url: string, io: Io): Fetch {
  return portHere(url) === null ? fetch : fetchFromOwnServer(() => ownSocketOf(url, io));
}

function ownSocketOf(url: string, { env }: Io): Promise<string | null> {
  const port = portHere(url);
  return port === null ? Promise.resolve(null) : findSocketPath(port, env);
}

/** The port of an address at which our own `serve` may listen; null where it cannot be. */
function portHere(url: string): number | null {
  const { protocol, hostname, port } = new URL(url);
  const isHere = protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost');
  return isHere ? Number(port || 80) : null;
}

async function rememberedOrAsked(
  server: string,
  { kind, url }: ServerSpec,
  store: TokenStore,
  io: Io,
): Promise<string | null> {
  const file = store.fileFor(server);
  const remembered = await store.read(file);
  if (!io.stdin.isTTY || !io.stderr.isTTY) return remembered;
  const asked = kind === 'agui' ? url : `${server}/`;
  if (!(await wantsAnotherToken(asked, remembered, io))) return remembered;
  const where = shownAddress(url);
  if (remembered !== null) complain(io, notItsToken(where));
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const token = (await askSecret(`token of ${where} (empty: go on without): `, io))?.trim();
    if (!token) return null;
    if (!isHeaderText(token) || (await wantsAnotherToken(asked, token, io))) {
      complain(io, notItsToken(where));
      continue;
    }
    await store.write(file, token).catch((error) => complain(io, notRemembered(where, file, error)));
    return token;
  }
  return null;
}

const MOST_TRIES = 3;
const ANSWER_WITHIN_MS = 3_000;

/** Does the server answer that it wants a token, or another than this one? What does not answer is waited for by its source. */
async function wantsAnotherToken(url: string, token: string | null, io: Io): Promise<boolean> {
  const over = new AbortController();
  const stop = io.clock.after(ANSWER_WITHIN_MS, () => over.abort());
  const headers: Record<string, string> = { accept: 'text/event-stream, application/json' };
  if (token !== null) headers.authorization = `Bearer ${token}`;
  try {
    return (await fetch(url, { headers, signal: over.signal })).status === 401;
  } catch {
    return false;
  } finally {
    stop();
    over.abort();
  }
}

function forOneServer(count: number): Problem {
  return problem(
    'not-allowed',
    'degraded',
    `the token in the environment is for one server, but ${count} are attached: it is sent to none`,
    'unset TASKGLASS_TOKEN and TASKGLASS_TOKEN_FILE, and attach in a terminal: each is asked for once',
  );
}

function notItsToken(where: PlainText): Problem {
  return problem(
    'refused',
    'degraded',
    `${where} does not know this token`,
    'taskglass serve says on its stderr where its token lies',
  );
}

function notRemembered(where: PlainText, file: string, error: unknown): Problem {
  const words = plainName(`the token of ${where} cannot be kept in ${file}: ${errorMessage(error)}`);
  return problem('unreadable', 'degraded', words, 'it will be asked for again');
}
