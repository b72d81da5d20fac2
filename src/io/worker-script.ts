/**
 * Returns the script of a worker. It lies beside the module that asks, with the same ending: `src/…/verify-worker.ts`,
 * `dist/lib/…/verify-worker.js`, or `dist/verify-worker.js` beside the bundled command line.
 */
export function workerScript(moduleUrl: string, name: string): URL {
  const ending = moduleUrl.slice(moduleUrl.lastIndexOf('.'));
  return new URL(`./${name}${ending}`, moduleUrl);
}
