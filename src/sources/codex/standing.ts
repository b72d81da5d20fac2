import { jsonObject, readJson } from '../../model/json.ts';
import { type ReadMoment, readMoment } from '../../model/moment.ts';
import { type PlainText, plainNameOrNull, plainTextOrNull } from '../../model/text.ts';
import { decodeLine, type RolloutLine } from './format.ts';
import { agentMessageOf, firstLine, userMessageOf } from './messages.ts';
import { decodePlan, type PlanStep } from './plan.ts';

type Json = Readonly<Record<string, unknown>>;

/** A turn: the agent's work on its last prompt. Codex 0.40 and older report only turns that were aborted. */
export interface Turn {
  readonly id: string | null;
  readonly status: 'running' | 'completed' | 'aborted';
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** What the agent said at its end, or why it was aborted. */
  readonly message: PlainText | null;
}

/** A question of the agent that has no answer yet. */
export interface Asked {
  readonly callId: string;
  readonly text: PlainText;
  readonly choices: readonly PlainText[];
  readonly askedAt: number | null;
}

/** The state of a session after the lines that were read. */
export interface Standing {
  readonly turn: Turn | null;
  /** null until there is one. */
  readonly plan: readonly PlanStep[] | null;
  readonly question: Asked | null;
  readonly lastLine: PlainText | null;
  readonly model: PlainText | null;
  /** Whether it has been asked anything. */
  readonly hasBegun: boolean;
  /** Whether all its lines were read: then what appears for the first time has only just begun. */
  readonly isWhole: boolean;
}

/** Returns the state of a session before anything of it was read; `isWhole` says whether all its lines will be. */
export function newStanding(isWhole: boolean): Standing {
  return {
    turn: null,
    plan: null,
    question: null,
    lastLine: null,
    model: null,
    hasBegun: !isWhole,
    isWhole,
  };
}

/** Returns the state of a session after some more of its lines. */
export function afterLines(
  before: Standing,
  lines: readonly string[],
  read: ReadMoment = readMoment,
): Standing {
  let standing = before;
  for (const text of lines) {
    const line = decodeLine(text);
    if (line) standing = afterLine(standing, line, read);
  }
  return standing;
}

function afterLine(
  standing: Standing,
  { type, timestamp, payload }: RolloutLine,
  read: ReadMoment,
): Standing {
  const at = read(timestamp);
  if (type === 'turn_context')
    return { ...standing, model: plainNameOrNull(payload.model) ?? standing.model };
  if (type === 'response_item') return afterCall(standing, payload, at);
  if (type !== 'event_msg') return standing;
  switch (payload.type) {
    case 'task_started':
    case 'turn_started':
      return begun(standing, payload, read(payload.started_at) ?? at);
    case 'task_complete':
    case 'turn_complete':
      return ended(standing, payload, 'completed', at ?? read(payload.completed_at));
    case 'turn_aborted':
      return ended(standing, payload, 'aborted', at ?? read(payload.completed_at));
    default:
      return afterMessage(standing, payload);
  }
}

function begun(standing: Standing, payload: Json, startedAt: number | null): Standing {
  const turn: Turn = { id: idOf(payload), status: 'running', startedAt, endedAt: null, message: null };
  // A finished plan does not belong to the next turn.
  const isDone = standing.plan?.every(({ status }) => status === 'completed');
  return { ...standing, turn, plan: isDone ? null : standing.plan, question: null, hasBegun: true };
}

function ended(
  standing: Standing,
  payload: Json,
  status: 'completed' | 'aborted',
  endedAt: number | null,
): Standing {
  const { turn } = standing;
  const id = idOf(payload);
  // The end of a turn that was replaced by another may arrive late.
  if (turn?.status === 'running' && turn.id !== null && id !== null && turn.id !== id) return standing;
  const said = plainTextOrNull(payload.last_agent_message);
  const message = status === 'completed' ? said : plainNameOrNull(payload.reason);
  const startedAt = turn?.status === 'running' ? turn.startedAt : null;
  return {
    ...standing,
    turn: { id, status, startedAt, endedAt, message },
    question: null,
    lastLine: firstLine(said) ?? standing.lastLine,
    hasBegun: true,
  };
}

function idOf({ turn_id: id }: Json): string | null {
  return typeof id === 'string' ? id : null;
}

function afterMessage(standing: Standing, payload: Json): Standing {
  if (userMessageOf(payload) !== null) {
    // If the beginning of a turn is not reported, this is one.
    const turn = standing.turn?.status === 'running' ? standing.turn : null;
    return { ...standing, turn, hasBegun: true };
  }
  const said = agentMessageOf(payload);
  return said === null ? standing : { ...standing, lastLine: said, hasBegun: true };
}

function afterCall(standing: Standing, payload: Json, at: number | null): Standing {
  if (payload.type === 'function_call_output')
    return payload.call_id === standing.question?.callId ? { ...standing, question: null } : standing;
  if (payload.type !== 'function_call') return standing;
  const raw = payload.arguments;
  const given = jsonObject(typeof raw === 'string' ? readJson(raw) : raw);
  if (payload.name === 'update_plan' && Array.isArray(given?.plan))
    return {
      ...standing,
      plan: decodePlan(given.plan, standing.plan, at, standing.isWhole && standing.plan === null),
      hasBegun: true,
    };
  if (payload.name === 'request_user_input' && typeof payload.call_id === 'string')
    return { ...standing, question: decodeQuestion(given, payload.call_id, at) };
  return standing;
}

function decodeQuestion(given: Json | null, callId: string, askedAt: number | null): Asked | null {
  const listed: unknown[] = Array.isArray(given?.questions) ? given.questions : [];
  const first = jsonObject(listed[0]);
  const text = plainNameOrNull(first?.question) ?? plainNameOrNull(first?.header);
  if (text === null) return null;
  const options: unknown[] = Array.isArray(first?.options) ? first.options.slice(0, 100) : [];
  const choices = options.map((raw) => plainNameOrNull(jsonObject(raw)?.label ?? raw));
  return { callId, text, choices: choices.filter((choice) => choice !== null), askedAt };
}
