import { extname } from 'node:path';
import { isNamedLikeText, textFormatNamed } from './text-formats.ts';

/** Decides by names alone, without looking into any file: `taskglass FILE` and a shell's completion wait for this. */

const DOCUMENT_EXTENSIONS = new Set(['.json', '.ndjson', '.jsonl']);
const DATABASE_EXTENSIONS = new Set(['.db', '.sqlite', '.sqlite3']);

/** Tells whether a file may be named as a source. It need not exist yet. */
export function isNameable(path: string): boolean {
  return isNamedLikeDocument(path) || isNamedLikeDatabase(path) || textFormatNamed(path) !== null;
}

/** Tells whether a file's name suggests a source, so that the search of a directory opens it. */
export function isNamedLikeSource(name: string): boolean {
  return isNamedLikeDocument(name) || isNamedLikeDatabase(name) || isNamedLikeText(name);
}

/** Tells whether a file's name suggests a SQLite database. */
export function isNamedLikeDatabase(name: string): boolean {
  return DATABASE_EXTENSIONS.has(extname(name).toLowerCase());
}

/** Tells whether a name suggests one JSON document, or one per line. */
function isNamedLikeDocument(name: string): boolean {
  return DOCUMENT_EXTENSIONS.has(extname(name).toLowerCase());
}
