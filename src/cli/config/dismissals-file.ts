import { statSync } from 'node:fs';
import path from 'node:path';
import { errorMessage, type Problem, problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import { userDirectories } from '../../storage/directories.ts';
import type { Dismissals } from '../../store/dismissals.ts';

/** What was dismissed, remembered in the state directory. Losing it costs a few key presses: no fault of it ends anything. */
export interface DismissalsFile {
  /** What cannot be read counts as nothing dismissed. */
  load(): Promise<Dismissals>;
  /** Resolves with why it could not be written; null if it was. Never rejects. */
  save(dismissals: Dismissals): Promise<Problem | null>;
}

const NAME = 'dismissed';

export function createDismissalsFile(env: Readonly<Record<string, string | undefined>>): DismissalsFile {
  const directory = userDirectories(env).state;
  const file = path.join(directory, `${NAME}.json`);
  const open = async () => {
    // `conf` would wait for the writer of a pipe, or read a device to its end.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === false)
      throw new Error(`${file} is not a file`);
    const { default: Conf } = await import('conf');
    return new Conf<{ dismissed?: unknown }>({
      cwd: directory,
      configName: NAME,
      clearInvalidConfig: true,
    });
  };
  return {
    async load() {
      if (!statSync(file, { throwIfNoEntry: false })) return {};
      try {
        return readDismissals((await open()).get('dismissed'));
      } catch {
        return {};
      }
    },
    async save(dismissals) {
      try {
        (await open()).set({ dismissed: dismissals });
        return null;
      } catch (error) {
        return notKept(error, file);
      }
    },
  };
}

/** Reads the dismissals. Somebody may have edited the file. */
function readDismissals(value: unknown): Dismissals {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, ending]) => typeof ending === 'string'));
}

function notKept(error: unknown, file: string): Problem {
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  return problem(
    'unreadable',
    'degraded',
    plainName(`dismissals cannot be saved: ${file} cannot be written: ${errorMessage(error)}`),
    isFull
      ? 'make room; until then they last only for this view'
      : 'they last only for this view; do you own the directory?',
  );
}
