import { isDeepStrictEqual } from 'node:util';
import type { Session } from '../model/task.ts';
import { changesBetween } from '../present/changes.ts';
import { type DocumentContext, taskDocument } from '../present/snapshot.ts';
import type { Filter } from '../store/filter.ts';
import type { TaskEntry } from '../store/state.ts';
import { type Dialect, rememberLast } from './listener.ts';

/** One of the events in a WebSocket frame, which is an array of them. */
export interface SocketEvent {
  readonly type: SocketEventName;
  /** The same value again, as the protocol requires. */
  readonly event: SocketEventName;
  readonly data: object;
  /** Epoch ms. */
  readonly timestamp: number;
}
type SocketEventName = 'task:session_status' | 'task:updated' | 'task:removed';

/** Only sends changes: a client that wants to know the state before them requests `/snapshot`. */
export function createSocketDialect(isListed: Filter, context: () => DocumentContext): Dialect {
  return {
    opening: () => [],
    between: rememberLast((before, after) => {
      const now = context();
      const frame = (type: SocketEventName, data: object): SocketEvent => ({
        type,
        event: type,
        data,
        timestamp: now.nowMs,
      });
      const { entries, removed } = changesBetween(before, after, isListed);
      const events = [
        ...entries.flatMap((change) =>
          sessionChanges(change).map((data) => frame('task:session_status', data)),
        ),
        ...entries.map((change) => frame('task:updated', taskDocument(change.now, now))),
        ...removed.map((id) => frame('task:removed', { id })),
      ];
      return events.length === 0 ? '' : JSON.stringify(events);
    }),
  };
}

/** Returns each session of a task that has changed. */
function sessionChanges({ before, now }: { before: TaskEntry | undefined; now: TaskEntry }): object[] {
  const known = new Map(before?.task.sessions.map((session) => [session.id, session]));
  const { id, nativeId, source } = now.task;
  return now.task.sessions
    .filter((session) => !isDeepStrictEqual(known.get(session.id), session))
    .map(({ id: sessionId, status, updatedAt, notes }: Session) => ({
      taskId: id,
      nativeId,
      source,
      sessionId,
      status,
      updatedAt,
      notes,
    }));
}
