import type { Question } from '../../model/details.ts';
import { jsonObject, readJson } from '../../model/json.ts';
import { readMoment } from '../../model/moment.ts';
import type { Step, StepStatus, TaskState } from '../../model/task.ts';
import { type PlainText, plainNameOrNull, plainTextOrNull, words } from '../../model/text.ts';
import type { Row } from '../../storage/foreign-tables.ts';
import { latestOf } from '../kit/decode-fields.ts';
import type { SessionRecord } from './query.ts';

/** The state of a session according to its own records. */
export interface Standing {
  readonly phase: 'new' | 'working' | 'done' | 'failed' | 'aborted';
  /** When its last turn began, and ended. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly movedAt: number | null;
  /** What the agent said last, or what it is doing. */
  readonly lastLine: PlainText | null;
  readonly error: PlainText | null;
  readonly question: Question | null;
}

/** Reads the state of a session from its last message. */
export function standingOf({ session, message, parts }: SessionRecord): Standing {
  const stamps = [session.time_updated, message?.updated, ...parts.map(({ updated }) => updated)];
  const phase = phaseOf(message);
  const said = parts.find(({ type }) => type === 'text')?.text;
  const doing = parts.find(({ type, status }) => type === 'tool' && status !== 'completed')?.title;
  return {
    phase,
    startedAt: readMoment(message?.asked) ?? readMoment(message?.created),
    endedAt: readMoment(message?.completed) ?? readMoment(message?.updated),
    movedAt: latestOf(stamps.map((stamp) => readMoment(stamp))),
    // The user's prompt is not the agent's output.
    lastLine: message?.role === 'user' ? null : (firstLine(doing) ?? firstLine(said)),
    error: phase === 'failed' ? (plainTextOrNull(message?.why) ?? plainNameOrNull(message?.error)) : null,
    question: phase === 'working' ? questionAmong(parts) : null,
  };
}

function phaseOf(message: Row | null): Standing['phase'] {
  if (!message) return 'new';
  if (message.role !== 'assistant') return 'working';
  if (message.error) return /abort/iu.test(message.error) ? 'aborted' : 'failed';
  // Tool calls are followed by another message.
  return !message.completed || message.finish === 'tool-calls' ? 'working' : 'done';
}

/** Returns the question for which the agent waits, if it has asked one. */
function questionAmong(parts: readonly Row[]): Question | null {
  const part = parts.find(({ tool, status }) => tool === 'question' && status === 'running');
  const asked = jsonObject(readJson(part?.question ?? ''));
  const text = plainNameOrNull(asked?.question) ?? plainNameOrNull(asked?.header);
  if (text === null) return null;
  const options: unknown[] = Array.isArray(asked?.options) ? asked.options.slice(0, 100) : [];
  const choices = options.map((option) => plainNameOrNull(jsonObject(option)?.label));
  return {
    text,
    choices: choices.filter((choice) => choice !== null),
    askedAt: readMoment(part?.updated),
  };
}

/** What is known about the processes around a session. */
export interface Surroundings {
  /** Whether it changed so recently that somebody is still working on it. */
  readonly isMoving: boolean;
  /** Whether an opencode is alive; null if the system does not tell. */
  readonly isAlive: boolean | null;
}

export function stateOf(standing: Standing, steps: readonly Step[], around: Surroundings): TaskState {
  const { phase, endedAt, lastLine, question } = standing;
  switch (phase) {
    case 'new':
      return { status: 'queued', reason: null };
    case 'failed':
      return { status: 'failed', endedAt, error: standing.error };
    case 'aborted':
      return { status: 'cancelled', endedAt, reason: null };
    case 'done':
      if (isAllDone(steps)) return { status: 'completed', endedAt, result: lastLine };
      return { status: 'waiting', reason: lastLine ?? words`turn done` };
    case 'working':
      if (question) return { status: 'needs-input', reason: question.text };
      if (!around.isMoving && around.isAlive === false)
        return { status: 'waiting', reason: words`its opencode is gone` };
      return { status: 'running', reason: null };
    default:
      return phase satisfies never;
  }
}

function isAllDone(steps: readonly Step[]): boolean {
  return steps.length > 0 && steps.every(({ status }) => status === 'completed' || status === 'skipped');
}

const STEP_STATUSES: ReadonlyMap<unknown, StepStatus> = new Map([
  ['in_progress', 'running'],
  ['completed', 'completed'],
  ['cancelled', 'skipped'],
]);

/** Reads a session's todos as steps. */
export function stepsOf(todos: readonly Row[]): Step[] {
  return todos.map(({ content, status }, index): Step => {
    return {
      index,
      name: plainNameOrNull(content) ?? words`step ${index + 1}`,
      status: STEP_STATUSES.get(status) ?? 'pending',
      progress: null,
      weight: 1,
      startedAt: null,
      endedAt: null,
    };
  });
}

function firstLine(raw: string | null | undefined): PlainText | null {
  return plainNameOrNull(/\S[^\n]*/u.exec(raw ?? '')?.[0] ?? null);
}
