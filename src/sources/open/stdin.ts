import type { Readable } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { FILE_LIMIT_BYTES } from '../../io/file-problem.ts';
import { createEventQueue } from '../../io/queue.ts';
import { createTextLines } from '../../io/text-lines.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import {
  createStateReader,
  STATE_FORM,
  type StateReading,
  whyNoState,
} from '../dashboard-state/state-reader.ts';
import { createTaskPublisher } from '../kit/publish-tasks.ts';
import type { Source } from '../kit/source.ts';

/**
 * Shows what arrives on standard input: dashboard states, one per line, each replacing the one before; or a single document
 * over several lines. The last state stays in view when the input ends. There are no commands.
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
  const reader = createStateReader();
  let hasGoodView = false;

  /** Takes a text. Returns whether it was a state; if not, reports what it is. */
  function take(text: string, what: PlainText): boolean {
    const reading = reader.read(text, clock.now());
    if (reading.kind !== 'state') {
      publisher.fail(notAState(reading, what, hasGoodView ? 'degraded' : 'down'));
      return false;
    }
    hasGoodView = true;
    publisher.publish(reading.state.tasks, { ...reading.state, offers: () => [] });
    return true;
  }

  /** Everything up to the first state: it may be one document over several lines. */
  let prologue = '';
  let lineNumber = 0;
  const lines = createTextLines(
    (line) => {
      lineNumber += 1;
      if (line === null) return publisher.fail(tooLong(lineNumber, hasGoodView));
      if (line.trim() === '') return;
      if (!hasGoodView && prologue.length < FILE_LIMIT_BYTES) prologue += `${line}\n`;
      if (take(line, words`line ${lineNumber} of standard input`)) prologue = '';
    },
    { longest: FILE_LIMIT_BYTES },
  );
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

function notAState(
  reading: Exclude<StateReading, { kind: 'state' }>,
  what: PlainText,
  severity: Problem['severity'],
): Problem {
  const hint =
    reading.kind === 'own-line' ? words`give taskglass the source itself instead of its output` : HINT;
  return problem('malformed', severity, whyNoState(reading, what), hint);
}

const HINT = words`one dashboard state per line is expected: ${STATE_FORM}`;

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
