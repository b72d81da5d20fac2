import type { Clock } from '../../clock.ts';
import { connectionFailure } from '../../io/connection-failure.ts';
import { FILE_LIMIT_BYTES } from '../../io/file-problem.ts';
import { parseJson } from '../../io/json-text.ts';
import { readBody } from '../../io/read-body.ts';
import { jsonObject } from '../../model/json.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';

/** The answer of a Maestro server; `status` is null if it did not answer at all. */
export type Answer =
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly status: number | null; readonly problem: Problem };

/** The HTTP side of a Maestro server. Every request has a time limit, and every answer a size limit. */
export interface MaestroClient {
  /** The address as it may be shown. */
  readonly where: PlainText;
  request(method: 'GET' | 'PATCH' | 'POST', path: string, body?: object): Promise<Answer>;
}

/** How long a server may take to answer before it counts as hanging. */
const ANSWER_TIMEOUT_MS = 5_000;

export function createMaestroClient(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}): MaestroClient {
  const { clock, signal, timeoutMs = ANSWER_TIMEOUT_MS } = options;
  const base = new URL(options.url);
  const where = plainName(`${base.origin}${base.pathname.replace(/\/$/u, '')}`);

  async function request(method: string, path: string, body?: object): Promise<Answer> {
    const timeout = new AbortController();
    const stopTimer = clock.after(timeoutMs, () => timeout.abort());
    try {
      const response = await fetch(`${where}${path}`, {
        method,
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
        headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await readBody(response.body, FILE_LIMIT_BYTES);
      if (text === null) return failed(response.status, tooLarge(where));
      const parsed = parseJson(text);
      if (!response.ok) {
        const said = 'value' in parsed ? wordsOf(parsed.value) : null;
        return failed(response.status, refusal(where, path, response.status, said));
      }
      if ('value' in parsed) return { kind: 'ok', value: parsed.value };
      return failed(response.status, noJson(where, path));
    } catch (error) {
      return failed(null, timeout.signal.aborted ? hanging(where, timeoutMs) : unreachable(where, error));
    } finally {
      stopTimer();
    }
  }

  return { where, request };
}

export function taskPath(id: string): string {
  return `/api/tasks/${encodeURIComponent(id)}`;
}

/** Returns the list in an answer: bare, or wrapped as the program's own command line wraps it. */
export function listIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  const data = jsonObject(value)?.data;
  return Array.isArray(data) ? data : null;
}

function failed(status: number | null, problem: Problem): Answer {
  return { kind: 'failed', status, problem };
}

/** Reads `{error: true, message}` or `{error: "…"}`. */
function wordsOf(value: unknown): PlainText | null {
  const answer = jsonObject(value);
  return plainNameOrNull(answer?.message) ?? plainNameOrNull(answer?.error);
}

function refusal(where: PlainText, path: string, status: number, said: PlainText | null): Problem {
  const why = said === null ? '' : words`: ${said}`;
  const hint = status === 401 || status === 403 ? 'its login is not supported' : 'is it a Maestro server?';
  return problem('refused', 'down', words`${where} answers ${status} to ${plainName(path)}${why}`, hint);
}

function noJson(where: PlainText, path: string): Problem {
  return problem(
    'malformed',
    'down',
    words`${where}${plainName(path)} is not JSON`,
    'is it a Maestro server?',
  );
}

function tooLarge(where: PlainText): Problem {
  const megabytes = FILE_LIMIT_BYTES / 1024 / 1024;
  return problem(
    'too-large',
    'down',
    words`${where} sends more than ${megabytes} MiB`,
    'its last good view is still shown',
  );
}

function hanging(where: PlainText, timeoutMs: number): Problem {
  return problem(
    'no-answer',
    'down',
    words`${where} did not answer within ${timeoutMs / 1000} s`,
    'asking again',
  );
}

function unreachable(where: PlainText, error: unknown): Problem {
  const why = connectionFailure(error);
  return problem('unreachable', 'down', words`${where}: ${why}`, 'is the Maestro server running?');
}
