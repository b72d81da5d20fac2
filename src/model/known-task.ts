import { jsonObject } from './json.ts';
import { type PlainText, plainName } from './text.ts';

/** A task as shell completion offers it. */
export interface KnownTask {
  readonly id: string;
  readonly name: PlainText;
  readonly status: PlainText;
}

/** The most tasks that completion offers. */
export const MOST_KNOWN_TASKS = 500;

/** Reads the tasks that another process reports, and trusts nothing in them. */
export function readKnownTasks(raw: unknown): KnownTask[] {
  const tasks: KnownTask[] = [];
  for (const each of (Array.isArray(raw) ? raw : []).slice(0, MOST_KNOWN_TASKS)) {
    const { id, name, status } = jsonObject(each) ?? {};
    if (typeof id !== 'string' || id === '') continue;
    tasks.push({
      id,
      name: plainName(typeof name === 'string' ? name : ''),
      status: plainName(typeof status === 'string' ? status : ''),
    });
  }
  return tasks;
}
