import type { Note } from '../../model/task.ts';
import { ownWords, type PlainText, plainNameOrNull, plainTextOrNull } from '../../model/text.ts';
import { STEP_LIMIT } from '../decode-list.ts';
import { jsonObject } from '../task-draft.ts';
import { moment } from './moment.ts';
import { readSessionStatus, type SessionStatus, sessionHasEnded } from './words.ts';

/** One agent's session (FORMATS 3), without all that is nobody's business here: `env` can hold secrets. */
export interface MaestroSession {
  readonly id: string;
  readonly name: PlainText | null;
  readonly word: PlainText;
  readonly status: SessionStatus | null;
  readonly hasEnded: boolean;
  /** What it asks the user, while it does. */
  readonly question: { readonly at: number | null; readonly text: PlainText | null } | null;
  /** Its timeline: progress is told only as text. `taskId` is null where an entry is about all of its tasks. */
  readonly entries: readonly TimelineEntry[];
}

export interface TimelineEntry extends Note {
  readonly taskId: string | null;
}

/** Reads a session's document; null for what is none. */
export function decodeMaestroSession(raw: unknown): MaestroSession | null {
  const session = jsonObject(raw);
  const id = plainNameOrNull(session?.id);
  if (!session || id === null) return null;
  const word = plainNameOrNull(session.status) ?? ownWords('idle');
  const status = readSessionStatus(word);
  const entries = decodeTimeline(session.timeline);
  const hasEnded = sessionHasEnded(status);
  return {
    id,
    name: plainNameOrNull(session.name),
    word,
    status,
    hasEnded,
    question: hasEnded ? null : decodeQuestion(session.needsInput, entries),
    entries,
  };
}

function decodeQuestion(raw: unknown, entries: readonly TimelineEntry[]): MaestroSession['question'] {
  const asked = jsonObject(raw);
  if (asked?.active !== true) return null;
  return {
    at: moment(asked.since) ?? entries.at(-1)?.at ?? null,
    text: plainTextOrNull(asked.message),
  };
}

function decodeTimeline(raw: unknown): TimelineEntry[] {
  const listed: unknown[] = Array.isArray(raw) ? raw.slice(-STEP_LIMIT) : [];
  return listed.flatMap((each) => {
    const entry = jsonObject(each);
    const text = plainTextOrNull(entry?.message);
    if (!entry || text === null) return [];
    return [{ at: moment(entry.timestamp), text, taskId: plainNameOrNull(entry.taskId) }];
  });
}
