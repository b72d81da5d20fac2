import { lstat } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Source } from '../sources/kit/source.ts';

/** By then, a program that replaces a file by removing and rewriting it has done so. */
const GONE_AFTER_MS = 2_000;

/** Returns the source; once it cannot be read because its path no longer exists, `onGone` is called. */
export function tellWhenGone(source: Source, path: string, clock: Clock, onGone: () => void): Source {
  return {
    ...source,
    get kind() {
      return source.kind; // the kind may be found out later
    },
    async *events(options) {
      let stopLooking = () => {};
      const lookLater = () => {
        stopLooking();
        stopLooking = clock.after(GONE_AFTER_MS, () => void look());
      };
      const look = async () => {
        const isGone = await isNothingAt(path);
        if (options.signal.aborted) return;
        if (isGone) onGone();
        else lookLater();
      };
      try {
        for await (const event of source.events(options)) {
          if (event.type === 'problem' && event.problem.severity === 'down') lookLater();
          else if (event.type === 'live') stopLooking();
          yield event;
        }
      } finally {
        stopLooking();
      }
    },
  };
}

async function isNothingAt(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
