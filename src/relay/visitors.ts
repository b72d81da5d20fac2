import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Origins of web pages that may connect, as browsers write them (`https://app.example`), or `*` for any. */
export type AllowedOrigins = readonly string[];

/**
 * Why a client may not connect; null if it may. Listening on 127.0.0.1 keeps other machines out, but not the pages
 * that are open in this machine's browser: these come with an Origin. Some programs send one as well, that of the
 * relay itself: they are let in unless the name was made to point here, as a page under a name of its own can do (DNS
 * rebinding).
 */
export function refusalOfVisitor(
  { headers: { origin, host } }: Pick<IncomingMessage, 'headers'>,
  allowed: AllowedOrigins,
): string | null {
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return null;
  if (isOwnOrigin(origin, host)) return null;
  return 'web pages of other sites are not let in: start the relay with --allow-origin to change that';
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  const [from, to] = [urlOf(origin), urlOf(`http://${host ?? ''}`)];
  if (from === null || to === null || !/^(http|ws)s?:$/u.test(from.protocol)) return false;
  return from.host === to.host && isNameOfMachine(to.hostname);
}

/** An address, or a name that no stranger's name server answers for. */
function isNameOfMachine(name: string): boolean {
  const bare = name.replace(/^\[|\]$/gu, '').replace(/\.$/u, '');
  const own = hostname().toLowerCase();
  return isIP(bare) !== 0 || ['localhost', own, `${own}.local`].includes(bare);
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
