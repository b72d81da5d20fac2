import { jsonObject, readJson } from './json.ts';
import { LOG_STREAMS, type LogLine, type LogStream } from './log.ts';

/** The query of a request to `/log` of `taskglass serve`. */
export interface LogQuery {
  /** The task's id, as the server knows it. */
  readonly task: string;
  /** Only lines from this moment on, epoch ms. */
  readonly sinceMs?: number;
  /** Only this many of the last lines that exist already. */
  readonly tail?: number;
  /** Whether later lines are sent as well, until the task has ended. */
  readonly follow: boolean;
}

const LONGEST_ID = 8 * 1024;

export function encodeLogQuery({ task, sinceMs, tail, follow }: LogQuery): string {
  const query = new URLSearchParams({ task });
  if (sinceMs !== undefined) query.set('since', String(sinceMs));
  if (tail !== undefined) query.set('tail', String(tail));
  if (follow) query.set('follow', '1');
  return query.toString();
}

/** Decodes a query for a log. Returns null if it names no task, or if `since` or `tail` is not a number. */
export function decodeLogQuery(search: string): LogQuery | null {
  const query = new URLSearchParams(search);
  const task = query.get('task') ?? '';
  const sinceMs = numberIn(query.get('since'));
  const tail = numberIn(query.get('tail'));
  if (task === '' || task.length > LONGEST_ID || sinceMs === null || tail === null) return null;
  return {
    task,
    ...(sinceMs !== undefined && { sinceMs }),
    ...(tail !== undefined && { tail }),
    follow: query.get('follow') === '1',
  };
}

function numberIn(text: string | null): number | null | undefined {
  if (text === null) return undefined;
  const number = /^\d{1,15}$/u.test(text) ? Number(text) : null;
  return number;
}

/** Encodes a line as JSON. (Between lines, the server may send a blank one to show that it is alive.) */
export function encodeLogLine({ at, stream, text }: LogLine): string {
  return `${JSON.stringify({ at, stream, text })}\n`;
}

const STREAMS: ReadonlySet<unknown> = new Set(LOG_STREAMS);

/** Decodes a line of a log. Returns null if it is malformed. */
export function decodeLogLine(json: string): LogLine | null {
  const { at, stream, text } = jsonObject(readJson(json)) ?? {};
  if (typeof at !== 'number' || typeof text !== 'string' || !STREAMS.has(stream)) return null;
  return { at, stream: stream as LogStream, text: text.replaceAll('\n', ' ') };
}
