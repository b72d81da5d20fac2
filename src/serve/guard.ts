import type { IncomingMessage } from 'node:http';
import { isLoopback, isOwnOrigin } from '../io/own-origin.ts';

/**
 * Returns why a request without the token is refused; null if it is not. Pages of other web sites are recognised by their
 * Origin, by what browsers say about the site they come from, and by the Host. A request with the token does not come from
 * such a page, and may use any host name, for example through a proxy.
 */
export function refusalOf(request: Pick<IncomingMessage, 'headers'>): string | null {
  const { host, origin, 'sec-fetch-site': site = 'none' } = request.headers;
  if (!isLoopback(host)) return "this host name is not the server's: send the token, or use 127.0.0.1";
  if (origin !== undefined && !isOwnOrigin(origin, host)) return 'web pages of other sites are refused';
  if (site !== 'none' && site !== 'same-origin') return 'web pages of other sites are refused';
  return null;
}
