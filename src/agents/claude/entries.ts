import { readdir } from 'node:fs/promises';
import { systemProblem } from '../../io/file-problem.ts';
import { inBatches } from '../../io/in-batches.ts';
import type { Problem } from '../../model/problem.ts';

/** The contents of a directory, by name, as last read. */
export interface Entries<T> {
  readonly values: ReadonlyMap<string, T>;
  /** Why the directory cannot be read. */
  readonly problem: Problem | null;
  /** The entry may have changed, so the next `refresh` reads it. If null, all of them, and their names, may have changed. */
  touch(name: string | null): void;
  /** Reads again what was touched. Returns whether any value has changed. */
  refresh(): Promise<boolean>;
}

/**
 * Creates the reader of a directory whose entries are read one by one. `load` returns null for what is not an entry (yet), and
 * `before` for one that has not changed; names that `isWanted` refuses are skipped. A missing directory is empty.
 */
export function createEntries<T>(options: {
  readonly directory: string;
  readonly isWanted: (name: string) => boolean;
  readonly load: (name: string, before: T | null) => Promise<T | null>;
}): Entries<T> {
  const { directory, isWanted, load } = options;
  const values = new Map<string, T>();
  const touched = new Set<string>();
  let names = new Set<string>();
  let areNamesOld = true;
  let areAllTouched = true;
  let problem: Problem | null = null;

  async function listNames(): Promise<Set<string>> {
    try {
      problem = null;
      return new Set(await readdir(directory));
    } catch (error) {
      const found = systemProblem(error, directory);
      if (found.kind === 'missing') return new Set();
      problem = { ...found, severity: 'degraded' };
      return names;
    }
  }

  return {
    values,
    get problem() {
      return problem;
    },
    touch(name) {
      if (name === null) areAllTouched = true;
      else touched.add(name);
      if (name === null || !names.has(name)) areNamesOld = true;
    },
    async refresh() {
      const problemBefore = problem;
      if (areNamesOld) names = await listNames();
      areNamesOld = false;
      const wanted = [...names].filter(isWanted);
      const isDue = (name: string) => areAllTouched || touched.has(name) || !values.has(name);
      const due = wanted.filter(isDue);
      const gone = [...values.keys()].filter((name) => !names.has(name) || !isWanted(name));
      areAllTouched = false;
      touched.clear();
      for (const name of gone) values.delete(name);
      const loaded = await inBatches(due, (name) => load(name, values.get(name) ?? null));
      let hasChanged = gone.length > 0 || (problem === null) !== (problemBefore === null);
      for (const [index, name] of due.entries()) {
        const value = loaded[index] ?? null;
        hasChanged ||= value !== (values.get(name) ?? null);
        if (value === null) values.delete(name);
        else values.set(name, value);
      }
      return hasChanged;
    },
  };
}
