import type { Note } from '../../../model/task.ts';
import { type PlainText, words } from '../../../model/text.ts';
import type { HookSignal } from './format.ts';

/** What the hooks of a session have recorded so far. */
export interface SessionSignals {
  readonly home: string;
  readonly cwd: PlainText | null;
  readonly title: PlainText | null;
  readonly startedAt: number | null;
  /** When the last of them was recorded. */
  readonly at: number;
  readonly phase: SignalledPhase;
  /** What a person is asked, the oldest first. */
  readonly asks: readonly Ask[];
  readonly tasks: readonly SignalledStep[];
  readonly running: readonly SignalledStep[];
  /** What the agent said last. */
  readonly said: PlainText | null;
  readonly notes: readonly Note[];
}

export type SignalledPhase =
  | { readonly kind: 'working' | 'idle' | 'ended' }
  | { readonly kind: 'failed'; readonly why: PlainText };

/** A question; `held` if it can be answered from here. */
export interface Ask {
  readonly at: number;
  readonly agent: string | null;
  readonly text: PlainText;
  readonly choices: readonly PlainText[];
  readonly held: { readonly id: string; readonly until: number } | null;
}

export interface SignalledStep {
  readonly id: string;
  readonly name: PlainText;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** How many answers are kept as notes. */
const MOST_NOTES = 20;
/** These notifications mean that somebody has to do something; the others report what is already known. */
const ASKING: readonly string[] = [
  'permission_prompt',
  'worker_permission_prompt',
  'elicitation_dialog',
  'agent_needs_input',
];

/** Combines the signals of a session, given in order; null if there are none. */
export function sessionSignals(signals: readonly HookSignal[]): SessionSignals | null {
  let session: SessionSignals | null = null;
  for (const signal of signals) session = next(session ?? begun(signal), signal);
  return session;
}

function begun({ home, at }: HookSignal): SessionSignals {
  const phase = { kind: 'working' } as const;
  return {
    home,
    cwd: null,
    title: null,
    startedAt: null,
    at,
    phase,
    asks: [],
    tasks: [],
    running: [],
    said: null,
    notes: [],
  };
}

/** Returns a session after one more signal. One that this version does not know changes only the time. */
function next(before: SessionSignals, signal: HookSignal): SessionSignals {
  const session: SessionSignals = {
    ...before,
    at: Math.max(before.at, signal.at),
    cwd: signal.cwd ?? before.cwd,
    title: signal.title ?? before.title,
    running: signal.running ? knownSince(before.running, signal) : before.running,
    said: signal.said ?? before.said,
  };
  const withoutAsks = { ...session, asks: session.asks.filter(({ agent }) => agent !== signal.agent) };
  switch (signal.event) {
    case 'SessionStart':
      return { ...session, startedAt: session.startedAt ?? signal.at, phase: { kind: 'idle' }, asks: [] };
    case 'UserPromptSubmit':
    case 'PermissionDenied':
      return { ...withoutAsks, phase: { kind: 'working' } };
    case 'SubagentStart':
      return { ...session, phase: { kind: 'working' } };
    case 'SubagentStop':
      return withoutAsks;
    case 'PermissionRequest':
      return { ...session, phase: { kind: 'working' }, asks: [...session.asks, requestIn(signal)] };
    case 'Released':
      return released(session, signal);
    case 'Notification':
      return notified(session, signal);
    case 'TaskCreated':
    case 'TaskCompleted':
      return { ...session, phase: { kind: 'working' }, tasks: withTask(session.tasks, signal) };
    case 'Stop':
      return { ...withoutAsks, phase: { kind: session.running.length > 0 ? 'working' : 'idle' } };
    case 'StopFailure':
      return {
        ...withoutAsks,
        phase: { kind: 'failed', why: signal.message ?? signal.kind ?? words`the turn failed` },
      };
    case 'SessionEnd':
      return { ...session, phase: { kind: 'ended' }, asks: [] };
    default:
      return session;
  }
}

function requestIn({ at, agent, tool, about, choices, held, until }: HookSignal): Ask {
  const isQuestion = tool === 'AskUserQuestion' && about !== null;
  const what = about === null ? (tool ?? words`it`) : words`${tool ?? words`a tool`}: ${about}`;
  return {
    at,
    agent,
    text: isQuestion ? about : words`allow ${what}?`,
    choices,
    held: held !== null && until !== null ? { id: held, until } : null,
  };
}

/** A request that was held and got no answer is still open: the agent itself asks. */
function released(session: SessionSignals, { held, answer, by, at }: HookSignal): SessionSignals {
  const isIt = (ask: Ask) => ask.held !== null && ask.held.id === held;
  if (answer === null)
    return { ...session, asks: session.asks.map((ask) => (isIt(ask) ? { ...ask, held: null } : ask)) };
  const asked = session.asks.find(isIt);
  const text = words`${by ?? words`somebody`} answered: ${answer}${asked ? words` (${asked.text})` : ''}`;
  return {
    ...session,
    phase: { kind: 'working' },
    asks: session.asks.filter((ask) => !isIt(ask)),
    notes: [...session.notes, { at, text }].slice(-MOST_NOTES),
  };
}

function notified(session: SessionSignals, { kind, message, agent, at }: HookSignal): SessionSignals {
  if (kind === 'idle_prompt') return { ...session, phase: { kind: 'idle' } };
  // Its own request, which came before, says more.
  if (message === null || !ASKING.includes(kind ?? '') || session.asks.length > 0) return session;
  return { ...session, asks: [{ at, agent, text: message, choices: [], held: null }] };
}

function withTask(
  tasks: readonly SignalledStep[],
  { event, task, at }: HookSignal,
): readonly SignalledStep[] {
  if (!task) return tasks;
  const known = tasks.find(({ id }) => id === task.id);
  const name = task.subject ?? known?.name ?? words`task`;
  const step = {
    id: task.id,
    name,
    startedAt: known?.startedAt ?? at,
    endedAt: event === 'TaskCompleted' ? at : null,
  };
  return known ? tasks.map((each) => (each === known ? step : each)) : [...tasks, step];
}

function knownSince(before: readonly SignalledStep[], { running, at }: HookSignal): readonly SignalledStep[] {
  return (running ?? []).map(
    ({ id, name }) => before.find((each) => each.id === id) ?? { id, name, startedAt: at, endedAt: null },
  );
}
