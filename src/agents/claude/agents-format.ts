import { jsonNumber, jsonObject } from '../../model/json.ts';
import { type ClaudeJob, type ClaudeSession, decodeJob, decodeSession } from './format.ts';
import { isJobId } from './place.ts';

/** What `claude agents --json` reports: less than the files do. */
export interface Agents {
  /** Those whose processes are alive. */
  readonly sessions: readonly ClaudeSession[];
  readonly jobs: readonly ClaudeJob[];
}

/** Further entries are not read. */
const MOST_ENTRIES = 10_000;

/** Reads the program's list; null if it is not one. */
export function decodeAgents(document: unknown): Agents | null {
  if (!Array.isArray(document)) return null;
  const entries = document.slice(0, MOST_ENTRIES).map(jsonObject).filter(isEntry);
  if (entries.length < Math.min(document.length, MOST_ENTRIES)) return null;
  return {
    sessions: entries.flatMap((entry) => {
      const { kind, id, name } = entry;
      const isBackground = kind === 'background';
      const session = decodeSession(
        { ...entry, jobId: isBackground ? id : undefined, name },
        jsonNumber(entry.pid),
      );
      return session ?? [];
    }),
    jobs: entries.flatMap((entry) => {
      if (entry.kind !== 'background' || typeof entry.id !== 'string' || !isJobId(entry.id)) return [];
      // The program has already joined session and job, so its word alone counts.
      const tempo = entry.state === 'blocked' ? 'blocked' : entry.state === 'working' ? 'active' : 'idle';
      const { state, sessionId, name, cwd, startedAt } = entry;
      return decodeJob({ state, tempo, sessionId, name, cwd, createdAt: startedAt }, entry.id) ?? [];
    }),
  };
}

/** Tells whether an entry has what it has in all versions. */
function isEntry(
  entry: Readonly<Record<string, unknown>> | null,
): entry is Readonly<Record<string, unknown>> {
  return typeof entry?.cwd === 'string' && typeof entry.kind === 'string';
}
