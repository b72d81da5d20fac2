import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemProblem } from '../../io/file-problem.ts';
import { inBatches } from '../../io/in-batches.ts';
import { readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { TASK_LIMIT } from '../../model/limits.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { readTaskFile, type TaskFile } from './format.ts';

interface Cached {
  readonly identity: string;
  readonly task: TaskFile | null;
  readonly problem: Problem | null;
}

/** What the files of a board say, and what is wrong with one of them. */
export type FilesReading =
  | { readonly files: readonly TaskFile[]; readonly problem: Problem | null }
  | { readonly down: Problem };

/** A task is a page of text; a larger file is not a task. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/** Creates the reader of a board's task files. A file that has not changed is not read twice. */
export function createTaskFiles(directory: string): { read(): Promise<FilesReading> } {
  const tasks = join(directory, 'tasks');
  let cache = new Map<string, Cached>();

  return {
    async read() {
      const listed = await readdir(tasks).catch((error: unknown) => error);
      if (!Array.isArray(listed)) return { down: notThere(directory, listed) };
      const names = (listed as string[]).filter((name) => /\.md$/iu.test(name)).sort();
      // One more than are shown, so that the excess is reported.
      const some = names.slice(0, TASK_LIMIT + 1);
      const loaded = await inBatches(some, (name) => load(join(tasks, name), name, cache.get(name)));
      cache = new Map(some.map((name, index) => [name, loaded[index] as Cached]));
      const found = loaded.flatMap(({ task }) => task ?? []);
      return { files: found, problem: loaded.find((file) => file.problem)?.problem ?? null };
    },
  };
}

/** Loads a file. A file that cannot be read keeps its last content; one that is just being removed is not a problem. */
async function load(path: string, name: string, known: Cached | undefined): Promise<Cached> {
  const stats = await stat(path).catch(() => null);
  const identity = stats ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : '';
  if (known && known.identity === identity) return known;
  const found = await readWhole(path, LARGEST_BYTES);
  if ('problem' in found) {
    const isGone = found.isMissing;
    const degraded: Problem = { ...found.problem, severity: 'degraded' };
    return { identity: '', task: isGone ? null : (known?.task ?? null), problem: isGone ? null : degraded };
  }
  const task = readTaskFile(name, decodeText(found.bytes));
  if (task) return { identity, task, problem: null };
  // Cut in the middle of a rewrite, or by hand: it is read again once it changes.
  return { identity, task: known?.task ?? null, problem: noTask(path, known?.task !== undefined) };
}

function noTask(path: string, hasKnown: boolean): Problem {
  const message = words`${plainName(path)} has no front matter with an id and a title`;
  return problem(
    'malformed',
    'degraded',
    message,
    hasKnown ? 'its previous content is shown' : 'it is left out; the other tasks are shown',
  );
}

function notThere(directory: string, error: unknown): Problem {
  const found = systemProblem(error, join(directory, 'tasks'));
  if (found.kind !== 'missing') return found;
  const message = words`${plainName(directory)} is not a backlog: it has no directory "tasks"`;
  return problem('missing', 'down', message, 'backlog init makes it, in the project’s directory');
}
