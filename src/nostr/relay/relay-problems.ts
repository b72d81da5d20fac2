import { type Problem, problem } from '../../model/problem.ts';
import { shownUrl } from '../../model/shown-url.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { LONGEST_FRAME_BYTES, LONGEST_PASSED_OVER_BYTES } from './limits.ts';

/** Returns the problem of a text that is not a relay's address. */
export function addressProblem(text: string): Problem {
  return problem(
    'malformed',
    'down',
    words`not a relay address: ${shownUrl(text)}`,
    'write ws://… or wss://…',
  );
}

/** Returns the problem of a connection that could not be opened, or broke. */
export function failureProblem(url: string, error: Error & { code?: string }): Problem {
  const where = shownUrl(url);
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    const limit = `${LONGEST_PASSED_OVER_BYTES / 1024 / 1024} MiB`;
    return problem('too-large', 'down', words`${where} sent a message of more than ${limit}: disconnected`);
  }
  const status = /Unexpected server response: (\d+)/u.exec(error.message)?.[1];
  if (status) {
    return problem(
      'refused',
      'down',
      words`${where} answers HTTP ${plainName(status)}`,
      'is this the complete address of the relay?',
    );
  }
  const [said, hint] = FAILURES.get(error.code ?? '') ?? [plainName(error.message) || words`failed`];
  return problem('unreachable', 'down', words`${where}: ${said}`, hint);
}

const FAILURES = new Map<string, readonly [said: PlainText, hint?: PlainText]>([
  ['ECONNREFUSED', [words`nothing is listening there`, words`is the relay running?`]],
  ['ECONNRESET', [words`the connection was lost`]],
  ['ENOTFOUND', [words`no such host`, words`is the name right, and the network up?`]],
  ['EAI_AGAIN', [words`the host’s name cannot be looked up`, words`is the network up?`]],
  ['EHOSTUNREACH', [words`the host cannot be reached`, words`is the network up?`]],
  ['ENETUNREACH', [words`the network cannot be reached`, words`is the network up?`]],
  ['ETIMEDOUT', [words`no answer`]],
  ['EPROTO', [words`no TLS there`, words`try ws:// instead of wss://`]],
  ['WS_ERR_INVALID_UTF8', [words`sent something that is not text`]],
]);

/** Returns the problem of a connection that the other side closed; `code` is one of RFC 6455's. */
export function closedProblem(url: string, code: number, reason: string): Problem {
  const said = plainName(reason.slice(0, 200));
  const why = said || (code === 1006 ? words`without a goodbye` : words`code ${code}`);
  return problem('unreachable', 'down', words`${shownUrl(url)} ended the connection (${why})`);
}

/** Returns the problem of a relay that does not answer; `notice` is the text of its last NOTICE. */
export function silenceProblem(
  url: string,
  after: 'connect' | 'ping' | 'request',
  notice: PlainText | null = null,
): Problem {
  const where = shownUrl(url);
  switch (after) {
    case 'connect':
      return problem('no-answer', 'down', words`${where}: no answer`, 'is this a relay?');
    case 'ping':
      return problem('no-answer', 'down', words`${where} fell silent: it no longer answers pings`);
    case 'request': {
      const said = notice ? words`: ${notice}` : '';
      const message = words`${where} is connected, but does not answer${said}`;
      return problem('no-answer', 'degraded', message, 'is this a relay?');
    }
    default:
      return after satisfies never;
  }
}

export function binaryProblem(url: string): Problem {
  return problem('malformed', 'down', words`${shownUrl(url)} sends binary data: not a relay`);
}

/** Returns the problem of a relay that does not speak the protocol. */
export function malformedProblem(url: string, severity: Problem['severity']): Problem {
  return problem('malformed', severity, words`${shownUrl(url)} sends something that is not a relay message`);
}

export function forgedProblem(url: string): Problem {
  return problem(
    'malformed',
    'degraded',
    words`${shownUrl(url)} sends events with false signatures: ignored`,
  );
}

export function floodProblem(url: string): Problem {
  return problem(
    'too-large',
    'degraded',
    words`${shownUrl(url)} sends more events than can be checked: reading as fast as possible`,
  );
}

/** Returns the problem of a subscription that the relay closed; `reason` is the relay's own. */
export function refusalProblem(url: string, reason: PlainText): Problem {
  return problem(
    'refused',
    'degraded',
    words`${shownUrl(url)} refuses the subscription: ${reason || 'no reason'}`,
  );
}

/**
 * Returns the problem of a relay that requests a login (NIP-42). `failure` is why it failed; null if we have no key.
 */
export function loginProblem(url: string, failure: PlainText | null): Problem {
  return failure === null
    ? problem('no-key', 'degraded', words`${shownUrl(url)} asks for a login`, 'taskglass key import')
    : problem('refused', 'degraded', words`${shownUrl(url)} ${failure}`);
}

/** Returns the problem of a relay that has stored more than it sends, or than we read. */
export function cutProblem(url: string): Problem {
  return problem(
    'too-large',
    'degraded',
    words`${shownUrl(url)} has more events than it sent or than are read: older jobs may be missing`,
    'watch one key with --pubkey',
  );
}

/** Returns the problem of a message that was too long to be read. */
export function passedOverProblem(url: string, severity: Problem['severity']): Problem {
  const limit = `${LONGEST_FRAME_BYTES / 1024 / 1024} MiB`;
  return problem(
    'too-large',
    severity,
    words`${shownUrl(url)} sent a message of more than ${limit}: skipped`,
  );
}
