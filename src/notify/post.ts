import { type Clock, sleep } from '../clock.ts';
import { createBackoff } from '../io/backoff.ts';
import { connectionFailure } from '../io/connection-failure.ts';
import { readBody } from '../io/read-body.ts';
import { jsonObject, readJson } from '../model/json.ts';
import { type Problem, problem } from '../model/problem.ts';
import { shownServer, withoutAddressSecrets } from '../model/shown-url.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../model/text.ts';
import { ARRIVED, failed, type Outcome } from './channel.ts';

/** How long one attempt may take. */
const LIMIT_MS = 10_000;
const ATTEMPTS = 5;
const REDIRECTS = 3;
/** The longest wait, whatever a server asks for. */
const LONGEST_WAIT_MS = 120_000;
/** How many wait for their turn at most: if the server hangs for a day, later ones are dropped. */
const MOST_WAITING = 50;
const ANSWER_LIMIT_BYTES = 16 * 1024;

/** Where requests go, and what is sent with each. Both may contain secrets, and are never shown. */
export interface PostTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Posts JSON to one address, one request after the other; each is repeated for a while if it fails. */
export interface Poster {
  /** With `isOnce`, there is only one attempt. Never rejects. */
  post(body: unknown, options: { readonly signal: AbortSignal; readonly isOnce: boolean }): Promise<Outcome>;
}

/** The outcome of one attempt. */
type Attempt =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly why: Problem }
  | { readonly kind: 'later'; readonly why: Problem; readonly afterMs: number };

export function createPoster(
  channel: 'webhook' | 'ntfy',
  target: PostTarget,
  { clock, fetch = globalThis.fetch }: { readonly clock: Clock; readonly fetch?: typeof globalThis.fetch },
): Poster {
  const request = createRequest(channel, withoutLogin(target), fetch);
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function tryOnce(text: string, signal: AbortSignal): Promise<Attempt> {
    const over = new AbortController();
    const giveUp = () => over.abort();
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    const stopTimer = clock.after(LIMIT_MS, giveUp);
    try {
      return await request.send(text, over.signal);
    } catch (error) {
      const what = over.signal.aborted
        ? words`did not answer within ${LIMIT_MS / 1000} s`
        : words`cannot be reached: ${connectionFailure(error)}`;
      return { kind: 'later', why: request.complain('unreachable', what), afterMs: 0 };
    } finally {
      stopTimer();
      signal.removeEventListener('abort', giveUp);
      over.abort();
    }
  }

  async function tryAgainAndAgain(text: string, signal: AbortSignal, attempts: number): Promise<Outcome> {
    const backoff = createBackoff();
    for (let attempt = 1; ; attempt += 1) {
      const result = await tryOnce(text, signal);
      if (result.kind === 'taken') return ARRIVED;
      if (result.kind === 'refused' || attempt >= attempts || signal.aborted) return failed(result.why);
      await sleep(clock, Math.max(backoff.next(), result.afterMs), signal);
    }
  }

  return {
    post(body, { signal, isOnce }) {
      if (waiting >= MOST_WAITING)
        return Promise.resolve(
          failed(
            request.complain(
              'unreachable',
              words`is too slow: ${MOST_WAITING} notifications are waiting already, so this one was dropped`,
            ),
          ),
        );
      waiting += 1;
      const text = JSON.stringify(body);
      const posting = last.then(() => tryAgainAndAgain(text, signal, isOnce ? 1 : ATTEMPTS));
      last = posting.finally(() => {
        waiting -= 1;
      });
      return posting;
    },
  };
}

/** Creates a request to an address, which also interprets the answer. */
function createRequest(
  channel: 'webhook' | 'ntfy',
  { url, headers }: ReturnType<typeof withoutLogin>,
  fetch: typeof globalThis.fetch,
) {
  const where = shownServer(url.href);

  const complain = (kind: Problem['kind'], what: PlainText, hint?: PlainText) =>
    problem(kind, 'degraded', withoutAddressSecrets(words`${channel}: ${where} ${what}`), hint);

  function refuseRedirect(status: number, next: URL | null): Attempt {
    const to = next ? words` to ${plainName(next.origin)}` : words``;
    const what = words`redirects${to} (${status}): not followed`;
    return {
      kind: 'refused',
      why: complain('refused', what, words`if that is right, configure that address`),
    };
  }

  async function judge(response: Response): Promise<Attempt> {
    if (response.ok) {
      await response.body?.cancel();
      return { kind: 'taken' };
    }
    const { status } = response;
    const said = await saidIn(response);
    const what = words`answered ${status}${said ? words`: ${said}` : words``}`;
    const why = complain('refused', what, hintFor(status));
    if (status < 500 && status !== 408 && status !== 429) return { kind: 'refused', why };
    return { kind: 'later', why, afterMs: retryAfter(response) };
  }

  return {
    complain,
    /**
     * Sends it once; rejects as `fetch` does. A redirect is followed only within the same server, because no other may get the
     * secrets in the request.
     */
    async send(text: string, signal: AbortSignal): Promise<Attempt> {
      let to = url;
      for (let redirects = 0; redirects <= REDIRECTS; redirects += 1) {
        const response = await fetch(to, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'taskglass', ...headers },
          body: text,
          redirect: 'manual',
          signal,
        });
        if (response.status < 300 || response.status > 399) return judge(response);
        await response.body?.cancel();
        const next = nextAddress(response, to);
        const keepsMethod = response.status === 307 || response.status === 308;
        if (next?.origin !== url.origin || !keepsMethod) return refuseRedirect(response.status, next);
        to = next;
      }
      return { kind: 'refused', why: complain('refused', words`redirects too many times`) };
    },
  };
}

/** `fetch` does not accept a user name and password in an address, so they go into a header. */
function withoutLogin({ url, headers }: PostTarget): {
  readonly url: URL;
  readonly headers: PostTarget['headers'];
} {
  const address = new URL(url);
  const { username, password } = address;
  if (username === '' && password === '') return { url: address, headers };
  address.username = '';
  address.password = '';
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    url: address,
    headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}`, ...headers },
  };
}

function nextAddress(response: Response, from: URL): URL | null {
  const location = response.headers.get('location');
  return location !== null && URL.canParse(location, from.href) ? new URL(location, from) : null;
}

function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds * 1000), LONGEST_WAIT_MS) : 0;
}

/** Returns the reason that a server gives for its refusal, if it does so in the usual way: `error` or `message` in JSON. */
async function saidIn(response: Response): Promise<PlainText | null> {
  const text = await readBody(response.body, ANSWER_LIMIT_BYTES).catch(() => null);
  const { error, message } = jsonObject(readJson(text ?? '')) ?? {};
  return plainNameOrNull(error ?? message)?.slice(0, 200) ?? null;
}

function hintFor(status: number): PlainText | undefined {
  if (status === 401 || status === 403) return words`check its token or headers`;
  return status === 404 || status === 405 || status === 410 ? words`check the address` : undefined;
}
