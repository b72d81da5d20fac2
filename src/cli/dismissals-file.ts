import { statSync } from 'node:fs';
import path from 'node:path';
import { userDirectories } from '../storage/directories.ts';
import type { Dismissals } from '../store/dismissals.ts';

/** What was dismissed, remembered in the state directory. Losing it costs a few key presses, so it never fails aloud. */
export interface DismissalsFile {
  load(): Promise<Dismissals>;
  save(dismissals: Dismissals): Promise<void>;
}

const NAME = 'dismissed';

export function createDismissalsFile(env: Readonly<Record<string, string | undefined>>): DismissalsFile {
  const directory = userDirectories(env).state;
  const file = path.join(directory, `${NAME}.json`);
  const open = async () => {
    // `conf` would wait for the writer of a pipe, or read a device to its end.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new Error(`${file} is no file`);
    const { default: Conf } = await import('conf');
    return new Conf<{ dismissed?: Dismissals }>({
      cwd: directory,
      configName: NAME,
      clearInvalidConfig: true,
    });
  };
  return {
    async load() {
      if (!statSync(file, { throwIfNoEntry: false })) return {};
      return open().then(
        (file) => file.get('dismissed') ?? {},
        () => ({}),
      );
    },
    async save(dismissals) {
      await open().then(
        (file) => file.set({ dismissed: dismissals }),
        () => {},
      );
    },
  };
}
