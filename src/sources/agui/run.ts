import { jsonObject } from '../../model/json.ts';
import { keepNewest } from '../../model/keep-newest.ts';
import type { Note, StepStatus } from '../../model/task.ts';
import { type PlainText, plainNameOrNull, plainTextOrNull, words } from '../../model/text.ts';
import { epochMs } from '../kit/task-draft.ts';
import { activityText } from './activity-text.ts';
import { applyPatch } from './patch.ts';

/** One run of an agent, as far as its AG-UI events have described it. Immutable. */
export interface Run {
  readonly id: PlainText;
  readonly threadId: PlainText | null;
  /** What the agent was asked, if the stream repeats it. */
  readonly asked: PlainText | null;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly steps: readonly RunStep[];
  /** The tool calls under way: their names by their ids, the latest last. */
  readonly tools: ReadonlyMap<string, PlainText>;
  /** What the agent says that it is doing: documents by their ids, the latest last. */
  readonly activities: ReadonlyMap<string, unknown>;
  /** The end of the message that is being written, or was written last. */
  readonly message: string;
  /** Which tools it used, and when. */
  readonly notes: readonly Note[];
  readonly end: RunEnd | null;
}

export interface RunStep {
  readonly name: PlainText;
  /** Which of several agents carries it out; steps of two agents may have the same name. */
  readonly agent: string | null;
  readonly status: StepStatus;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** How a run ended; an `interrupted` one waits for a person. */
export type RunEnd =
  | { readonly how: 'completed'; readonly at: number; readonly result: PlainText | null }
  | { readonly how: 'failed'; readonly at: number; readonly error: PlainText | null }
  | { readonly how: 'cancelled'; readonly at: number }
  | { readonly how: 'interrupted'; readonly at: number; readonly question: PlainText | null };

/** An AG-UI event: a JSON object with a type. Nothing else about it is checked. */
export type RunEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** How much of a run is kept; anything more is ignored. */
const MOST_STEPS = 1_000;
const MOST_TOOLS = 100;
const MOST_ACTIVITIES = 20;
const MOST_NOTES = 100;
const MESSAGE_CHARACTERS = 8 * 1024;

/** Returns a run that has just begun. `event` is its RUN_STARTED, or the first event of a run that did not report its start. */
export function startRun(event: RunEvent, at: number): Run {
  const startedAt = epochMs(event.timestamp) ?? at;
  return {
    id: plainNameOrNull(event.runId) ?? plainNameOrNull(event.threadId) ?? words`run`,
    threadId: plainNameOrNull(event.threadId),
    asked: lastQuestion(jsonObject(event.input)?.messages),
    startedAt,
    updatedAt: startedAt,
    steps: [],
    tools: new Map(),
    activities: new Map(),
    message: '',
    notes: [],
    end: null,
  };
}

/**
 * Returns the run after an event, or the same run if the event does not concern it. `now` is the time of an event without a
 * timestamp.
 */
export function advanceRun(run: Run, event: RunEvent, now: number): Run {
  const at = epochMs(event.timestamp) ?? now;
  const change = changeOf(run, event, at);
  return change ? { ...run, ...change, updatedAt: at } : run;
}

function changeOf(run: Run, event: RunEvent, at: number): Partial<Run> | null {
  switch (event.type) {
    case 'STEP_STARTED':
      return stepStarted(run, event, at);
    case 'STEP_FINISHED':
      return stepFinished(run, event, at);
    case 'TOOL_CALL_START':
    case 'TOOL_CALL_CHUNK':
      return toolStarted(run, event, at);
    case 'TOOL_CALL_END':
    case 'TOOL_CALL_RESULT':
      return toolEnded(run, event);
    case 'ACTIVITY_SNAPSHOT':
      return activity(run, event, event.content);
    case 'ACTIVITY_DELTA':
      return activityDelta(run, event);
    case 'TEXT_MESSAGE_START':
      return { message: '' };
    case 'TEXT_MESSAGE_CONTENT':
    case 'TEXT_MESSAGE_CHUNK':
      return typeof event.delta === 'string'
        ? { message: (run.message + event.delta).slice(-MESSAGE_CHARACTERS) }
        : null;
    case 'RUN_FINISHED':
      return closed(run, finishOf(run, event, at), at);
    case 'RUN_ERROR':
      return closed(
        run,
        { how: 'failed', at, error: plainTextOrNull(event.message) ?? plainTextOrNull(event.code) },
        at,
      );
    default:
      return null;
  }
}

function stepStarted(run: Run, event: RunEvent, at: number): Partial<Run> | null {
  const name = plainNameOrNull(event.stepName);
  if (name === null || run.steps.length >= MOST_STEPS) return null;
  const step: RunStep = {
    name,
    agent: plainNameOrNull(event.subagentRunId),
    status: 'running',
    startedAt: at,
    endedAt: null,
  };
  return { steps: [...run.steps, step] };
}

/** Ends a step. Steps with the same name may follow each other: the last open one is meant. */
function stepFinished(run: Run, event: RunEvent, at: number): Partial<Run> | null {
  const name = plainNameOrNull(event.stepName);
  const agent = plainNameOrNull(event.subagentRunId);
  const index = run.steps.findLastIndex(
    (step) => step.name === name && step.agent === agent && step.status === 'running',
  );
  const step = run.steps[index];
  return step ? { steps: run.steps.with(index, { ...step, status: 'completed', endedAt: at }) } : null;
}

function toolStarted(run: Run, event: RunEvent, at: number): Partial<Run> | null {
  const name = plainNameOrNull(event.toolCallName);
  const id = plainNameOrNull(event.toolCallId) ?? name;
  if (name === null || id === null || run.tools.has(id)) return null;
  return {
    tools: withLatest(run.tools, id, name, MOST_TOOLS),
    notes: [...run.notes, { at, text: name }].slice(-MOST_NOTES),
  };
}

function toolEnded(run: Run, event: RunEvent): Partial<Run> | null {
  const id = plainNameOrNull(event.toolCallId) ?? '';
  if (!run.tools.has(id)) return null;
  const tools = new Map(run.tools);
  tools.delete(id);
  return { tools };
}

function activity(run: Run, event: RunEvent, content: unknown): Partial<Run> {
  const id = plainNameOrNull(event.messageId) ?? plainNameOrNull(event.activityType) ?? '';
  const document = { activityType: event.activityType, content };
  return { activities: withLatest(run.activities, id, document, MOST_ACTIVITIES) };
}

function activityDelta(run: Run, event: RunEvent): Partial<Run> | null {
  const id = plainNameOrNull(event.messageId) ?? '';
  const content = jsonObject(run.activities.get(id))?.content ?? {};
  const patched = applyPatch(content, Array.isArray(event.patch) ? event.patch : []);
  return patched.kind === 'patched' ? activity(run, event, patched.document) : null;
}

/** Returns what the agent is doing, in a few words: the tool that it uses, its activity, or the last line that it wrote. */
export function doingOf(run: Run): PlainText | null {
  const tool = [...run.tools.values()].at(-1);
  if (tool) return tool;
  const latest = [...run.activities.values()].at(-1);
  return (latest === undefined ? null : activityText(latest)) ?? lastLine(run.message);
}

function lastLine(message: string): PlainText | null {
  const line = message.trimEnd().split('\n').at(-1) ?? '';
  return plainNameOrNull(line.slice(0, 300));
}

function finishOf(run: Run, event: RunEvent, at: number): RunEnd {
  const outcome = jsonObject(event.outcome);
  const word = outcome?.type ?? event.outcome;
  if (word === 'cancelled') return { how: 'cancelled', at };
  if (word === 'interrupt') {
    const interrupts = Array.isArray(outcome?.interrupts) ? outcome.interrupts : [event.interrupt];
    const first = jsonObject(interrupts[0]);
    return {
      how: 'interrupted',
      at,
      question: plainNameOrNull(first?.message) ?? plainNameOrNull(first?.reason),
    };
  }
  return { how: 'completed', at, result: resultText(event.result) ?? plainTextOrNull(run.message) };
}

function resultText(result: unknown): PlainText | null {
  if (typeof result !== 'object' || result === null) return plainTextOrNull(result);
  return plainTextOrNull(JSON.stringify(result));
}

/** Ends what was still open, in the way in which the run ended. */
function closed(run: Run, end: RunEnd, at: number): Partial<Run> {
  const steps = run.steps.map((step) => (step.status === 'running' ? stepAtEnd(step, end, at) : step));
  return { end, steps, tools: new Map() };
}

function stepAtEnd(step: RunStep, { how }: RunEnd, at: number): RunStep {
  if (how === 'interrupted') return step;
  if (how === 'cancelled') return { ...step, status: 'pending', startedAt: null };
  return { ...step, status: how, endedAt: at };
}

/** Returns what the person last asked, from the messages with which the run began. */
function lastQuestion(messages: unknown): PlainText | null {
  if (!Array.isArray(messages)) return null;
  const asked = messages.findLast((message) => jsonObject(message)?.role === 'user');
  const content = jsonObject(asked)?.content;
  const text = Array.isArray(content) ? content.map((part) => jsonObject(part)?.text).find(Boolean) : content;
  return typeof text === 'string' ? plainNameOrNull(text.slice(0, 200)) : null;
}

function withLatest<T>(
  map: ReadonlyMap<string, T>,
  id: string,
  value: T,
  most: number,
): ReadonlyMap<string, T> {
  const next = new Map(map);
  next.delete(id);
  next.set(id, value);
  keepNewest(next, most);
  return next;
}
