import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import type { Clock } from '../../clock.ts';
import { FILE_LIMIT_BYTES } from '../../io/file-problem.ts';
import { type JsonReading, parseJson } from '../../io/json-text.ts';
import { createEventQueue } from '../../io/queue.ts';
import { encodingOf } from '../../io/text-encoding.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { jsonObject } from '../../model/json.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { decodeDashboardState, decodeDashboardTask } from '../dashboard-state/format.ts';
import { createDecodeMemo } from '../kit/decode-list.ts';
import { createMomentReader } from '../kit/naive-zone.ts';
import { createTaskPublisher } from '../kit/publish-tasks.ts';
import type { Source } from '../kit/source.ts';

/**
 * Shows what comes in on standard input: dashboard states, one a line, each replacing the one before; or a single
 * document over several lines. What it last said stays in view when the input ends. Takes no commands.
 */
export function createStdinSource(options: {
  readonly id: SourceId;
  readonly input: Readable;
  readonly clock: Clock;
}): Source {
  return {
    id: options.id,
    kind: 'dashboard-state',
    location: '-',
    events: ({ signal }) => events(options, signal),
    commands: {},
  };
}

async function* events(
  { id, input, clock }: { id: SourceId; input: Readable; clock: Clock },
  signal: AbortSignal,
): AsyncGenerator<SourceEvent> {
  const queue = createEventQueue<SourceEvent>(signal);
  const publisher = createTaskPublisher(id, queue.push);
  const moments = createMomentReader();
  const memo = createDecodeMemo((raw) => decodeDashboardTask(raw, moments.read));
  let hasGoodView = false;

  /** Takes a text. Tells whether it was a state; if not, says what it is. */
  function take(text: string, what: PlainText): boolean {
    const parsed = parseJson(text);
    const document = 'value' in parsed ? parsed.value : null;
    if (moments.look(document, clock.now())) memo.forget();
    const state = decodeDashboardState(document, memo.decode);
    memo.turn();
    if (!state) {
      publisher.fail(notAState(parsed, what, hasGoodView ? 'degraded' : 'down'));
      return false;
    }
    hasGoodView = true;
    const at = moments.read(jsonObject(document)?.timestamp) ?? clock.now();
    publisher.publish(state.tasks, {
      problem: state.problem ?? moments.problem,
      firstSeenAt: at,
      changedAt: at,
      offers: () => [],
    });
    return true;
  }

  /** Everything up to the first state: it may be one document over several lines. */
  let prologue = '';
  let lineNumber = 0;
  const lines = createLineSplitter((line) => {
    lineNumber += 1;
    if (line === null) return publisher.fail(tooLong(lineNumber, hasGoodView));
    if (line.trim() === '') return;
    if (!hasGoodView && prologue.length < FILE_LIMIT_BYTES) prologue += `${line}\n`;
    if (take(line, words`line ${lineNumber} of standard input`)) prologue = '';
  });
  const onEnd = () => {
    lines.end();
    if (!hasGoodView && prologue === '') publisher.fail(nothingCame());
    else if (!hasGoodView && lineNumber > 1) take(prologue, words`standard input`);
    queue.end();
  };
  const onError = (error: Error) => {
    publisher.fail(cannotRead(error));
    queue.end();
  };

  input.on('data', lines.write).on('end', onEnd).on('error', onError);
  try {
    yield* queue;
  } finally {
    input.off('data', lines.write).off('end', onEnd).off('error', onError).pause();
  }
}

/** Cuts chunks into lines. A line of more than 64 MiB is passed over and told as null. */
function createLineSplitter(onLine: (line: string | null) => void): {
  write(chunk: Buffer | string): void;
  end(): void;
} {
  let decoder: TextDecoder | null = null;
  let begun = '';
  let isTooLong = false;

  const finish = (rest: string) => {
    onLine(isTooLong ? null : begun + rest);
    begun = '';
    isTooLong = false;
  };
  const go = (text: string) => {
    const [first = '', ...others] = text.split('\n');
    const last = others.pop();
    if (last === undefined) return append(first);
    finish(first);
    for (const line of others) finish(line);
    append(last);
  };
  const append = (text: string) => {
    isTooLong ||= begun.length + text.length > FILE_LIMIT_BYTES;
    begun = isTooLong ? '' : begun + text;
  };

  return {
    write(chunk) {
      if (typeof chunk === 'string') return go(chunk);
      decoder ??= new TextDecoder(encodingOf(chunk));
      go(decoder.decode(chunk, { stream: true }));
    },
    end() {
      go(decoder?.decode() ?? '');
      if (begun !== '' || isTooLong) finish('');
    },
  };
}

/** The lines of our own `--json` stream: a mix-up that is easy to make. */
const STREAM_LINE_TYPES = new Set(['snapshot', 'task', 'removed', 'source']);

function notAState(parsed: JsonReading, what: PlainText, severity: Problem['severity']): Problem {
  if ('explain' in parsed) {
    const { what: fault, at } = parsed.explain();
    const place = at ? words` (column ${at.column})` : '';
    return problem('malformed', severity, words`${what} is not JSON${place}: ${plainName(fault)}`, HINT);
  }
  const type = jsonObject(parsed.value)?.type;
  if (typeof type === 'string' && STREAM_LINE_TYPES.has(type))
    return problem(
      'malformed',
      severity,
      words`${what} is what taskglass --json prints ("${plainName(type)}"), not a dashboard state`,
      'give taskglass the source itself instead of its output',
    );
  return problem('malformed', severity, words`${what} is JSON, but it has no activeTasks`, HINT);
}

const HINT = 'one dashboard state a line is expected: {"version":1,"timestamp":…,"activeTasks":[…]}';

function tooLong(lineNumber: number, hasGoodView: boolean): Problem {
  return problem(
    'too-large',
    hasGoodView ? 'degraded' : 'down',
    words`line ${lineNumber} of standard input is longer than 64 MiB`,
    'it was skipped',
  );
}

function nothingCame(): Problem {
  return problem('missing', 'down', 'standard input ended without a line', HINT);
}

function cannotRead(error: Error): Problem {
  return problem('unreadable', 'down', words`standard input cannot be read: ${plainName(error.message)}`);
}
