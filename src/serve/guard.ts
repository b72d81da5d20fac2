import type { IncomingMessage } from 'node:http';

/** Names of this machine, however the port was forwarded. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Why a request without the token is not even told of one; null where it may be. Listening on 127.0.0.1 keeps other
 * machines out, but not the web pages that are open on this one: they are told by their Origin, by what browsers say of
 * the site they come from, and, where a page's own name was made to point here (DNS rebinding), by the Host. Who brings
 * the token is no such page, and may come by any name: through a proxy.
 */
export function refusalOf(request: Pick<IncomingMessage, 'headers'>): string | null {
  const { host, origin, 'sec-fetch-site': site = 'none' } = request.headers;
  if (!isLoopback(host))
    return 'this name is not of the machine that serves: bring the token, or ask 127.0.0.1';
  if (origin !== undefined && !isOwnOrigin(origin, host)) return 'web pages of other sites are not answered';
  if (site !== 'none' && site !== 'same-origin') return 'web pages of other sites are not answered';
  return null;
}

function isLoopback(host: string | undefined): host is string {
  return (
    host !== undefined && URL.canParse(`http://${host}`) && LOOPBACK.has(new URL(`http://${host}`).hostname)
  );
}

function isOwnOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host;
}
