/**
 * Returns the script of a worker, a module beside the one that asks: `src/…/verify-worker.ts`,
 * `dist/lib/…/verify-worker.js`, or `dist/verify-worker.js` beside the bundled command line, which consists of scripts
 * (`.cjs`).
 */
export function workerScript(moduleUrl: string, name: string): URL {
  const ending = moduleUrl.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}.${ending}`, moduleUrl);
}
