import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, sep } from 'node:path';
import { isOursOrRoots } from '../storage/ownership.ts';
import { kindOf } from './read-file.ts';

/** Is thrown if a file may not be written because of what exists at its path, or on the way to it. The message says what. */
export class WriteRefused extends Error {
  /** Like the code of the system's own errors. */
  readonly code = 'EREFUSED';
}

/** Where a file to be written really is. `before` is what is there now; null if nothing is. */
export interface WriteTarget {
  readonly target: string;
  readonly before: Stats | null;
}

/** As many as the kernel follows. */
const LINK_LIMIT = 40;

/**
 * Follows the links of `path` to the file that is to be written, which need not exist. Rejects with a `WriteRefused` at a
 * link that belongs neither to this user nor to root: whoever placed it would choose which of this user's files is replaced.
 * The kernel refuses such links in directories that everybody can write to (`fs.protected_symlinks`), but only if it follows
 * them itself. Also rejects if anything but a regular file is there.
 */
export async function findWriteTarget(path: string): Promise<WriteTarget> {
  // Windows has no such owners.
  if (!process.getuid) return checked(path, await lookAt(await realpath(path).catch(() => path)));
  const steps = walk(path);
  let step = steps.next();
  while (!step.done) step = steps.next(await lookAt(step.value));
  return checked(path, step.value);
}

/** Does what `findWriteTarget` does, synchronously, for the last moment of a process. */
export function findWriteTargetNow(path: string): WriteTarget {
  const steps = walk(path);
  let step = steps.next();
  while (!step.done) step = steps.next(lookAtNow(step.value));
  return checked(path, step.value);
}

/** Something on the way: `link` is where it leads, null if it is not a link. `stats` is null if nothing is there. */
interface Entry {
  readonly path: string;
  readonly stats: Stats | null;
  readonly link: string | null;
}

/** Yields one entry after the other, as the kernel would walk along them; returns the last one, which is not a link. */
function* walk(path: string): Generator<string, Entry, Entry> {
  const whole = isAbsolute(path) ? path : join(process.cwd(), sep) + path;
  const { root } = parse(whole);
  let here: Entry = { path: root, stats: null, link: null };
  let names = namesOf(whole.slice(root.length));
  for (let links = 0; names.length > 0; ) {
    const [name = '', ...rest] = names;
    names = rest;
    if (name === '..') {
      here = { path: dirname(here.path), stats: null, link: null };
      continue;
    }
    const entry: Entry = yield join(here.path, name);
    if (entry.link === null) {
      here = entry;
      continue;
    }
    links += 1;
    if (links > LINK_LIMIT) throw new WriteRefused(`${path} has too many links on the way`);
    if (entry.stats && !isOursOrRoots(entry.stats)) throw strangersLink(path, entry);
    names = [...namesOf(entry.link), ...rest];
    if (isAbsolute(entry.link)) here = { path: root, stats: null, link: null };
  }
  // A path that ends in "..", or is the root.
  return here.stats ? here : yield here.path;
}

function namesOf(path: string): string[] {
  return path.split(sep).filter((name) => name !== '' && name !== '.');
}

function strangersLink(path: string, { path: link, stats }: Entry): WriteRefused {
  const where = link === path ? `${path} is a link` : `${path} leads through ${link}, a link`;
  return new WriteRefused(`${where} that belongs to another user (uid ${stats?.uid}), and is not followed`);
}

function checked(path: string, { path: target, stats }: Entry): WriteTarget {
  if (stats && !stats.isFile()) throw new WriteRefused(`${path} is ${kindOf(stats)}, not a file`);
  return { target, before: stats };
}

async function lookAt(path: string): Promise<Entry> {
  const stats = await lstat(path).catch(() => null);
  const link = stats?.isSymbolicLink() ? await readlink(path).catch(() => null) : null;
  return { path, stats, link };
}

function lookAtNow(path: string): Entry {
  try {
    const stats = lstatSync(path);
    return { path, stats, link: stats.isSymbolicLink() ? readlinkSync(path) : null };
  } catch {
    return { path, stats: null, link: null };
  }
}
