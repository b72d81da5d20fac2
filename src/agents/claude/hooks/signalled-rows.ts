import { basename } from 'node:path';
import { hasEnded, type Step, type TaskState } from '../../../model/task.ts';
import { type PlainText, plainNameOrNull, words } from '../../../model/text.ts';
import { latestOf } from '../../../sources/kit/decode-fields.ts';
import { BARE_DRAFT, type TaskDraft } from '../../../sources/kit/task-draft.ts';
import type { ClaudeSession } from '../format.ts';
import type { KeptJournal } from './journal.ts';
import type { Ask, SessionSignals, SignalledStep } from './session-signals.ts';

/** A request that can be answered from here. */
export interface HeldAsk {
  readonly ask: Ask;
  readonly socket: string;
}

/** How long a session that is known only from its hooks is shown after the last of them, ms. */
const UNSEEN_MS = 30 * 60_000;

/** Returns the oldest request of a session that is held and that nobody has answered anywhere. */
export function heldAsk(journal: KeptJournal, session: ClaudeSession | null, nowMs: number): HeldAsk | null {
  for (const ask of journal.signals.asks) {
    const socket = journal.sockets.get(ask.held?.id ?? '');
    if (socket !== undefined && ask.held && ask.held.until > nowMs && !hasGoneOn(ask, session))
      return { ask, socket };
  }
  return null;
}

/** An answer in the agent's own dialog does not end the hook: only the session's file shows it. */
function hasGoneOn({ at }: Ask, session: ClaudeSession | null): boolean {
  return session !== null && session.status === 'busy' && (session.statusUpdatedAt ?? 0) > at;
}

/** Adds what the hooks of a row's session have recorded to what the files say. */
export function withSignals(
  row: TaskDraft,
  { signals }: KeptJournal,
  session: ClaudeSession | null,
  held: HeldAsk | null,
): TaskDraft {
  if (hasEnded(row.state.status)) return row;
  const own = session !== null && session.status === null ? stateOf(signals) : row.state;
  const isAsking = held !== null || own.status === 'needs-input';
  const ask =
    held?.ask ?? (isAsking ? (signals.asks.find((each) => !hasGoneOn(each, session)) ?? null) : null);
  const state: TaskState = ask
    ? { status: 'needs-input', reason: plainNameOrNull(ask.text) }
    : withBackground(own, signals);
  const steps = row.steps.length > 0 ? row.steps : stepsOf(signals);
  const said = row.lastLine ?? signals.said;
  return {
    ...row,
    state,
    steps,
    totalSteps: Math.max(row.totalSteps, steps.length),
    updatedAt: latestOf([row.updatedAt, ask?.at ?? null]),
    ...(ask && { question: { text: ask.text, choices: ask.choices, askedAt: ask.at } }),
    ...(said && { lastLine: said }),
    notes: [...row.notes, ...signals.notes],
  };
}

/** Returns a session without a file as a task; null if it has been silent for so long that it is probably gone. */
export function signalledRow(journal: KeptJournal, held: HeldAsk | null, nowMs: number): TaskDraft | null {
  const { signals, sessionId } = journal;
  if (nowMs - signals.at > UNSEEN_MS) return null;
  const row: TaskDraft = {
    ...BARE_DRAFT,
    nativeId: sessionId,
    name: signals.title ?? plainNameOrNull(basename(signals.cwd ?? '')) ?? words`Claude`,
    state: stateOf(signals),
    startedAt: signals.startedAt,
    updatedAt: signals.at,
    ...(signals.cwd && { cwd: signals.cwd }),
    mayBeQuiet: true,
    raw: { signals },
  };
  return withSignals(row, journal, null, held);
}

function stateOf({ phase, asks }: SessionSignals): TaskState {
  const [ask] = asks;
  if (ask) return { status: 'needs-input', reason: plainNameOrNull(ask.text) };
  if (phase.kind === 'failed') return { status: 'needs-input', reason: phase.why };
  return phase.kind === 'working'
    ? { status: 'running', reason: null }
    : { status: 'waiting', reason: words`idle` };
}

/** A session whose turn is over is not done while something of it continues in the background. */
function withBackground(state: TaskState, { running }: SessionSignals): TaskState {
  const isOver = state.status === 'waiting' || (state.status === 'running' && state.reason !== null);
  if (!isOver || running.length === 0) return state;
  return { status: 'running', reason: backgroundOf(running) };
}

function backgroundOf([first, ...others]: readonly SignalledStep[]): PlainText {
  const more = others.length > 0 ? words` and ${others.length} more` : '';
  return words`in the background: ${first?.name ?? words`work`}${more}`;
}

function stepsOf({ tasks, running }: SessionSignals): Step[] {
  return [...tasks, ...running].map(({ name, startedAt, endedAt, id }, index) => ({
    index,
    name,
    status: endedAt !== null ? 'completed' : running.some((work) => work.id === id) ? 'running' : 'pending',
    progress: null,
    weight: 1,
    startedAt,
    endedAt,
  }));
}
