import type { IncomingMessage } from 'node:http';
import { isNameOfMachine, isOwnOrigin } from '../io/own-origin.ts';

/** The origins of web pages that may connect, as browsers write them (`https://app.example`), or `*` for any. */
export type AllowedOrigins = readonly string[];

/**
 * Returns why a client may not connect; null if it may. Web pages send an Origin. Some programs send one, too: that of the
 * relay itself. They may connect, unless its name may be one that was made to point here.
 */
export function refusalOfVisitor(
  { headers: { origin, host } }: Pick<IncomingMessage, 'headers'>,
  allowed: AllowedOrigins,
): string | null {
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return null;
  if (isOwnOrigin(origin, host) && isNameOfMachine(host)) return null;
  return 'web pages of other sites are not let in: start the relay with --allow-origin to change that';
}
