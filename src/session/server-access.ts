import { errorMessage, type Problem, problem } from '../model/problem.ts';
import { shownAddress } from '../model/shown-url.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { bearer, type Fetch, fetchFromOwnServer } from '../sources/agui/socket-fetch.ts';
import { findSocketPath } from '../storage/runtime-directory.ts';
import type { SessionContext } from './context.ts';
import { ownersOfPort } from './port-owners.ts';
import {
  createTokenStore,
  isHeaderText,
  readGivenToken,
  serverOf,
  type TokenStore,
} from './server-tokens.ts';
import type { ServerSpec } from './source-specs.ts';

/** How to reach a server. */
export interface ServerAccess {
  /** Adds the stored token of the server, if there is one. */
  readonly fetch: Fetch;
  /** The token from the environment, if it belongs to this server. */
  readonly token?: string;
}

export type OpenedAccess =
  | { readonly kind: 'open'; accessTo(url: string): ServerAccess }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Finds, for each server that is named, its own token and nobody else's. This user's own servers on this machine need none,
 * because they are reached through their sockets. For others, it is the one from the environment, if only a single server
 * could be meant; otherwise the one entered earlier; otherwise the person at the terminal is asked, if the server wants one.
 */
export async function openServerAccess(
  specs: readonly ServerSpec[],
  context: SessionContext,
): Promise<OpenedAccess> {
  const given = await readGivenToken(context);
  if (given.kind === 'refused') return given;
  const store = createTokenStore(context.env);
  const access = new Map<string, ServerAccess>();
  const strangers = new Map<string, ServerSpec>();
  for (const spec of specs) {
    access.set(serverOf(spec.url), { fetch: wayTo(spec.url, store, context) });
    if ((await ownSocketOf(spec.url, context)) === null) strangers.set(serverOf(spec.url), spec);
  }
  const isForOne = given.kind === 'given' && strangers.size === 1;
  if (given.kind === 'given' && strangers.size > 1) context.onProblem(forOneServer(strangers.size));
  for (const [server, spec] of strangers) {
    const token = isForOne ? given.token : await askWhereNeeded(spec, store, context);
    if (token !== null) access.set(server, { fetch: wayTo(spec.url, store, context), token });
  }
  return { kind: 'open', accessTo: (url) => access.get(serverOf(url)) ?? { fetch } };
}

/**
 * Finds the way to a server for each request anew. A server of our own may start later, or again, and another program may
 * take its port. So each time we look for its socket, and otherwise for the token of the server that is listening there.
 */
function wayTo(url: string, store: TokenStore, context: SessionContext): Fetch {
  const withToken: Fetch = async (address, init) => {
    if (init.headers.authorization !== undefined) return fetch(address, init);
    const token = await store.read(await tokenFile(url, store));
    return fetch(address, { ...init, headers: { ...init.headers, ...bearer(token) } });
  };
  return fetchFromOwnServer(() => ownSocketOf(url, context), withToken);
}

async function tokenFile(url: string, store: TokenStore): Promise<string> {
  const port = portHere(url);
  return store.fileFor(serverOf(url), port === null ? [] : await ownersOfPort(port));
}

/** Returns the socket of our own server, which listens on 127.0.0.1: the same port of `[::1]` may belong to another. */
async function ownSocketOf(url: string, { env }: SessionContext): Promise<string | null> {
  const { protocol, hostname } = new URL(url);
  const port = portHere(url);
  if (port === null || protocol !== 'http:' || hostname === '[::1]') return null;
  return findSocketPath(port, env);
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Returns the port of an address on this machine; null for any other address. */
function portHere(url: string): number | null {
  const { protocol, hostname, port } = new URL(url);
  return LOOPBACK.has(hostname) ? Number(port || (protocol === 'http:' ? 80 : 443)) : null;
}

/**
 * Asks the person at the terminal if the server wants a token other than the stored one, and stores the answer. Returns the
 * token only if it cannot be stored.
 */
async function askWhereNeeded(
  { kind, url }: ServerSpec,
  store: TokenStore,
  context: SessionContext,
): Promise<string | null> {
  const { askSecret, onProblem } = context;
  if (askSecret === null) return null;
  const page = kind === 'attach' ? `${serverOf(url)}/` : folderOf(url);
  const file = await tokenFile(url, store);
  const kept = await store.read(file);
  if (!(await wantsAnotherToken(page, kept, context))) return null;
  const where = shownAddress(url);
  if (kept !== null) onProblem(notItsToken(where));
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const token = (await askSecret(words`token of ${where} (leave empty to continue without it): `))?.trim();
    if (!token) return null;
    if (isHeaderText(token) && !(await wantsAnotherToken(page, token, context)))
      return keep(token, where, file, store, context);
    onProblem(notItsToken(where));
  }
  return null;
}

/**
 * Returns the address at which an agent's server is asked whether it knows a token. It is not the agent itself, which might
 * start a run, nor the root of its host, where another server may be that must not see the token.
 */
function folderOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return new URL('.', `${origin}${pathname.replace(/\/+$/u, '')}`).href;
}

async function keep(
  token: string,
  where: PlainText,
  file: string,
  store: TokenStore,
  context: SessionContext,
): Promise<string | null> {
  try {
    await store.write(file, token);
    return null;
  } catch (error) {
    context.onProblem(notRemembered(where, file, error));
    return token;
  }
}

const MOST_TRIES = 3;
const ANSWER_WITHIN_MS = 3_000;

/** Tells whether the server wants a token, or one other than this. If it does not answer, its source will wait for it. */
async function wantsAnotherToken(
  url: string,
  token: string | null,
  { clock }: SessionContext,
): Promise<boolean> {
  const over = new AbortController();
  const stop = clock.after(ANSWER_WITHIN_MS, () => over.abort());
  const headers = { accept: 'text/event-stream, application/json', ...bearer(token) };
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
    words`the token in the environment is for one server, but ${count} are attached, so it was sent to none`,
    'unset TASKGLASS_TOKEN and TASKGLASS_TOKEN_FILE, and attach in a terminal: each is asked for once',
  );
}

function notItsToken(where: PlainText): Problem {
  return problem(
    'refused',
    'degraded',
    words`${where} does not accept this token`,
    'taskglass serve prints on stderr where its token is',
  );
}

function notRemembered(where: PlainText, file: string, error: unknown): Problem {
  const said = plainName(`the token of ${where} cannot be saved in ${file}: ${errorMessage(error)}`);
  return problem('unreadable', 'degraded', said, 'it will be asked for again');
}
