import { createContext, Script } from 'node:vm';
import type { FindProgress, FoundProgress } from './find-progress.ts';
import { createLineScanner, type LineScanner } from './line-scanner.ts';

/** No signal and no output waits for longer. */
const LIMIT_MS = 200;
/** So many times is too much, */
const PATIENCE = 3;
/** unless so many looks in between went well: then the machine was busy with something else. */
const FORGIVEN_AFTER = 20;

/**
 * A line scanner for a pattern that nobody has tried: some take years for a line of forty characters. What takes too long is
 * broken off; after the third time in a short while it looks no further, and `onTooSlow` hears of it.
 */
export function createCautiousScanner(find: FindProgress, onTooSlow: () => void): LineScanner {
  const scan = createLineScanner(find);
  // Node breaks off only what a script of another context runs; that may be a function of ours all the same.
  const sandbox: { work: () => FoundProgress | null } = { work: () => null };
  const script = new Script('work()');
  const context = createContext(sandbox);
  let patience = PATIENCE;
  return (piece) => {
    if (patience <= 0) return null;
    sandbox.work = () => scan(piece);
    try {
      const found = script.runInContext(context, { timeout: LIMIT_MS });
      patience = Math.min(PATIENCE, patience + 1 / FORGIVEN_AFTER);
      return found;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      patience -= 1;
      if (patience <= 0) onTooSlow();
      return null;
    }
  };
}
