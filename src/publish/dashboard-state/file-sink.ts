import { dirname } from 'node:path';
import { replaceFile, replaceFileNow } from '../../io/atomic-file.ts';
import { ownProcess } from '../../io/process-identity.ts';
import { findWriteTarget, WriteRefused } from '../../io/write-target.ts';
import type { DashboardState } from '../../model/dashboard-state.ts';
import { makeDirectory } from '../../storage/make-directory.ts';
import type { Sink } from '../sink-feed.ts';
import { type Ownership, readOwnership, readOwnershipNow } from './own-state.ts';

/**
 * Keeps a file at the newest state. It is replaced as a whole each time, so no reader ever sees a part of it, whenever this
 * process is killed; readers learn from `process`, which is added, that it was killed. The file is not synchronised to the
 * disk: after a power cut it may be older, but then the work is gone, too.
 *
 * Replaces only what one of our emitters has written: anything else is a problem, and left as it is.
 */
export function createFileSink(path: string): Sink<DashboardState> {
  async function replace(text: string): Promise<void> {
    // Before anything is read through a link.
    await findWriteTarget(path);
    const isStillRight = async () => isOurs(await readOwnership(path));
    await replaceFile(path, text, { synchronised: 'whenever', isStillRight });
  }

  return {
    name: path,
    async write(state) {
      const text = textOf(state);
      await replace(text).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        await makeDirectory(dirname(path), 0o755);
        await replace(text);
      });
    },
    writeLast(state) {
      if (isOurs(readOwnershipNow(path))) replaceFileNow(path, textOf(state));
    },
  };
}

/** @throws WriteRefused if it is not ours */
function isOurs(ownership: Ownership): true {
  if (ownership.kind !== 'foreign') return true;
  throw new WriteRefused(`it ${ownership.why}, and would be replaced`);
}

function textOf(state: DashboardState): string {
  const process = ownProcess();
  return `${JSON.stringify(process ? { ...state, process } : state)}\n`;
}
