import { constants } from 'node:fs';
import { access, opendir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Clock, systemClock } from '../../clock.ts';
import { inBatches } from '../../io/in-batches.ts';
import { compareText } from '../../model/compare-text.ts';
import { type PlainText, plainName } from '../../model/text.ts';
import { isBacklogFolder } from '../backlog/place.ts';
import { hasNoChecklists, isNamedLikeChecklist } from '../checklist/place.ts';
import { detectFileFormat, type FileFormat } from './detect.ts';
import { type DirectoryFormat, detectDirectoryFormat } from './detect-directory.ts';
import { isNamedLikeSource } from './file-names.ts';

export interface FoundFile {
  readonly path: string;
  /** A directory's format means that its files are one source together. */
  readonly format: FileFormat | DirectoryFormat;
}

/** The sources in a directory, in the order of their paths, and what was not searched, one line each. */
export interface FoundSources {
  readonly files: readonly FoundFile[];
  readonly unsearched: readonly PlainText[];
  /** Whether the last of those lines says that time ran out. */
  readonly ranOutOfTime: boolean;
}

/** How a directory is searched. */
export interface SearchOptions {
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** How deep the directory is in the one that is searched as a whole; 0 if absent. */
  readonly depth?: number;
  readonly timeLimitMs?: number | undefined;
  /** Called before a directory is read, so that nothing that appears in it from then on is missed. */
  readonly onDirectory?: (directory: string) => void;
  /** Tells which files and directories are skipped. */
  readonly isKnown?: (path: string) => boolean;
}

/** The search stops at whichever of these comes first. A look opens a directory, or a file that is named like a source. */
export const DEPTH_LIMIT = 3;
const LOOK_LIMIT = 20_000;
export const FOUND_LIMIT = 500;
const TIME_LIMIT_MS = 2_000;
/** A file of this size is read almost instantly. */
const SMALL_BYTES = 256 * 1024;
/** How many directories that cannot be searched are named. */
const NAMED_LIMIT = 5;

/**
 * Directories in which nobody keeps a task: histories, caches, and what package managers and agents keep for themselves. (The
 * agents' own are read by their own sources.)
 */
const NOT_SEARCHED = new Set([
  ...[
    'node_modules',
    'site-packages',
    '.git',
    '.hg',
    '.svn',
    '.venv',
    '__pycache__',
    '.cache',
    '.npm',
    '.nvm',
  ],
  ...[
    '.cargo',
    '.rustup',
    '.gradle',
    '.m2',
    '.bun',
    '.pyenv',
    '.vscode-server',
    '.claude',
    '.codex',
    '.gemini',
  ],
]);

/**
 * Searches a directory for files that are sources, not deeper than 3. It limits how much it looks at, and the time (2 s); if it
 * stopped, and what it was not permitted to read, is in `unsearched`. An abort ends it with what was found.
 */
