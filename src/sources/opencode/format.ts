import { readMoment } from '../../model/moment.ts';
import type { Session, TaskStatus } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { decodeDetails } from '../kit/decode-details.ts';
import { decodeLabels } from '../kit/decode-fields.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import type { SessionRecord } from './query.ts';
import { type Standing, standingOf, stateOf, stepsOf } from './standing.ts';

/** A session as it was read. */
interface Told {
  readonly record: SessionRecord;
  readonly standing: Standing;
}

/** The time, and the state of the processes at that time. */
export interface Moment {
  readonly nowMs: number;
  /** Whether an opencode is alive; null if the system does not tell. */
  readonly isAlive: boolean | null;
}

/** A session that has not changed for this long may have lost its process; any other has not. */
const MOVING_MS = 2 * 60_000;
const MOST_SHOWN = 200;
/** How many subagents of a session are listed. */
const MOST_CHILDREN = 100;

/** Reads sessions as tasks: those that changed since `sinceMs`, with their subagents' sessions. */
export function decodeSessions(
  records: readonly SessionRecord[],
  sinceMs: number,
  moment: Moment,
): readonly TaskDraft[] {
  const told = records.map((record): Told => ({ record, standing: standingOf(record) }));
  const byParent = Map.groupBy(told, ({ record }) => record.session.parent_id ?? '');
  const moved = (byParent.get('') ?? []).filter(({ standing }) => (standing.movedAt ?? 0) >= sinceMs);
  const newest = moved.sort((a, b) => (b.standing.movedAt ?? 0) - (a.standing.movedAt ?? 0));
  return newest
    .slice(0, MOST_SHOWN)
    .map((one) => sessionTask(one, byParent.get(one.record.session.id ?? '') ?? [], moment));
}

/** Tells whether it matters if an opencode is alive: something is under way, and has not changed. */
export function mayBeGone(records: readonly SessionRecord[], nowMs: number): boolean {
  return records
    .map(standingOf)
    .some((standing) => standing.phase === 'working' && !isMoving(standing, nowMs));
}

function isMoving({ movedAt }: Standing, nowMs: number): boolean {
  return movedAt !== null && nowMs - movedAt < MOVING_MS;
}

function sessionTask({ record, standing }: Told, children: readonly Told[], moment: Moment): TaskDraft {
  const { session, message, todos } = record;
  const nativeId = plainName(session.id ?? '') || words`(no id)`;
  const steps = stepsOf(todos);
  const state = stateOf(standing, steps, {
    isMoving: isMoving(standing, moment.nowMs),
    isAlive: moment.isAlive,
  });
  return {
    ...BARE_DRAFT,
    nativeId,
    name: plainNameOrNull(session.title) ?? nativeId,
    state,
    steps,
    totalSteps: steps.length,
    startedAt: standing.startedAt ?? readMoment(session.time_created),
    updatedAt: standing.movedAt,
    sessions: children.slice(0, MOST_CHILDREN).map(toSession),
    labels: decodeLabels([
      ['version', session.version],
      ['agent', message?.agent],
      ['model', message?.model],
    ]),
    ...decodeDetails({ cwd: session.directory, url: session.share_url, lastLine: standing.lastLine }),
    ...(standing.question && { question: standing.question }),
    ...(state.status === 'completed' && { review: true }),
    mayBeQuiet: true,
    raw: { session, todos },
  };
}

const WORDS: Readonly<Record<Standing['phase'], readonly [PlainText, TaskStatus]>> = {
  new: [words`new`, 'queued'],
  working: [words`working`, 'running'],
  done: [words`done`, 'completed'],
  failed: [words`failed`, 'failed'],
  aborted: [words`aborted`, 'cancelled'],
};

/** Returns a subagent's session as one of those that work on its parent's task. */
function toSession({ record: { session }, standing }: Told): Session {
  const id = plainName(session.id ?? '');
  const [status, meaning] = WORDS[standing.phase];
  const name = plainNameOrNull(session.title);
  return {
    id,
    ...(name !== null && { name }),
    status,
    meaning,
    updatedAt: standing.movedAt,
    notes: standing.error ?? standing.lastLine,
  };
}
