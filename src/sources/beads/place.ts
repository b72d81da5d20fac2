import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { jsonObject } from '../../model/json.ts';

/** The name of the program's directory. */
const DIRECTORY = '.beads';
/** Its issues, one per line, under the current name and that of the first versions. */
const ISSUES = ['issues.jsonl', 'beads.jsonl'];
/** What else it keeps there, depending on the version. */
const OWN_NAME = /^(?:metadata\.json|config\.ya?ml|dolt|embeddeddolt|redirect|.+\.db)$/u;

/** Returns where the issues of a directory may be. */
export function issuePathsOf(directory: string): readonly string[] {
  return ISSUES.map((name) => join(directory, name));
}

/** Tells whether a path has the name of the program's directory. */
export function isNamedLikeBeads(path: string): boolean {
  return basename(path) === DIRECTORY;
}

/** Tells whether this is a directory of the program. */
export async function isBeadsDirectory(directory: string): Promise<boolean> {
  if (!isNamedLikeBeads(directory)) return false;
  const names: string[] = await readdir(directory).catch(() => []);
  return names.some((name) => ISSUES.includes(name) || OWN_NAME.test(name));
}

/**
 * Returns how sure it is that a line is an issue: 3 by the place of its file, 2 by keys that only the program writes, 0 if it
 * is anything else (such as a line of its `interactions.jsonl`).
 */
export function beadRank(line: unknown, path: string): 0 | 2 | 3 {
  const issue = jsonObject(line);
  if (typeof issue?.id !== 'string' || typeof issue.title !== 'string') return 0;
  if (ISSUES.includes(basename(path)) && isNamedLikeBeads(dirname(path))) return 3;
  const hasWords = typeof issue.status === 'string' && typeof issue.issue_type === 'string';
  return hasWords && typeof issue.priority === 'number' && 'created_at' in issue ? 2 : 0;
}
