import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '../../io/json-text.ts';
import { readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { decodeTrackerTask, type TrackerTask } from './format.ts';
import { taskIdOf } from './place.ts';

/** No task is longer; a longer file was not written by Gemini. */
const LONGEST_FILE_BYTES = 1024 * 1024;
const AT_ONCE = 16;

/** The tasks in one directory, each read again only if its file has changed. */
export interface TrackerFiles {
  /** Reads what is new. Rejects with the system's error. */
  read(): Promise<void>;
  readonly tasks: readonly TrackerTask[];
  /** Returns the files that contain no task, and were last written before `writtenBefore`. */
  brokenFiles(writtenBefore: number): readonly string[];
  /** When one of them was last written; 0 if there are none. */
  readonly movedAt: number;
}

interface ReadTask {
  readonly mark: string;
  readonly writtenAt: number;
  /** null if the file contains none. */
  readonly task: TrackerTask | null;
}

export function createTrackerFiles(directory: string): TrackerFiles {
  let read = new Map<string, ReadTask>();

  async function readTask(name: string): Promise<[string, ReadTask] | null> {
    const path = join(directory, name);
    const before = read.get(name);
    const stats = await stat(path).catch(() => null);
    if (!stats) return null;
    const mark = `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
    if (before?.mark === mark) return [name, before];
    const found = await readWhole(path, LONGEST_FILE_BYTES);
    const parsed = 'bytes' in found ? parseJson(decodeText(found.bytes)) : null;
    const writtenAt = Math.round(stats.mtimeMs);
    const task = parsed && 'value' in parsed ? decodeTrackerTask(parsed.value, stats, before?.task) : null;
    // Gemini overwrites its files in place: one that is cut is complete in a moment, and until then counts as it was.
    return [name, { mark, writtenAt, task: task ?? before?.task ?? null }];
  }

  const entries = () => [...read.values()];
  return {
    async read() {
      const names = (await readdir(directory)).filter((name) => taskIdOf(name) !== null).slice(0, STEP_LIMIT);
      const now: [string, ReadTask][] = [];
      for (let from = 0; from < names.length; from += AT_ONCE) {
        const some = await Promise.all(names.slice(from, from + AT_ONCE).map(readTask));
        now.push(...some.filter((entry) => entry !== null));
      }
      read = new Map(now);
    },
    get tasks() {
      return entries().flatMap(({ task }) => task ?? []);
    },
    brokenFiles: (writtenBefore) =>
      [...read]
        .filter(([, { task, writtenAt }]) => task === null && writtenAt < writtenBefore)
        .map(([name]) => join(directory, name)),
    get movedAt() {
      return entries().reduce((latest, { writtenAt }) => Math.max(latest, writtenAt), 0);
    },
  };
}
