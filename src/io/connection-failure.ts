import { errorMessage } from '../model/problem.ts';
import { type PlainText, plainName } from '../model/text.ts';

/** The meanings of the system's codes for a connection that could not be opened. */
const UNREACHED: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing is listening there'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'the host’s name cannot be looked up'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no answer'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'no TLS there: try http:// instead of https://'],
]);

/** And for one that was lost. For the library's other codes, its messages are more helpful. */
const LOST: ReadonlyMap<string, string> = new Map([
  ['ECONNRESET', 'the connection was lost'],
  ['UND_ERR_SOCKET', 'the connection was lost'],
  ['ETIMEDOUT', 'no answer'],
]);

/** Returns why `fetch` could not connect, or lost the connection, in a few words. */
export function connectionFailure(error: unknown): PlainText {
  const { code, message } = causeOf(error);
  return plainName(
    UNREACHED.get(code ?? '') ?? LOST.get(code ?? '') ?? code ?? message ?? errorMessage(error),
  );
}

/** Tells whether `fetch` failed before it sent any part of the request. */
export function isBeforeConnection(error: unknown): boolean {
  return UNREACHED.has(causeOf(error).code ?? '');
}

/** Returns the cause of an error of `fetch`; an error of a connection itself, which has a code, is its own cause. */
function causeOf(error: unknown): { readonly code?: string; readonly message?: string } {
  const { cause, code } = error as { cause?: { code?: string; message?: string }; code?: unknown };
  return cause ?? (typeof code === 'string' ? (error as { code: string }) : {});
}
