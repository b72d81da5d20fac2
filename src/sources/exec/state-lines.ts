import { type Clock, sleep } from '../../clock.ts';
import { FILE_LIMIT_BYTES } from '../../io/file-problem.ts';
import { createTextLines } from '../../io/text-lines.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, words } from '../../model/text.ts';
import { createStateReader } from '../dashboard-state/state-reader.ts';
import type { DocumentReading } from '../kit/document-source.ts';
import { outputProblem } from './problems.ts';

/** Receives what the lines of a command contain. */
export interface StateListener {
  /** The newest state. */
  state(state: DocumentReading): void;
  /** There is no state among the lines that arrived together. */
  wrong(problem: Problem): void;
}

/** How many of the lines that arrive together are searched for a state, the newest first. */
const LINES_LOOKED_AT = 16;
/** More than this at once is a flood: it is left in the pipe for a while, which slows down the program that prints it. */
const FLOOD_BYTES = 1024 * 1024;
const FLOOD_REST_MS = 30;

/**
 * Reads states, one per line, until the output ends or is destroyed. Of those that arrive together, only the newest counts. A
 * flood gets at most half of the time.
 */
export async function readStateLines(
  output: AsyncIterable<Buffer>,
  {
    name,
    clock,
    signal,
    listener,
  }: {
    readonly name: PlainText;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly listener: StateListener;
  },
): Promise<void> {
  const reader = createStateReader();
  let lines: (string | null)[] = [];
  const splitter = createTextLines((line) => lines.push(line), { longest: FILE_LIMIT_BYTES });
  let hasState = false;
  let sinceRest = 0;

  function takeNewest(): void {
    const newestFirst = lines.filter((line) => line?.trim() !== '').reverse();
    lines = [];
    let wrong: Problem | null = null;
    let lookedAt = 0;
    for (const line of newestFirst) {
      if (wrong && !line?.trimStart().startsWith('{')) continue; // not a state, and what is wrong is known
      if (lookedAt === LINES_LOOKED_AT) break;
      lookedAt += 1;
      const reading = line === null ? null : reader.read(line, clock.now());
      if (reading?.kind === 'state') {
        hasState = true;
        const problem: Problem | null = wrong && { ...wrong, severity: 'degraded' };
        return listener.state({ ...reading.state, problem: problem ?? reading.state.problem });
      }
      const severity = hasState ? 'degraded' : 'down';
      wrong ??= reading
        ? outputProblem(reading, words`a line of ${name}`, severity)
        : tooLong(name, severity);
    }
    if (wrong) listener.wrong(wrong);
  }

  try {
    for await (const chunk of output) {
      const startedAt = clock.monotonic();
      splitter.write(chunk);
      takeNewest();
      sinceRest += chunk.length;
      const tookMs = clock.monotonic() - startedAt;
      if (tookMs === 0 && sinceRest < FLOOD_BYTES) continue;
      await sleep(clock, sinceRest < FLOOD_BYTES ? tookMs : Math.max(FLOOD_REST_MS, tookMs), signal);
      if (sinceRest >= FLOOD_BYTES) sinceRest = 0;
    }
    splitter.end();
    takeNewest();
  } catch {
    // It was destroyed: the command has ended, or is about to.
  }
}

function tooLong(name: PlainText, severity: Problem['severity']): Problem {
  const said = words`a line of ${name} is longer than ${FILE_LIMIT_BYTES / 1024 / 1024} MiB`;
  return problem('too-large', severity, said, 'it was skipped; each line must be one whole state');
}
