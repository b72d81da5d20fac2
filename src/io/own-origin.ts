import { isIP } from 'node:net';
import { hostname } from 'node:os';

// Listening on 127.0.0.1 keeps other machines out, but not pages in this machine's browser. Those send an Origin, and a Host
// whose name may have been made to point here (DNS rebinding).

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/** Tells whether a Host header names the loopback interface, which only this machine can, on whatever port. */
export function isLoopback(host: string | undefined): host is string {
  return LOOPBACK.includes(nameIn(host) ?? '');
}

/** Tells whether a Host header is an address, or a name for which no stranger's name server answers. */
export function isNameOfMachine(host: string | undefined): boolean {
  const name = nameIn(host);
  const own = hostname().toLowerCase();
  return name !== null && (isIP(name) !== 0 || ['localhost', own, `${own}.local`].includes(name));
}

/** Tells whether an Origin header is that of the server itself, as named in the Host header. */
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
