import { readdir, readFile } from 'node:fs/promises';

const MOST_TASKS = 16;

/** Returns the ids of a process's threads (only the first few if there are many); none if the system does not tell. */
export async function tasksOf(pid: number): Promise<string[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  return tasks.slice(0, MOST_TASKS);
}

/** Returns the ids of at most `most` descendants of a process, the nearest first. */
export async function processesBelow(pid: number, most: number): Promise<number[]> {
  const found = await childrenOf(pid);
  for (let at = 0; at < Math.min(found.length, most); at += 1) {
    const child = found[at];
    if (child !== undefined) found.push(...(await childrenOf(child)));
  }
  return found.slice(0, most);
}

async function childrenOf(pid: number): Promise<number[]> {
  const lists = await Promise.all(
    (await tasksOf(pid)).map((task) =>
      readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => ''),
    ),
  );
  return lists.join(' ').split(' ').filter(Boolean).map(Number);
}
