import { basename, dirname, extname } from 'node:path';
import { LARGE_BYTES } from '../../io/json-list/large.ts';
import { parseHead } from '../../io/json-list/parse-head.ts';
import { parseJson } from '../../io/json-text.ts';
import { readHead, readTail, readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { isLedgerDocument } from '../../ledger/document.ts';
import { jsonObject } from '../../model/json.ts';
import { isBacklogDirectory } from '../backlog/place.ts';
import { beadRank, isBeadsDirectory, isNamedLikeBeads } from '../beads/place.ts';
import { isDashboardState } from '../dashboard-state/format.ts';
import { featureListRank, isNamedLikeFeatureList } from '../feature-list/format.ts';
import { boardRank } from '../sessions/format.ts';
import { taskBreakdownRank } from '../task-breakdown/format.ts';
import { isTaskMasterPlace, taskMasterRank } from '../task-master/lists.ts';
import { type DatabaseFormat, detectDatabaseFormats } from './detect-database.ts';
import { isNamedLikeDatabase, isNamedLikeSource } from './file-names.ts';
import { TEXT_FORMATS, type TextFormat, textFormatNamed } from './text-formats.ts';

/** The formats of JSON documents that are sources by themselves. */
export type DocumentFormat =
  | 'dashboard-state'
  | 'task-breakdown'
  | 'sessions'
  | 'task-master'
  | 'feature-list';

/** The formats of files that are sources by themselves, and of directories that are read like a file. */
export type FileFormat = DocumentFormat | DatabaseFormat | TextFormat | 'backlog' | 'beads';

/**
 * How sure a format's reader is of a document: 3 by the place where its program keeps it, 2 by keys that only its program
 * writes, 1 by its structure and words alone, 0 if it is another program's.
 */
export type Rank = 0 | 1 | 2 | 3;

const RANKS: Readonly<Record<DocumentFormat, (document: unknown, path: string) => Rank>> = {
  'dashboard-state': (document) => (isDashboardState(jsonObject(document) ?? {}) ? 2 : 0),
  'task-breakdown': taskBreakdownRank,
  sessions: boardRank,
  'task-master': taskMasterRank,
  'feature-list': featureListRank,
};

const STREAM_EXTENSIONS = new Set(['.ndjson', '.jsonl']);
const HEAD_BYTES = 64 * 1024;
/** A document that lacks all of these words is not one of ours, so most files need not be parsed. */
const TELLTALES = [
  '"activeTasks"',
  '"tasks"',
  '"loadingAgents"',
  '"status"',
  '"sessionProgress"',
  '"passes"',
  '"userStories"',
];

/** Returns how sure each format's reader is of a parsed document. */
export function rankFormats(document: unknown, path: string): ReadonlyMap<DocumentFormat, Rank> {
  const object = jsonObject(document);
  if (object && isLedgerDocument(object)) return new Map();
  const formats = Object.keys(RANKS) as DocumentFormat[];
  return new Map(formats.map((format) => [format, RANKS[format](document, path)]));
}

/**
 * Returns the format of a parsed document, judging by its content and place; null for any other, and if two formats are equally
 * likely: another program's file must never be mistaken for ours.
 */
export function detectFormat(document: unknown, path: string): DocumentFormat | null {
  const ranked = [...rankFormats(document, path)].sort(([, a], [, b]) => b - a);
  const [first, second] = ranked;
  if (!first || first[1] === 0 || first[1] === second?.[1]) return null;
  return first[0];
}

/** Returns the format of a file; null if it is another one, incomplete, or cannot be read. */
export async function detectFileFormat(path: string): Promise<FileFormat | null> {
  const directory = isNamedLikeSource(path) ? null : await detectDirectory(path);
  if (directory) return directory;
  if (isNamedLikeDatabase(path)) return (await detectDatabaseFormats(path))[0] ?? null;
  const text = textFormatNamed(path);
  if (text) return (await isTextOf(path, text)) ? text : null;
  if (await isLargeState(path)) return 'dashboard-state';
  const isStream = STREAM_EXTENSIONS.has(extname(path).toLowerCase());
  const found = await (isStream ? readTail(path) : readWhole(path));
  if ('problem' in found) return null;
  return detectJson(decodeText(found.bytes), path, isStream);
}

function detectJson(text: string, path: string, isStream: boolean): FileFormat | null {
  if (!TELLTALES.some((word) => text.includes(word))) return null;
  if (isStream) return detectLines(text, path);
  const whole = parseJson(text);
  return 'value' in whole ? detectFormat(whole.value, path) : detectLines(text, path);
}

/** Tells whether a large file begins like a state: parsing all of it would take as long as showing it. */
async function isLargeState(path: string): Promise<boolean> {
  const found = await readHead(path, HEAD_BYTES, LARGE_BYTES);
  if ('problem' in found || found.bytes.length === 0) return false;
  const head = jsonObject(parseHead(found.bytes));
  return head !== null && 'activeTasks' in head && detectFormat(head, path) === 'dashboard-state';
}

async function detectDirectory(path: string): Promise<'backlog' | 'beads' | null> {
  if (await isBeadsDirectory(path)) return 'beads';
  return (await isBacklogDirectory(path)) ? 'backlog' : null;
}

async function isTextOf(path: string, format: TextFormat): Promise<boolean> {
  const found = await readWhole(path);
  return !('problem' in found) && TEXT_FORMATS[format].isWrittenIn(decodeText(found.bytes), path);
}

/** Guesses from its name what a file will contain that is empty or does not exist yet. */
export function guessFormat(path: string): FileFormat {
  const name = basename(path);
  if (isNamedLikeDatabase(name)) return name.includes('ledger') ? 'ledger' : 'job-runs';
  const text = textFormatNamed(path);
  if (text) return text;
  if (isNamedLikeBeads(path) || isNamedLikeBeads(dirname(path))) return 'beads';
  if (isTaskMasterPlace(path)) return 'task-master';
  if (isNamedLikeFeatureList(path)) return 'feature-list';
  if (name.includes('breakdown')) return 'task-breakdown';
  return name.includes('board') && !name.includes('dashboard') ? 'sessions' : 'dashboard-state';
}

/** Returns the format of lines, judging by the last complete one. */
function detectLines(text: string, path: string): FileFormat | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines.slice(-2).reverse()) {
    const parsed = parseJson(line);
    if (!('value' in parsed)) continue;
    if (detectFormat(parsed.value, path) === 'dashboard-state') return 'dashboard-state';
    if (beadRank(parsed.value, path) > 0) return 'beads';
  }
  return null;
}
