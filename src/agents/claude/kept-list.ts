import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inBatches } from '../../io/in-batches.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { decodeListedTask, type ListedTask } from './format.ts';
import { type KeptFile, readKept } from './kept-file.ts';

/** A list of tasks, each with a file, in order. */
export interface KeptList {
  readonly tasks: readonly KeptTask[];
  readonly problem: Problem | null;
}

/** A task with the times that follow from its file's changes (epoch ms), because it contains none. */
export interface KeptTask {
  readonly name: string;
  readonly file: KeptFile<ListedTask>;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** Further tasks of one list are not read. */
const MOST_TASKS = 2_000;
const EMPTY: KeptList = { tasks: [], problem: null };

/**
 * Reads a list: the files whose names are numbers, beside which there are others. What has not changed is the same object as
 * `before`.
 */
export async function readKeptList(directory: string, before: KeptList | null): Promise<KeptList | null> {
  const names: string[] | null = await readdir(directory).catch(() => null);
  if (!names) return null;
  const numbered = names.filter((name) => /^\d{1,15}\.json$/u.test(name));
  numbered.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const known = new Map(before?.tasks.map((task) => [task.name, task]));
  const read = await inBatches(numbered.slice(0, MOST_TASKS), async (name) => {
    const knownTask = known.get(name) ?? null;
    const file = await readKept(join(directory, name), knownTask?.file ?? null, decodeListedTask);
    return file && withTimes(name, file, knownTask);
  });
  const tasks = read.filter((task) => task !== null);
  const surplus = numbered.length > MOST_TASKS ? tooMany(directory, numbered.length) : null;
  const isSame =
    before?.tasks.length === tasks.length && tasks.every((task, index) => task === before.tasks[index]);
  if (before && isSame && (before.problem === null) === (surplus === null)) return before;
  return tasks.length === 0 ? EMPTY : { tasks, problem: surplus };
}

/** A task begins, and is completed, when its file says so for the first time; later changes do not count. */
function withTimes(name: string, file: KeptFile<ListedTask>, before: KeptTask | null): KeptTask {
  if (before?.file === file) return before;
  const status = file.value?.status;
  const isSame = before !== null && before.file.value?.status === status;
  if (isSame) return { ...before, file };
  const at = file.modifiedAt;
  if (status === 'running') return { name, file, startedAt: at, endedAt: null };
  if (status === 'completed') return { name, file, startedAt: before?.startedAt ?? null, endedAt: at };
  return { name, file, startedAt: null, endedAt: null };
}

function tooMany(directory: string, found: number): Problem {
  const message = words`${plainName(directory)} has ${found} tasks: only the first ${MOST_TASKS} are shown`;
  return problem('too-large', 'degraded', message);
}
