import { createContext, Script } from 'node:vm';
import type { FindProgress, FoundProgress } from './find-progress.ts';
import { createLineScanner, type LineScanner } from './line-scanner.ts';

/** No signal and no output waits for longer. */
const LIMIT_MS = 200;
/** A machine may be that busy once. */
const PATIENCE = 3;

/**
 * A line scanner for a pattern that nobody has tried: some take years for a line of forty characters. What takes too long is
 * broken off; after the third time it looks no further, and `onTooSlow` hears of it.
 */
export function createCautiousScanner(find: FindProgress, onTooSlow: () => void): LineScanner {
  const scan = createLineScanner(find);
  // Node breaks off only what a script of another context runs; that may be a function of ours all the same.
  const sandbox: { work: () => FoundProgress | null } = { work: () => null };
  const script = new Script('work()');
  const context = createContext(sandbox);
  let patience = PATIENCE;
  return (piece) => {
    if (patience === 0) return null;
    sandbox.work = () => scan(piece);
    try {
      return script.runInContext(context, { timeout: LIMIT_MS });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      patience -= 1;
      if (patience === 0) onTooSlow();
      return null;
    }
  };
}
