import { isIP } from 'node:net';
import { hostname } from 'node:os';

// Listening on 127.0.0.1 keeps other machines out, but not the pages that are open in this machine's browser: these come
// with an Origin, and with a Host whose name may have been made to point here (DNS rebinding).

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/** Tells whether a Host header names this machine as only itself can, however the port was forwarded. */
export function isLoopback(host: string | undefined): host is string {
  return LOOPBACK.includes(nameIn(host) ?? '');
}

/** Tells whether a Host header has an address, or a name that no stranger's name server answers for. */
export function isNameOfMachine(host: string | undefined): boolean {
  const name = nameIn(host);
  const own = hostname().toLowerCase();
  return name !== null && (isIP(name) !== 0 || ['localhost', own, `${own}.local`].includes(name));
}

/** Tells whether an Origin header is that of a page of the server itself, as the Host header calls it. */
export function isOwnOrigin(origin: string, host: string | undefined): boolean {
  const [from, to] = [urlOf(origin), urlOf(`http://${host ?? ''}`)];
  return from !== null && to !== null && /^(http|ws)s?:$/u.test(from.protocol) && from.host === to.host;
}

function nameIn(host: string | undefined): string | null {
  const name = urlOf(`http://${host ?? ''}`)?.hostname;
  return name?.replace(/^\[|\]$/gu, '').replace(/\.$/u, '') ?? null;
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
