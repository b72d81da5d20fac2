import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { isDashboardState } from './dashboard-state/format.ts';
import { parseJson } from './json-text.ts';
import { readTail, readWhole } from './read-file.ts';
import { isTaskBreakdown } from './task-breakdown/format.ts';
import { jsonObject } from './task-draft.ts';

/** The formats of files that are sources by themselves. */
export type FileFormat = 'dashboard-state' | 'task-breakdown';

export interface FoundFile {
  readonly path: string;
  readonly format: FileFormat;
}

/** The search of a directory stops at whichever of these comes first. */
const DEPTH_LIMIT = 3;
const ENTRY_LIMIT = 20_000;
const FOUND_LIMIT = 100;
const TIME_LIMIT_MS = 2_000;

const NOT_SEARCHED = new Set(['node_modules', '.git', '.hg', '.svn', '.venv', '__pycache__', '.cache']);
const STREAM_EXTENSIONS = new Set(['.ndjson', '.jsonl']);
/** A document that lacks all of these words is none of ours: most files need not be parsed. */
const TELLTALES = ['"activeTasks"', '"tasks"', '"loadingAgents"'];

/** The format of a parsed document, told by what is in it; null for any other. */
export function detectFormat(document: unknown): FileFormat | null {
  const object = jsonObject(document);
  if (!object) return null;
  if (isDashboardState(object)) return 'dashboard-state';
  return isTaskBreakdown(object) ? 'task-breakdown' : null;
}

/** The format of a file, told by its content; null where it is another, not whole yet, or cannot be read. */
export async function detectFileFormat(path: string): Promise<FileFormat | null> {
  const isStream = STREAM_EXTENSIONS.has(extname(path).toLowerCase());
  const found = await (isStream ? readTail(path) : readWhole(path));
  if ('problem' in found) return null;
  const text = found.bytes.toString();
  if (!TELLTALES.some((word) => text.includes(word))) return null;
  if (isStream) return detectLines(text);
  const whole = parseJson(text);
  return 'value' in whole ? detectFormat(whole.value) : detectLines(text);
}

/** What a file will probably hold that is empty or not there yet, told by its name. */
export function guessFormat(path: string): FileFormat {
  return basename(path).includes('breakdown') ? 'task-breakdown' : 'dashboard-state';
}

/**
 * The files in a directory, not deeper than 3, that are sources, in the order of their paths. Bounded in how much it
 * looks at and in time (2 s); what cannot be read is passed over.
 */
export async function findSources(
  directory: string,
  options: { readonly signal?: AbortSignal; readonly clock?: Clock } = {},
): Promise<FoundFile[]> {
  const clock = options.clock ?? systemClock;
  const giveUpAt = clock.now() + TIME_LIMIT_MS;
  const isOver = () => options.signal?.aborted === true || clock.now() > giveUpAt;
  const found: FoundFile[] = [];
  for await (const path of jsonFiles(directory, isOver)) {
    const format = await detectFileFormat(path);
    if (format) found.push({ path, format });
    if (found.length >= FOUND_LIMIT || isOver()) break;
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Level by level, so that what lies near is found though something deep is large. */
async function* jsonFiles(directory: string, isOver: () => boolean): AsyncGenerator<string> {
  let level = [directory];
  let entriesLeft = ENTRY_LIMIT;
  for (let depth = 0; depth <= DEPTH_LIMIT; depth += 1) {
    const below: string[] = [];
    for (const parent of level) {
      const entries: Dirent[] = await readdir(parent, { withFileTypes: true }).catch(() => []);
      entriesLeft -= entries.length;
      if (isOver() || entriesLeft < 0) return;
      for (const entry of entries) {
        const path = join(parent, entry.name);
        if (entry.isDirectory() && !isPassedOver(entry.name)) below.push(path);
        else if (isCandidate(entry)) yield path;
      }
    }
    level = below;
  }
}

function isPassedOver(name: string): boolean {
  return NOT_SEARCHED.has(name) || name.endsWith('.commands');
}

function isCandidate(entry: Dirent): boolean {
  const extension = extname(entry.name).toLowerCase();
  return !entry.isDirectory() && (extension === '.json' || STREAM_EXTENSIONS.has(extension));
}

/** Told by the last line that is whole. */
function detectLines(text: string): FileFormat | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines.slice(-2).reverse()) {
    const parsed = parseJson(line);
    if ('value' in parsed && detectFormat(parsed.value) === 'dashboard-state') return 'dashboard-state';
  }
  return null;
}
