import type { IncomingMessage } from 'node:http';
import { isLoopback, isOwnOrigin } from '../io/own-origin.ts';

/**
 * Returns why a request without the token is refused; null if it is not. Web pages of other sites are known by their
 * Origin, by what browsers say of the site they come from, and by the Host. A request with the token is no such page,
 * and may use any name, as through a proxy.
 */
export function refusalOf(request: Pick<IncomingMessage, 'headers'>): string | null {
  const { host, origin, 'sec-fetch-site': site = 'none' } = request.headers;
  if (!isLoopback(host)) return "this host name is not the server's: send the token, or use 127.0.0.1";
  if (origin !== undefined && !isOwnOrigin(origin, host)) return 'web pages of other sites are refused';
  if (site !== 'none' && site !== 'same-origin') return 'web pages of other sites are refused';
  return null;
}