export async function findSources(directory: string, options: SearchOptions = {}): Promise<FoundSources> {
  const { clock = systemClock, depth: top = 0, onDirectory = () => {}, isKnown = () => false } = options;
  const { timeLimitMs = TIME_LIMIT_MS } = options;
  const giveUpAt = clock.monotonic() + timeLimitMs;
  const files: FoundFile[] = [];
  const refused: string[] = [];
  let looks = 0;

  const limitReached = () => {
    if (files.length >= FOUND_LIMIT) return `at ${FOUND_LIMIT} sources`;
    if (looks >= LOOK_LIMIT) return `at ${LOOK_LIMIT} files and directories`;
    return clock.monotonic() > giveUpAt ? `after ${timeLimitMs / 1000} s` : null;
  };
  const isOver = () => options.signal?.aborted === true || limitReached() !== null;

  /** Searches level by level, so that what is near is found even if something deep is large. Returns false if it stopped. */
  async function searchLevels(): Promise<boolean> {
    let level = [directory];
    for (let depth = top; depth <= DEPTH_LIMIT; depth += 1) {
      const read = await inBatches(level, (parent) => searchNames(parent, depth), { isOver });
      // In the order of the directories, not in that of the answers.
      refused.push(...read.flatMap(({ refusal }) => refusal ?? []));
      if (read.length < level.length) return false;
      if (!(await searchFiles(read.flatMap(({ candidates }) => candidates)))) return false;
      level = read.flatMap(({ directories }) => directories);
    }
    return true;
  }

  /** Returns the paths in a directory to look into, or why it cannot be searched. */
  async function searchNames(
    parent: string,
    depth: number,
  ): Promise<Names & { readonly refusal: string | null }> {
    looks += 1;
    onDirectory(parent);
    const names = await readNames(parent, isOver);
    // A directory that was removed after its name was read needs no message.
    if ('code' in names) {
      const isNews = names.code !== 'ENOENT' || depth === 0;
      return { directories: [], candidates: [], refusal: isNews ? `${parent} (${names.code})` : null };
    }
    const whole = await detectDirectoryFormat(parent, names.directories);
    if (whole && !isKnown(parent)) files.push({ path: parent, format: whole });
    if (whole === 'maestro' || whole === 'beads') return { directories: [], candidates: [], refusal: null };
    const candidates = names.candidates.filter((name) => isSearchedFor(name, relative(directory, parent)));
    const isOwn = whole === 'backlog' ? isBacklogFolder : () => false;
    return {
      directories: names.directories.filter((name) => !isOwn(name)).map((name) => join(parent, name)),
      candidates: candidates.map((name) => join(parent, name)).filter((path) => !isKnown(path)),
      refusal: null,
    };
  }

  /** Looks into many small files at a time, and into large ones one by one, because each is completely in memory. */
  async function searchFiles(paths: readonly string[]): Promise<boolean> {
    const large: string[] = [];
    const look = async (path: string) => {
      const format = await detectFileFormat(path);
      if (format) files.push({ path, format });
    };
    const lookIfSmall = async (path: string) => {
      looks += 1;
      const { size } = (await stat(path).catch(() => null)) ?? { size: 0 };
      if (size > SMALL_BYTES) large.push(path);
      else await look(path);
    };
    const looked = await inBatches(paths, lookIfSmall, { isOver });
    for (const path of large) {
      if (isOver()) return false;
      await look(path);
    }
    return looked.length === paths.length && files.length <= FOUND_LIMIT;
  }

  const stopped = (await searchLevels()) ? null : limitReached();
  files.splice(FOUND_LIMIT);
  files.sort((a, b) => compareText(a.path, b.path));
  return {
    files,
    unsearched: describeUnsearched(directory, refused, stopped).map(plainName),
    ranOutOfTime: stopped?.startsWith('after') ?? false,
  };
}

interface Names {
  readonly directories: readonly string[];
  readonly candidates: readonly string[];
}

/** Reads the names in a directory that matter, sorted. Most names in a large directory are skipped, and cost no look. */
async function readNames(
  directory: string,
  isOver: () => boolean,
): Promise<Names | { readonly code: string }> {
  const directories: string[] = [];
  const candidates: string[] = [];
  try {
    // Names may be readable although the files are not.
    await access(directory, constants.R_OK | constants.X_OK);
    for await (const entry of await opendir(directory, { bufferSize: 256 })) {
      if (!entry.isDirectory() && isNamedLikeSource(entry.name)) candidates.push(entry.name);
      else if (entry.isDirectory() && isSearched(entry.name)) directories.push(entry.name);
      if (isOver()) break;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { code: code ?? message };
  }
  return { directories: directories.sort(), candidates: candidates.sort() };
}

/** Tells whether a file is looked into, by its name and by the directory, relative to the one that is searched. */
export function isSearchedFor(name: string, directory: string): boolean {
  return !isNamedLikeChecklist(name) || !directory.split(sep).some(hasNoChecklists);
}

/** Tells whether a directory of this name is looked into. */
export function isSearched(directoryName: string): boolean {
  return !NOT_SEARCHED.has(directoryName) && !directoryName.endsWith('.commands');
}

function describeUnsearched(directory: string, refused: readonly string[], stopped: string | null): string[] {
  const lines = refused.slice(0, NAMED_LIMIT).map((which) => `${which}: this directory cannot be searched`);
  const more = refused.length - lines.length;
  if (more > 0) lines.push(`${directory}: ${more} more directories in it cannot be searched`);
  if (stopped) lines.push(`${directory}: the search stopped ${stopped}; name a smaller directory, or files`);
  return lines;
}
