import { type Problem, problem } from '../../model/problem.ts';
import { shownUrl } from '../../model/shown-url.ts';
import { type PlainText, plainName } from '../../model/text.ts';
import { LONGEST_FRAME_BYTES, LONGEST_PASSED_OVER_BYTES } from './limits.ts';

/** What can be wrong with a relay, each in one line that names it. */

export function addressProblem(text: string): Problem {
  return problem('malformed', 'down', `no relay’s address: ${shownUrl(text)}`, 'write ws://… or wss://…');
}

/** The connection could not be made, or broke. */
export function failureProblem(url: string, error: Error & { code?: string }): Problem {
  const where = shownUrl(url);
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    const limit = `${LONGEST_PASSED_OVER_BYTES / 1024 / 1024} MiB`;
    return problem('too-large', 'down', `${where} sent a message of more than ${limit}: disconnected`);
  }
  const status = /Unexpected server response: (\d+)/u.exec(error.message)?.[1];
  if (status) {
    return problem(
      'refused',
      'down',
      `${where} answers HTTP ${status}`,
      'is this the relay’s whole address?',
    );
  }
  const [words, hint] = FAILURES.get(error.code ?? '') ?? [plainName(error.message) || 'failed'];
  return problem('unreachable', 'down', `${where}: ${words}`, hint);
}

const FAILURES: ReadonlyMap<string, readonly [words: string, hint?: string]> = new Map<
  string,
  [string, string?]
>([
  ['ECONNREFUSED', ['nobody listens there', 'is the relay running?']],
  ['ECONNRESET', ['the connection was broken off']],
  ['ENOTFOUND', ['no such host', 'is the name right, and the network up?']],
  ['EAI_AGAIN', ['the host’s name cannot be looked up', 'is the network up?']],
  ['EHOSTUNREACH', ['the host cannot be reached', 'is the network up?']],
  ['ENETUNREACH', ['the network cannot be reached', 'is the network up?']],
  ['ETIMEDOUT', ['no answer']],
  ['EPROTO', ['no TLS there', 'try ws:// instead of wss://']],
  ['WS_ERR_INVALID_UTF8', ['sends what is no text']],
]);

/** The other side ended the connection, with a code of RFC 6455. */
export function closedProblem(url: string, code: number, reason: string): Problem {
  const words = plainName(reason.slice(0, 200));
  const why = words || (code === 1006 ? 'without a goodbye' : `code ${code}`);
  return problem('unreachable', 'down', `${shownUrl(url)} ended the connection (${why})`);
}

/** `notice` is what the relay said last, to nobody in particular. */
export function silenceProblem(
  url: string,
  after: 'connect' | 'ping' | 'request',
  notice: PlainText | null = null,
): Problem {
  const where = shownUrl(url);
  switch (after) {
    case 'connect':
      return problem('no-answer', 'down', `${where}: no answer`, 'is this a relay?');
    case 'ping':
      return problem('no-answer', 'down', `${where} fell silent: it no longer answers pings`);
    case 'request': {
      const words = notice ? `: ${notice}` : '';
      const message = `${where} is connected, but does not answer${words}`;
      return problem('no-answer', 'degraded', message, 'is this a relay?');
    }
    default:
      return after satisfies never;
  }
}

export function binaryProblem(url: string): Problem {
  return problem('malformed', 'down', `${shownUrl(url)} sends binary data: no relay`);
}

/** It speaks, but not the relays' language. */
export function malformedProblem(url: string, severity: Problem['severity']): Problem {
  return problem('malformed', severity, `${shownUrl(url)} sends what is no relay’s message`);
}

export function forgedProblem(url: string): Problem {
  return problem('malformed', 'degraded', `${shownUrl(url)} sends events with false signatures: ignored`);
}

export function floodProblem(url: string): Problem {
  return problem(
    'too-large',
    'degraded',
    `${shownUrl(url)} floods: more events than can be checked, read as fast as possible`,
  );
}

/** It closed a subscription. `reason` is its own words. */
export function refusalProblem(url: string, reason: PlainText): Problem {
  return problem(
    'refused',
    'degraded',
    `${shownUrl(url)} refuses the subscription: ${reason || 'no reason'}`,
  );
}

/** It asks who we are (NIP-42). `failure` is why it does not know it; null where we have no key. */
export function loginProblem(url: string, failure: PlainText | null): Problem {
  return failure === null
    ? problem('no-key', 'degraded', `${shownUrl(url)} asks for a login`, 'taskglass key import')
    : problem('refused', 'degraded', `${shownUrl(url)} ${failure}`);
}

/** It has stored more than it gives, or than is read. */
export function cutProblem(url: string): Problem {
  return problem(
    'too-large',
    'degraded',
    `${shownUrl(url)} holds more than it gave or than is read back: older jobs may be missing`,
    'watch one key with --pubkey',
  );
}

/** It sent what is too long to be read. */
export function passedOverProblem(url: string, severity: Problem['severity']): Problem {
  const limit = `${LONGEST_FRAME_BYTES / 1024 / 1024} MiB`;
  return problem('too-large', severity, `${shownUrl(url)} sent a message of more than ${limit}: passed over`);
}
