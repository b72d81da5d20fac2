import { basename, extname } from 'node:path';
import { parseJson } from '../../io/json-text.ts';
import { readTail, readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { isLedgerDocument } from '../../ledger/document.ts';
import { jsonObject } from '../../model/json.ts';
import { isDashboardState } from '../dashboard-state/format.ts';
import { isBoard } from '../sessions/format.ts';
import { isTaskBreakdown } from '../task-breakdown/format.ts';
import { type DatabaseFormat, detectDatabaseFormats, isNamedLikeDatabase } from './detect-database.ts';

/** The formats of files that are sources by themselves. */
export type FileFormat = 'dashboard-state' | 'task-breakdown' | 'sessions' | DatabaseFormat;

const STREAM_EXTENSIONS = new Set(['.ndjson', '.jsonl']);
/** A document that lacks all of these words is none of ours: most files need not be parsed. */
const TELLTALES = ['"activeTasks"', '"tasks"', '"loadingAgents"', '"status"', '"sessionProgress"'];

/** Returns the format of a parsed document, told by its content; null for any other. */
export function detectFormat(document: unknown): FileFormat | null {
  const object = jsonObject(document);
  if (object && isLedgerDocument(object)) return null;
  if (isBoard(document)) return 'sessions';
  if (!object) return null;
  if (isDashboardState(object)) return 'dashboard-state';
  return isTaskBreakdown(object) ? 'task-breakdown' : null;
}

/** Returns the format of a file, told by its content; null if it is another, not whole yet, or cannot be read. */
export async function detectFileFormat(path: string): Promise<FileFormat | null> {
  if (isNamedLikeDatabase(path)) return (await detectDatabaseFormats(path))[0] ?? null;
  const isStream = STREAM_EXTENSIONS.has(extname(path).toLowerCase());
  const found = await (isStream ? readTail(path) : readWhole(path));
  if ('problem' in found) return null;
  const text = decodeText(found.bytes);
  if (!TELLTALES.some((word) => text.includes(word))) return null;
  if (isStream) return detectLines(text);
  const whole = parseJson(text);
  return 'value' in whole ? detectFormat(whole.value) : detectLines(text);
}

/** Guesses from its name what a file will hold that is empty or not there yet. */
export function guessFormat(path: string): FileFormat {
  const name = basename(path);
  if (isNamedLikeDatabase(name)) return name.includes('ledger') ? 'ledger' : 'job-runs';
  if (name.includes('breakdown')) return 'task-breakdown';
  return name.includes('board') && !name.includes('dashboard') ? 'sessions' : 'dashboard-state';
}

/** Tells whether a file's name suggests one of these formats. */
export function isNamedLikeSource(name: string): boolean {
  const extension = extname(name).toLowerCase();
  return extension === '.json' || STREAM_EXTENSIONS.has(extension) || isNamedLikeDatabase(name);
}

/** Returns the format of lines, told by the last whole one. */
function detectLines(text: string): FileFormat | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines.slice(-2).reverse()) {
    const parsed = parseJson(line);
    if ('value' in parsed && detectFormat(parsed.value) === 'dashboard-state') return 'dashboard-state';
  }
  return null;
}
