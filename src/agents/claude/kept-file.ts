import { stat } from 'node:fs/promises';
import { parseJson } from '../../io/json-text.ts';
import { readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';

/** A file, as last read. */
export interface KeptFile<T> {
  /** Its identity then: a file that looks the same is not read again. */
  readonly identity: string;
  readonly modifiedAt: number;
  /** Its content when it could last be understood; null if it never could. */
  readonly value: T | null;
  /** Why it cannot be understood now. */
  readonly problem: Problem | null;
}

/** What is read here takes some kilobytes. */
const FILE_LIMIT_BYTES = 1024 * 1024;

/**
 * Reads a small JSON file unless it has not changed since `before`; null if there is none. `decode` returns null for a document
 * that it does not know. While a file cannot be understood, perhaps because it is being written, its last content counts.
 */
export async function readKept<T>(
  path: string,
  before: KeptFile<T> | null,
  decode: (raw: unknown) => T | null,
): Promise<KeptFile<T> | null> {
  const stats = await stat(path).catch(() => null);
  if (!stats) return null;
  const identity = [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(' ');
  if (before?.identity === identity) return before;
  const modifiedAt = Math.round(stats.mtimeMs);
  const found = await readWhole(path, FILE_LIMIT_BYTES);
  if ('problem' in found && found.isMissing) return null;
  const value = 'bytes' in found ? decoded(found.bytes, decode) : null;
  if (value !== null) return { identity, modifiedAt, value, problem: null };
  const why = 'problem' in found ? found.problem : notUnderstood(path);
  return { identity, modifiedAt, value: before?.value ?? null, problem: { ...why, severity: 'degraded' } };
}

function decoded<T>(bytes: Buffer, decode: (raw: unknown) => T | null): T | null {
  const parsed = parseJson(decodeText(bytes));
  return 'value' in parsed ? decode(parsed.value) : null;
}

function notUnderstood(path: string): Problem {
  const message = words`${plainName(path)} cannot be understood`;
  return problem(
    'malformed',
    'degraded',
    message,
    'everything else is shown; Claude Code may be newer than this',
  );
}
