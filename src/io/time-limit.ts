import { createContext, Script } from 'node:vm';

/**
 * Runs work that might take years, such as a search for an untested pattern. Work that takes longer than the limit is
 * aborted, and null is returned.
 */
export function createTimeLimit(limitMs: number): <T>(work: () => T) => { readonly value: T } | null {
  // Node can only abort a script in another context; that script may call a function of ours, though.
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
