import { parentPort, workerData } from 'node:worker_threads';
import { createListReader } from './list-reader.ts';

/** The other side of `list-thread.ts`: receives which file to read, and answers what is new in it, in the same order. */
const reader = createListReader(workerData);

parentPort?.on('message', async ({ path, evenIfSame }: { path: string; evenIfSame: boolean }) =>
  parentPort?.postMessage(await reader.read(path, evenIfSame)),
);
