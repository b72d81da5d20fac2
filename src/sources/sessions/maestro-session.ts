import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { readMoment } from '../../model/moment.ts';
import type { Note } from '../../model/task.ts';
import { type PlainText, plainNameOrNull, plainTextOrNull, words } from '../../model/text.ts';

import { readSessionStatus, type SessionStatus, sessionHasEnded } from './words.ts';

/** One agent's session, without what is private: `env` may contain secrets. */
export interface MaestroSession {
  readonly id: string;
  readonly name: PlainText | null;
  /** The session that has started it, the only one from which it takes messages. */
  readonly parentId: string | null;
  readonly word: PlainText;
  readonly status: SessionStatus | null;
  readonly hasEnded: boolean;
  /** What it asks the user, while it does. */
  readonly question: { readonly at: number | null; readonly text: PlainText | null } | null;
  /** Its timeline by task, because progress is reported only as text. Under null is what concerns all of its tasks. */
  readonly entries: ReadonlyMap<string | null, readonly Note[]>;
}

/** Reads a session's document; null if it is not one. */
export function decodeMaestroSession(raw: unknown): MaestroSession | null {
  const session = jsonObject(raw);
  const id = plainNameOrNull(session?.id);
  if (!session || id === null) return null;
  const word = plainNameOrNull(session.status) ?? words`idle`;
  const status = readSessionStatus(word);
  const timeline = decodeTimeline(session.timeline);
  const hasEnded = sessionHasEnded(status);
  return {
    id,
    name: plainNameOrNull(session.name),
    parentId: plainNameOrNull(session.parentSessionId),
    word,
    status,
    hasEnded,
    question: hasEnded ? null : decodeQuestion(session.needsInput, timeline.at(-1)?.note),
    entries: byTask(timeline),
  };
}

function decodeQuestion(raw: unknown, last: Note | undefined): MaestroSession['question'] {
  const asked = jsonObject(raw);
  if (asked?.active !== true) return null;
  return { at: readMoment(asked.since) ?? last?.at ?? null, text: plainTextOrNull(asked.message) };
}

interface TimelineEntry {
  readonly taskId: string | null;
  readonly note: Note;
}

function decodeTimeline(raw: unknown): TimelineEntry[] {
  const listed: unknown[] = Array.isArray(raw) ? raw.slice(-STEP_LIMIT) : [];
  return listed.flatMap((each) => {
    const entry = jsonObject(each);
    const text = plainTextOrNull(entry?.message);
    if (!entry || text === null) return [];
    return [{ taskId: plainNameOrNull(entry.taskId), note: { at: readMoment(entry.timestamp), text } }];
  });
}

function byTask(timeline: readonly TimelineEntry[]): MaestroSession['entries'] {
  const entries = new Map<string | null, Note[]>();
  for (const { taskId, note } of timeline) {
    const known = entries.get(taskId);
    if (known) known.push(note);
    else entries.set(taskId, [note]);
  }
  return entries;
}
