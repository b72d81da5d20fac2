import type { IncomingMessage } from 'node:http';
import { COMMAND_NAMES } from '../model/command.ts';
import { bearsToken, isSameSecret } from '../publish/agui/request.ts';
import { refusalOf } from './guard.ts';

/** What a request may do. */
export type Access =
  /** Everything: it brings the token, or comes through the socket that only the user's own programs can open. */
  | { readonly kind: 'owner' }
  /** Reading, if that is open to every user of the machine. */
  | { readonly kind: 'reader' }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly error: string };

export type Refusal = Extract<Access, { kind: 'refused' }>;

/** What is asked of those who come by a port, to which every user and every web page of the machine can connect. */
export interface AccessRules {
  readonly token: string;
  /** Reading needs no token. */
  readonly isOpen: boolean;
}

export const OWNER: Access = { kind: 'owner' };

/** Returns what a request that came by a port may do. */
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

/** The one protocol that a WebSocket here speaks. */
export const SOCKET_PROTOCOL = 'taskglass';
const TOKEN_PROTOCOL = 'taskglass.bearer.';

/**
 * Tells whether a WebSocket's request brings the token among the protocols it offers, as `taskglass.bearer.` and the
 * token in base64url. That is the only header that a browser lets a page set. An address would be the wrong place: it
 * is written into logs and histories.
 */
function offersToken({ headers }: Pick<IncomingMessage, 'headers'>, token: string): boolean {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const expected = `${TOKEN_PROTOCOL}${Buffer.from(token).toString('base64url')}`;
  return offered.some((name) => name.startsWith(TOKEN_PROTOCOL) && isSameSecret(name, expected));
}

/**
 * Returns the headers that tell a listener its rights: `x-taskglass-commands` names the commands of this server,
 * `x-taskglass-refusal` says why this listener's would be refused all the same.
 */
export function accessHeaders(access: Access, readOnly: boolean): Record<string, string> {
  if (readOnly) return { 'x-taskglass-commands': '', 'x-taskglass-refusal': 'the server is read-only' };
  const headers = { 'x-taskglass-commands': COMMAND_NAMES.join(', ') };
  return access.kind === 'owner'
    ? headers
    : { ...headers, 'x-taskglass-refusal': "needs the server's token (TASKGLASS_TOKEN_FILE)" };
}
