import type { TaskId } from '../model/id.ts';
import { problemText } from '../model/problem.ts';
import { overallProgress } from '../model/progress.ts';
import { hasEnded, type TaskStatus } from '../model/task.ts';
import { joined, type PlainText, plainName, words } from '../model/text.ts';
import type { InboxItem } from '../store/inbox.ts';
import { silenceOf } from '../store/stall.ts';
import type { SourceRecord, State, TaskEntry } from '../store/state.ts';
import { plural, statusWord } from './count.ts';
import {
  askSentence,
  leftWords,
  percentWords,
  type SpeechContext,
  silenceWords,
  statusSentence,
  stepWords,
  taskSentence,
} from './sentences.ts';

/** If more tasks than this change in the same way at once, they are counted. */
const MOST_TOLD_AT_ONCE = 4;

/** Tells a listener what has changed: one sentence for each change, and nothing twice. */
export interface Speech {
  /** Returns the sentences for what has changed since the last call. The first call only records the current state. */
  next(state: State, entries: readonly TaskEntry[], context: SpeechContext): PlainText[];
}

/** Creates a `Speech` that knows no state yet. */
export function createSpeech(): Speech {
  let tasks: ReadonlyMap<TaskId, Told> | null = null;
  let sources: ReadonlyMap<string, PlainText> = new Map();
  let problems: ReadonlySet<PlainText> = new Set();

  return {
    next(state, entries, context) {
      const known = tasks;
      const now = new Map(entries.map((entry) => [entry.task.id, toldOf(entry, context)]));
      const said = [...state.sources.values()].map((source) => [source.id, sourceSentence(source)] as const);
      const ofSources = said.flatMap(([id, sentence]) => {
        const before = sources.get(id) ?? '';
        if (sentence === before) return [];
        return [sentence === '' ? words`Source ${id} can be read again.` : sentence];
      });
      const complaints = state.problems.map(problemText);
      const ofProblems = complaints.filter((text) => !problems.has(text)).map((text) => words`${text}.`);
      tasks = now;
      sources = new Map(said);
      problems = new Set(complaints);
      if (known === null) return [...ofProblems, ...ofSources];
      const changes = entries.flatMap((entry) => {
        const change = changeOf(known.get(entry.task.id), entry, context);
        return change ? [change] : [];
      });
      return [...ofProblems, ...ofSources, ...gathered(changes)];
    },
  };
}

/** What was said about a task, as far as a change of it is worth a sentence. */
interface Told {
  readonly status: TaskStatus;
  readonly attempts: number;
  readonly asks: PlainText | null;
  readonly isForReview: boolean;
  readonly refusal: PlainText | null;
  readonly isSilent: boolean;
  readonly step: PlainText;
  readonly quarter: number;
}

function toldOf(entry: TaskEntry, { nowMs, stallAfterMs }: SpeechContext): Told {
  const { task } = entry;
  return {
    status: task.state.status,
    attempts: task.attempts,
    asks: task.question?.text ?? null,
    isForReview: task.review ?? false,
    refusal: entry.refused ? problemText(entry.refused.problem) : null,
    isSilent: silenceOf(entry, nowMs, stallAfterMs) !== null,
    step: stepWords(task),
    quarter: Math.floor((overallProgress(task) ?? 0) / 25),
  };
}

/** A change, with the name of its kind, by which changes are counted together. */
interface Change {
  readonly kind: PlainText;
  readonly sentence: PlainText;
}

/** Returns the most important change of a task; its sentence covers the others, or they do not matter. */
function changeOf(before: Told | undefined, entry: TaskEntry, context: SpeechContext): Change | null {
  const { task } = entry;
  const now = toldOf(entry, context);
  const change = (kind: PlainText, sentence: PlainText) => ({ kind, sentence });
  if (now.refusal !== null && now.refusal !== before?.refusal)
    return change(words`refused a command`, words`${task.name}: ${now.refusal}.`);
  if (now.asks !== null && now.asks !== before?.asks) return change(words`ask something`, askSentence(task));
  if (now.isForReview && !before?.isForReview)
    return change(words`are up for review`, words`${task.name} is up for review.`);
  if (now.status !== before?.status || now.attempts !== before.attempts)
    return change(words`are now ${statusWord(now.status)}`, statusSentence(task));
  const silence = silenceOf(entry, context.nowMs, context.stallAfterMs);
  if (silence && !before.isSilent)
    return change(words`have gone silent`, words`${task.name} ${silenceWords(silence)}.`);
  if (hasEnded(now.status)) return null;
  if (now.step !== before.step && now.step !== '')
    return change(words`made progress`, words`${task.name}: ${now.step}.`);
  if (now.quarter > before.quarter)
    return change(
      words`made progress`,
      words`${task.name}: ${joined([percentWords(task), leftWords(task, context)].filter(Boolean), ', ')}.`,
    );
  return null;
}

/** Counts tasks that change in the same way, so that a flood becomes one sentence. */
function gathered(changes: readonly Change[]): PlainText[] {
  const byKind = new Map<PlainText, Change[]>();
  for (const change of changes) byKind.set(change.kind, [...(byKind.get(change.kind) ?? []), change]);
  return [...byKind].flatMap(([kind, alike]) =>
    alike.length > MOST_TOLD_AT_ONCE
      ? [words`${alike.length} tasks ${kind}.`]
      : alike.map(({ sentence }) => sentence),
  );
}

/** Returns what a listener is told first: how many tasks there are, and what needs somebody. */
export function greetingSentences(
  entries: readonly TaskEntry[],
  inbox: readonly InboxItem[],
  context: SpeechContext,
): PlainText[] {
  const running = entries.filter(({ task }) => task.state.status === 'running').length;
  const needy =
    inbox.length === 0 ? words`nothing needs you` : words`${inbox.length} ${needs(inbox.length)} you`;
  const told = inbox.slice(0, MOST_TOLD_AT_ONCE).map(({ entry }) => taskSentence(entry, context));
  return [words`${plural(entries.length, 'task')}: ${running} running, ${needy}.`, ...told];
}

function needs(count: number): 'needs' | 'need' {
  return count === 1 ? 'needs' : 'need';
}

function sourceSentence(source: SourceRecord): PlainText {
  if (source.status !== 'down' || !source.problem) return words``;
  return words`Source ${plainName(source.id)}: ${problemText(source.problem)}.`;
}
