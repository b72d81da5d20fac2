import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../clock.ts';
import type { LogLine, LogRequest, OpenedLog } from '../../model/log.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { decodeLogLine, encodeLogQuery } from '../../model/served-log.ts';
import { shownAddress } from '../../model/shown-url.ts';
import { type PlainText, words } from '../../model/text.ts';
import { accessProblem, readRefusal } from '../agui/access-problem.ts';
import { bearer, type Fetch, WayError } from '../agui/socket-fetch.ts';

/** The server answers at once, even if the log has nothing new. */
const ANSWER_TIMEOUT_MS = 5_000;
/** A server that was asked to follow a log ends the answer when the task has ended; we wait no longer than this for it. */
const END_TIMEOUT_MS = 5_000;
/** A line is at most 64 Ki characters, each of which may take six in JSON. */
const LONGEST_LINE = 1024 * 1024;

/** Opens a log of another taskglass. */
export async function openServedLog(options: {
  /** The server's page, without its query. */
  readonly url: string;
  /** The server's name; its address if absent. */
  readonly where?: PlainText;
  readonly token: string | null;
  readonly fetch: Fetch;
  readonly taskId: string;
  readonly request: LogRequest;
  readonly clock: Clock;
}): Promise<OpenedLog> {
  const { url, token, taskId, request, clock } = options;
  const { signal, follow, ...which } = request;
  const where = options.where ?? shownAddress(url);
  const query = encodeLogQuery({ ...which, task: taskId, follow: follow !== undefined && !follow.aborted });
  const over = new AbortController();
  const stopTimer = clock.after(ANSWER_TIMEOUT_MS, () => over.abort());
  follow?.addEventListener('abort', () => void clock.after(END_TIMEOUT_MS, () => over.abort()), {
    once: true,
  });
  try {
    const response = await options.fetch(`${url}?${query}`, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, over.signal]),
      headers: {
        accept: 'application/x-ndjson',
        ...bearer(token),
      },
    });
    if (response.ok && response.body) return { kind: 'opened', lines: linesOf(response.body) };
    return { kind: 'none', problem: await refusalOf(response, where, token !== null) };
  } catch (error) {
    if (error instanceof WayError) return { kind: 'none', problem: error.problem };
    const said = problem('no-answer', 'down', words`${where} does not answer`, 'is the server running?');
    return { kind: 'none', problem: said };
  } finally {
    stopTimer();
  }
}

async function refusalOf(response: Response, where: PlainText, broughtToken: boolean): Promise<Problem> {
  const why = await readRefusal(response);
  const unwanted = accessProblem(response.status, where, broughtToken);
  if (unwanted) return unwanted;
  return problem(response.status === 404 ? 'missing' : 'refused', 'down', words`${where}: ${why}`);
}

/** Reads a stranger's lines: they are limited, and anything that is not a line is skipped. A lost connection ends the log. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly LogLine[]> {
  const decoder = new StringDecoder();
  let rest = '';
  try {
    for await (const piece of body) {
      const lines = (rest + decoder.write(piece as Buffer)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) return;
      const read = lines.flatMap((line) => decodeLogLine(line) ?? []);
      if (read.length > 0) yield read;
    }
  } catch {
    // The connection was lost, or is no longer wanted.
  }
}
