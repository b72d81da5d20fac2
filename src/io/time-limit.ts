import { createContext, Script } from 'node:vm';

/**
 * Runs work that might take years, such as the search for a pattern that nobody has tried. What takes longer than the limit
 * is broken off: then null is returned.
 */
export function createTimeLimit(limitMs: number): <T>(work: () => T) => { readonly value: T } | null {
  // Node breaks off only what a script of another context runs; that may be a function of ours all the same.
  const sandbox: { work: () => unknown } = { work: () => null };
  const script = new Script('work()');
  const context = createContext(sandbox);
  return <T>(work: () => T) => {
    sandbox.work = work;
    try {
      return { value: script.runInContext(context, { timeout: limitMs }) as T };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      return null;
    }
  };
}
