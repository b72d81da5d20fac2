import { z } from 'zod';
import type { EarlierRun } from '../../../eta/estimator.ts';
import { readJson } from '../../../model/json.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { STEP_STATUSES } from '../../../model/task.ts';
import { plainName, words } from '../../../model/text.ts';

/**
 * A run as `taskglass record` wrote it, for `taskglass eta`: what an estimator would have received, and how the run ended.
 */
export interface Trace extends EarlierRun {
  readonly job: string;
  /** The number of the run among those of its job. */
  readonly run: number;
}

const Head = z.object({
  job: z.string().min(1),
  run: z.number(),
  steps: z.array(z.string()).min(1),
});

const Time = z.number().min(0);

const Event = z.object({
  t: Time,
  step: z.number().int().min(0),
  status: z.enum(STEP_STATUSES),
  progress: z.number().exactOptional(),
  reportedMs: z.number().exactOptional(),
});

const End = z.object({ t: Time.gt(0), status: z.literal('completed') });

/** Reads what `taskglass record` writes: a head, the events in chronological order, and an end, as one line of JSON each. */
export function decodeTrace(text: string, file: string): Trace | Problem {
  const lines = text.split('\n').flatMap((line, index) => (line.trim() ? [{ line, number: index + 1 }] : []));
  const [head, ...rest] = lines;
  const end = rest.pop();
  if (!head || !end) return fault(file, lines[0]?.number ?? 1, 'a trace needs at least a head and an end');

  const first = read(head, Head, file);
  if ('kind' in first) return first;
  const last = read(end, End, file);
  if ('kind' in last) return last;
  const events: z.infer<typeof Event>[] = [];
  for (const line of rest) {
    const event = read(line, Event, file);
    if ('kind' in event) return event;
    if (event.step >= first.steps.length) return fault(file, line.number, `there is no step ${event.step}`);
    if (event.t < (events.at(-1)?.t ?? 0)) return fault(file, line.number, 'its times go backwards');
    events.push(event);
  }
  if (last.t < (events.at(-1)?.t ?? 0)) return fault(file, end.number, 'it ends before its last event');
  return { ...first, events, durationMs: last.t };
}

function read<T>(
  { line, number }: { line: string; number: number },
  schema: z.ZodType<T>,
  file: string,
): T | Problem {
  const value = readJson(line);
  if (value === undefined) return fault(file, number, 'it is not JSON');
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return fault(file, number, `${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'not understood'}`);
}

function fault(file: string, line: number, what: string): Problem {
  return problem(
    'malformed',
    'down',
    words`${plainName(file)}, line ${line}: ${plainName(what)}`,
    'a trace is what taskglass record writes: docs/eta.md',
  );
}
