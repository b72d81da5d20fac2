import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';

/** What Backlog.md creates beside its tasks; nothing in it is a source of its own. */
const OWN_DIRECTORIES = new Set([
  'tasks',
  'completed',
  'drafts',
  'archive',
  'milestones',
  'decisions',
  'docs',
]);
/** The names that it suggests for its directory; any other can be given. */
const USUAL_NAMES = new Set(['backlog', '.backlog']);
const OWN_SETTING = /^(?:project_name|statuses|default_status|task_prefix):/mu;
const OWN_FIELDS = [/^id:/mu, /^title:/mu, /^status:/mu, /^(?:assignee|created_date|labels|dependencies):/mu];
const TASK_NAME = /^[a-z]+-\d+(?:\.\d+)* - .+\.md$/iu;
/** How many files are looked at to tell a board from another directory with tasks in it. */
const LOOKED_AT = 3;

/** Tells whether a name in a board's directory is one of the program's own directories. */
export function isBacklogFolder(name: string): boolean {
  return OWN_DIRECTORIES.has(name);
}

/** Returns where a board's settings may be: in its directory, or in the project's. */
export function settingsPathsOf(directory: string): readonly string[] {
  return [join(directory, 'config.yml'), join(dirname(directory), 'backlog.config.yml')];
}

/** Tells whether this is a directory of Backlog.md, by its settings or by tasks in its format. */
export async function isBacklogDirectory(directory: string): Promise<boolean> {
  const names = await readdir(join(directory, 'tasks')).catch(() => null);
  if (!names) return false;
  if (OWN_SETTING.test(await textOf(join(directory, 'config.yml')))) return true;
  const [, inProject = ''] = settingsPathsOf(directory);
  const isUsual = USUAL_NAMES.has(basename(directory));
  if (isUsual && OWN_SETTING.test(await textOf(inProject))) return true;
  for (const name of names.filter((one) => TASK_NAME.test(one)).slice(0, LOOKED_AT)) {
    const text = await textOf(join(directory, 'tasks', name));
    if (OWN_FIELDS.every((field) => field.test(text.slice(0, 4096)))) return true;
  }
  return false;
}

async function textOf(path: string): Promise<string> {
  const found = await readWhole(path);
  return 'problem' in found ? '' : decodeText(found.bytes);
}
