import type { Clock } from '../../../clock.ts';
import type { Found } from '../found.ts';
import { filesReadBelow } from './open-files.ts';
import { createPositionReader } from './read-position.ts';

/** If a command has printed nothing by then, its progress is looked for in the files that it reads. */
const SILENT_AFTER_MS = 4_000;
/** How often the files are looked at. */
const LOOK_EVERY_MS = 2_000;

/**
 * Looks from time to time at the files that this process's commands read, while `isWanted` returns true. Returns a function
 * that stops it. Does nothing if the system does not tell, that is, anywhere but on Linux.
 */
export function watchFiles(options: {
  readonly clock: Clock;
  /** Whether nothing better is known about the command. */
  isWanted(): boolean;
  tell(found: Found): void;
}): () => void {
  const { clock } = options;
  if (process.platform !== 'linux') return () => {};
  const readPosition = createPositionReader();
  let stopTimer = clock.after(SILENT_AFTER_MS, look);
  let isOver = false;

  function look(): void {
    const looking = options.isWanted() ? filesReadBelow(process.pid).then(tell) : Promise.resolve();
    void looking.then(() => {
      if (!isOver) stopTimer = clock.after(LOOK_EVERY_MS, look);
    });
  }

  function tell(files: Awaited<ReturnType<typeof filesReadBelow>>): void {
    const found = readPosition(files);
    if (found && !isOver && options.isWanted()) options.tell(found);
  }

  return () => {
    isOver = true;
    stopTimer();
  };
}
