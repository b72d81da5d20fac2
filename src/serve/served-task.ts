import type { CommandOffer } from '../model/command.ts';
import type { Session, Watched } from '../model/task.ts';
import { ownWords } from '../model/text.ts';
import { passedOn } from '../model/via.ts';
import { expectedEnd } from '../present/expected-end.ts';
import { type TaskDocument, taskDocument } from '../present/snapshot.ts';
import type { TaskEntry } from '../store/state.ts';
import type { ServerContext } from './server-context.ts';

/** A task's document with what another taskglass needs beyond it, to show the task as we do. */
export interface ServedTask extends TaskDocument {
  readonly totalSteps: number;
  /** With their names, and what their words come to. */
  readonly sessions: Session[];
  /** When we expect the end, epoch ms of our clock. */
  readonly expectedEndAt: number | null;
  readonly offers: readonly CommandOffer[];
  readonly watched: Watched;
  /** The taskglasses that it came by, we first. */
  readonly via: readonly string[];
  /** The source's own document, with whatever lies in it; null where it is too long, or not for this listener. */
  readonly raw: unknown;
}

const LONGEST_RAW_CHARACTERS = 64 * 1024;
const READ_ONLY = ownWords('the server is read-only');

export function servedTask(
  entry: TaskEntry,
  context: ServerContext,
  { withRaw }: { readonly withRaw: boolean },
): ServedTask {
  const { task, lastNewsAt, usualGapMs } = entry;
  return {
    ...taskDocument(entry, context),
    totalSteps: task.totalSteps,
    sessions: [...task.sessions],
    expectedEndAt: expectedEnd(task, context),
    offers: context.readOnly ? task.offers.map((offer) => ({ ...offer, refusal: READ_ONLY })) : task.offers,
    watched: { lastNewsAt, usualGapMs },
    via: passedOn(task, context.serverId),
    raw: withRaw && shortEnough(task.raw) ? task.raw : null,
  };
}

/** Can it be passed on at all? A database's numbers may be no JSON. */
function shortEnough(raw: unknown): boolean {
  try {
    return (JSON.stringify(raw)?.length ?? 0) <= LONGEST_RAW_CHARACTERS;
  } catch {
    return false;
  }
}
