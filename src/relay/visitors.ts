import type { IncomingMessage } from 'node:http';
import { isNameOfMachine, isOwnOrigin } from '../io/own-origin.ts';

/** Origins of web pages that may connect, as browsers write them (`https://app.example`), or `*` for any. */
export type AllowedOrigins = readonly string[];

/**
 * Why a client may not connect; null if it may. Web pages come with an Origin. Some programs send one as well, that of the
 * relay itself: they are let in unless the name may have been made to point here.
 */
export function refusalOfVisitor(
  { headers: { origin, host } }: Pick<IncomingMessage, 'headers'>,
  allowed: AllowedOrigins,
): string | null {
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return null;
  if (isOwnOrigin(origin, host) && isNameOfMachine(host)) return null;
  return 'web pages of other sites are not let in: start the relay with --allow-origin to change that';
}
