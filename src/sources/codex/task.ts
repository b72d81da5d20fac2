import { basename } from 'node:path';
import type { Step, TaskState } from '../../model/task.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { decodeDetails } from '../kit/decode-details.ts';
import { decodeLabels } from '../kit/decode-fields.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import type { SessionHead } from './format.ts';
import { firstLine } from './messages.ts';
import type { Standing } from './standing.ts';

/** What a rollout says. */
export interface ToldSession {
  readonly head: SessionHead;
  readonly standing: Standing;
}

/** What is known about a session besides what it records. */
export interface Surroundings {
  /** The name that the user gave it, if any. */
  readonly name: PlainText | null;
  /** Tells its file from others. */
  readonly fileName: string;
  readonly modifiedAt: number;
  /** Whether its file changed so recently that somebody is still writing to it. */
  readonly isMoving: boolean;
  /** Whether a Codex has its file open; null if the system does not tell. */
  readonly isOpen: boolean | null;
}

const UUID_LENGTH = 36;

/** Returns a function that makes a task of a session, the same one as long as nothing about it is new. */
export function createTasks(): (told: ToldSession, around: Surroundings) => TaskDraft {
  const made = new WeakMap<Standing, { readonly around: Surroundings; readonly draft: TaskDraft }>();
  return (told, around) => {
    const known = made.get(told.standing);
    if (known && isSame(known.around, around)) return known.draft;
    const draft = sessionTask(told, around);
    made.set(told.standing, { around, draft });
    return draft;
  };
}

function isSame(before: Surroundings, now: Surroundings): boolean {
  return (Object.keys(now) as (keyof Surroundings)[]).every((key) => before[key] === now[key]);
}

/**
 * Returns a session as a task. It may be quiet: a turn can take its time, and the file does not show that it waits for a
 * permission.
 */
export function sessionTask({ head, standing }: ToldSession, around: Surroundings): TaskDraft {
  const nativeId = head.id ?? plainName(around.fileName.slice(-UUID_LENGTH));
  const { turn, question, plan } = standing;
  const { cwd, url } = head;
  const steps = (plan ?? []).map((step, index): Step => ({ index, ...step, progress: null, weight: 1 }));
  const asked = isAsking(standing) ? question : null;
  return {
    ...BARE_DRAFT,
    nativeId,
    name: around.name ?? head.asked ?? (cwd === null ? nativeId : plainName(basename(cwd))),
    state: stateOf(head, standing, around),
    steps,
    totalSteps: steps.length,
    startedAt: turn?.startedAt ?? head.startedAt,
    updatedAt: around.modifiedAt,
    labels: decodeLabels([...head.labels, ['model', standing.model]]),
    ...decodeDetails({ cwd, url, lastLine: standing.lastLine, question: asked }),
    mayBeQuiet: true,
    raw: { session: head, turn, plan },
  };
}

function isAsking({ question, turn }: Standing): boolean {
  return question !== null && (turn === null || turn.status === 'running');
}

function stateOf(head: SessionHead, standing: Standing, around: Surroundings): TaskState {
  const { turn, question, lastLine, hasBegun } = standing;
  if (question && isAsking(standing)) return { status: 'needs-input', reason: question.text };
  if (turn?.status === 'aborted') return { status: 'cancelled', endedAt: turn.endedAt, reason: turn.message };
  if (turn?.status === 'completed') {
    if (head.isExec) return { status: 'completed', endedAt: turn.endedAt, result: turn.message };
    return { status: 'waiting', reason: firstLine(turn.message) ?? words`turn done` };
  }
  if (!hasBegun) return { status: 'queued', reason: null };
  if (around.isMoving) return { status: 'running', reason: null };
  if (turn === null) return { status: 'waiting', reason: lastLine ?? words`no news` };
  if (around.isOpen === false) return { status: 'waiting', reason: words`its codex is gone` };
  return { status: 'running', reason: null };
}
