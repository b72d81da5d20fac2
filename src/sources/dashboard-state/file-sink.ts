import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile, replaceFileNow } from '../atomic-file.ts';
import type { Sink } from '../emitter.ts';

/**
 * Keeps a file at the newest state, replaced as a whole each time: no reader ever sees a part of it, whenever this
 * process is killed. Not synchronised to the disk: after a power cut it may be older, and the work is gone with it.
 */
export function createFileSink<T>(path: string): Sink<T> {
  return {
    name: path,
    async write(state) {
      const text = textOf(state);
      await replaceFile(path, text, { synchronised: 'whenever' }).catch(
        async (error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error;
          await mkdir(dirname(path), { recursive: true, mode: 0o775 });
          await replaceFile(path, text, { synchronised: 'whenever' });
        },
      );
    },
    writeLast: (state) => replaceFileNow(path, textOf(state)),
  };
}

function textOf(state: unknown): string {
  return `${JSON.stringify(state)}\n`;
}
