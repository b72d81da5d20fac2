import { errorMessage } from '../model/problem.ts';
import { type PlainText, plainName } from '../model/text.ts';

/** What the system's words for a failed connection mean; the library's own codes say less than its messages. */
const CAUSES: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nobody listens there'],
  ['ECONNRESET', 'the connection broke off'],
  ['UND_ERR_SOCKET', 'the connection broke off'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'the host’s name cannot be looked up'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['ETIMEDOUT', 'no answer'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'no TLS there: http:// instead of https://'],
]);

/** Why `fetch` could not connect, or lost the connection, in a few words. */
export function connectionFailure(error: unknown): PlainText {
  const { code, message } = (error as { cause?: { code?: string; message?: string } }).cause ?? {};
  return plainName(CAUSES.get(code ?? '') ?? code ?? message ?? errorMessage(error));
}
