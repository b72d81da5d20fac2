import type { ServedTask } from '../model/served-line.ts';
import { words } from '../model/text.ts';
import { passedOn } from '../model/via.ts';
import { expectedEnd } from '../present/expected-end.ts';
import { taskDocument } from '../present/snapshot.ts';
import type { TaskEntry } from '../store/state.ts';
import type { ServerContext } from './server-context.ts';

const LONGEST_RAW_CHARACTERS = 64 * 1024;
const READ_ONLY = words`the server is read-only`;

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
    mayBeQuiet: task.mayBeQuiet ?? false,
    via: passedOn(task, context.serverId),
    raw: withRaw && shortEnough(task.raw) ? task.raw : null,
  };
}

/** Tells whether it can be passed on: numbers from a database may not be valid JSON, and it may be too long. */
function shortEnough(raw: unknown): boolean {
  try {
    return (JSON.stringify(raw)?.length ?? 0) <= LONGEST_RAW_CHARACTERS;
  } catch {
    return false;
  }
}
