import type { IncomingMessage } from 'node:http';
import { COMMAND_NAMES } from '../model/command.ts';
import { bearsToken, isSameSecret } from '../publish/agui/request.ts';
import { refusalOf } from './guard.ts';

/** What a request may do. */
export type Access =
  /** Everything: it has the token, or comes through the socket that only the user's own programs can open. */
  | { readonly kind: 'owner' }
  /** Only reading, if that is open to every user of the machine. */
  | { readonly kind: 'reader' }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly error: string };

export type Refusal = Extract<Access, { kind: 'refused' }>;

/** What is required of requests through a port, to which every user and every web page on the machine can connect. */
export interface AccessRules {
  readonly token: string;
  /** Whether reading needs no token. */
  readonly isOpen: boolean;
}

export const OWNER: Access = { kind: 'owner' };

/** Returns what a request through a port may do. */
export function accessOf(request: Pick<IncomingMessage, 'headers'>, { token, isOpen }: AccessRules): Access {
  if (bearsToken(request, token) || offersToken(request, token)) return OWNER;
  const error = refusalOf(request);
  if (error !== null) return { kind: 'refused', status: 403, error };
  return isOpen ? { kind: 'reader' } : NEEDS_TOKEN;
}

export const NEEDS_TOKEN: Refusal = {
  kind: 'refused',
  status: 401,
  error: "the server's token is needed: Authorization: Bearer …",
};

/** The only protocol that a WebSocket here speaks. */
export const SOCKET_PROTOCOL = 'taskglass';
const TOKEN_PROTOCOL = 'taskglass.bearer.';

/**
 * Tells whether a WebSocket request has the token among the protocols that it offers, as `taskglass.bearer.` followed by the
 * token in base64url. That is the only header that a browser lets a page set. An address would be the wrong place, because
 * addresses are written into logs and histories.
 */
function offersToken({ headers }: Pick<IncomingMessage, 'headers'>, token: string): boolean {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const expected = `${TOKEN_PROTOCOL}${Buffer.from(token).toString('base64url')}`;
  return offered.some((name) => name.startsWith(TOKEN_PROTOCOL) && isSameSecret(name, expected));
}

/**
 * Returns the headers that tell a listener its rights: `x-taskglass-commands` names the commands of this server,
 * `x-taskglass-refusal` says why those of this listener would be refused nevertheless.
 */
export function accessHeaders(access: Access, readOnly: boolean): Record<string, string> {
  if (readOnly) return { 'x-taskglass-commands': '', 'x-taskglass-refusal': 'the server is read-only' };
  const headers = { 'x-taskglass-commands': COMMAND_NAMES.join(', ') };
  return access.kind === 'owner'
    ? headers
    : { ...headers, 'x-taskglass-refusal': "needs the server's token (TASKGLASS_TOKEN_FILE)" };
}
