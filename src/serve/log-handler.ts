import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { TaskId } from '../model/id.ts';
import type { LogLine } from '../model/log.ts';
import { problemText } from '../model/problem.ts';
import { decodeLogQuery, encodeLogLine } from '../model/served-log.ts';
import { plainName } from '../model/text.ts';
import type { Monitor } from '../monitor.ts';
import type { Filter } from '../store/filter.ts';
import { findEntry } from '../store/state.ts';
import { type Access, NEEDS_TOKEN } from './access.ts';
import { answerJson, COMMON_HEADERS } from './answer.ts';
import { STUCK_AFTER_MS } from './listener.ts';
import { piecesOf } from './pieces.ts';

/** Answers with the output of tasks. */
export interface LogHandler {
  handle(request: IncomingMessage, response: ServerResponse, access: Access): Promise<void>;
  /** Ends all reading. */
  close(): void;
}

/** Each reader keeps a file open, and a piece of it in memory. */
const MOST_READERS = 32;
/** A blank line on a quiet stream keeps proxies from closing it, and tells the reader that we are alive. */
const BLANK_EVERY_MS = 15_000;

/**
 * Answers `GET /log?task=ID&since=MS&tail=N&follow=1` with a line of JSON for each line, no faster than it is read. Errors:
 * 400 no task named, 401 no token or a wrong one (even if reading is open, because output may contain anything), 404 no such
 * task, or no output kept, 503 too many readers.
 */
export function createLogHandler(options: {
  readonly monitor: Pick<Monitor, 'getState' | 'log'>;
  readonly clock: Clock;
  readonly isListed: Filter;
}): LogHandler {
  const { monitor, clock, isListed } = options;
  const readers = new Set<AbortController>();

  return {
    async handle(request, response, access) {
      const answer = (status: number, error: string) => answerJson(response, status, { error });
      if (access.kind !== 'owner') return answer(NEEDS_TOKEN.status, NEEDS_TOKEN.error);
      const query = decodeLogQuery((request.url ?? '').split('?')[1] ?? '');
      if (!query) return answer(400, 'name a task: /log?task=ID, with since=MS, tail=N or follow=1');
      if (readers.size >= MOST_READERS) return answer(503, 'too many log readers');
      const entry = findEntry(monitor.getState(), query.task as TaskId);
      if (!entry || !isListed(entry)) return answer(404, plainName(`there is no task ${query.task}`));

      const gone = new AbortController();
      readers.add(gone);
      request.socket.once('close', () => gone.abort());
      try {
        const opened = await monitor.log(entry.task.id, { ...query, signal: gone.signal });
        if (opened.kind === 'none') return answer(404, problemText(opened.problem));
        await stream(response, opened.lines, gone.signal, clock);
      } finally {
        readers.delete(gone);
      }
    },
    close() {
      for (const reader of readers) reader.abort();
    },
  };
}

async function stream(
  response: ServerResponse,
  batches: AsyncIterable<readonly LogLine[]>,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> {
  response.writeHead(200, {
    ...COMMON_HEADERS,
    'content-type': 'application/x-ndjson',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  let stopTimer = () => {};
  const blankSoon = () => {
    stopTimer = clock.after(BLANK_EVERY_MS, () => {
      if (!response.writableNeedDrain) response.write('\n');
      blankSoon();
    });
  };
  blankSoon();
  for await (const lines of batches) {
    for (const piece of piecesOf(lines.map(encodeLogLine).join('')))
      if (!signal.aborted && !response.write(piece)) await drained(response, signal, clock);
  }
  stopTimer();
  response.end();
}

async function drained(response: ServerResponse, signal: AbortSignal, clock: Clock): Promise<void> {
  const calmDown = clock.after(STUCK_AFTER_MS, () => response.destroy());
  await once(response, 'drain', { signal }).catch(() => {});
  calmDown();
}
