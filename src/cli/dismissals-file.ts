import { existsSync } from 'node:fs';
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
  const open = async () => {
    const { default: Conf } = await import('conf');
    return new Conf<{ dismissed?: Dismissals }>({
      cwd: directory,
      configName: NAME,
      clearInvalidConfig: true,
    });
  };
  return {
    async load() {
      if (!existsSync(path.join(directory, `${NAME}.json`))) return {};
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
