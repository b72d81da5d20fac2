import type { Clock } from '../../../clock.ts';
import type { Found } from '../found.ts';
import { filesReadBelow } from './open-files.ts';
import { createPositionReader } from './read-position.ts';

/** A command that has printed nothing by then is asked in another way how far it is, */
const SILENT_AFTER_MS = 4_000;
/** and seldom. */
const LOOK_EVERY_MS = 2_000;

/**
 * Looks now and then at the files that this process's commands read, as long as `isWanted`. Returns a function that ends
 * it. Does nothing where the system does not tell, as everywhere but on Linux.
 */
export function watchFiles(options: {
  readonly clock: Clock;
  /** Nothing better is known of the command. */
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
