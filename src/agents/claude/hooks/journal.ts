import { lstat, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readWhole } from '../../../io/read-file.ts';
import { readJson } from '../../../model/json.ts';
import { isPrivateDirectory } from '../../../storage/private-directory.ts';
import { sessionOfJournal } from '../place.ts';
import { decodeSignal } from './format.ts';
import { heldSocket } from './names.ts';
import { type SessionSignals, sessionSignals } from './session-signals.ts';

/** The journal of a session, as last read. */
export interface KeptJournal {
  readonly identity: string;
  readonly sessionId: string;
  readonly signals: SessionSignals;
  /** The sockets of its held requests, by their ids. */
  readonly sockets: ReadonlyMap<string, string>;
}

const FILE_LIMIT_BYTES = 1024 * 1024;
/** If nothing was recorded for this long, the session has ended without reporting it. */
const ABANDONED_MS = 24 * 60 * 60_000;

/**
 * Reads a journal; null if there is none, or if somebody else may have written it. Removes the journal of a session that has
 * ended.
 */
export async function readJournal(
  directory: string,
  name: string,
  before: KeptJournal | null,
  nowMs: number,
): Promise<KeptJournal | null> {
  const path = join(directory, name);
  const stats = await stat(path).catch(() => null);
  if (!stats || !isPrivateDirectory(directory)) return null;
  const identity = [stats.ino, stats.size, stats.mtimeMs].join(' ');
  const known = before?.identity === identity ? before.signals : await readSignals(path);
  if (!known || known.phase.kind === 'ended' || nowMs - known.at > ABANDONED_MS) {
    if (known) await unlink(path).catch(() => {});
    return null;
  }
  const sockets = await socketsOf(known, dirname(directory));
  if (before?.identity === identity && before.sockets.size === sockets.size) return before;
  return { identity, sessionId: sessionOfJournal(name) ?? '', signals: known, sockets };
}

async function readSignals(path: string): Promise<SessionSignals | null> {
  const found = await readWhole(path, FILE_LIMIT_BYTES);
  if ('problem' in found) return null;
  const lines = found.bytes.toString().split('\n');
  return sessionSignals(lines.flatMap((line) => decodeSignal(readJson(line)) ?? []));
}

/** Finds the sockets of held requests: one whose program was killed has none, or soon runs out of time. */
async function socketsOf({ asks }: SessionSignals, runtime: string): Promise<ReadonlyMap<string, string>> {
  const sockets = new Map<string, string>();
  for (const { held } of asks) {
    if (!held) continue;
    const path = heldSocket(runtime, held.id);
    const found = await lstat(path).catch(() => null);
    if (found?.isSocket()) sockets.set(held.id, path);
  }
  return sockets;
}
