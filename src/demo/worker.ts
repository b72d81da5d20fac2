import { rm } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Io } from '../io/io.ts';
import { readSettings, type WorkerContext } from './settings.ts';

type Worker = (context: WorkerContext, clock: Clock) => Promise<void>;

const WORKERS: Readonly<Record<string, () => Promise<Worker>>> = {
  provider: async () => (await import('./provider.ts')).runProvider,
  indexer: async () => (await import('./indexer.ts')).runIndexer,
  requester: async () => (await import('./requester.ts')).runRequester,
  builder: async () => (await import('./builder.ts')).runBuilder,
  planner: async () => (await import('./planner.ts')).runPlanner,
};

/** The workers, each of which runs in a process of its own. */
export const WORKER_NAMES = Object.keys(WORKERS);

/**
 * Runs one of the demo's workers until it is to end or its parent is gone. Resolves to false if there is none with this name.
 */
export async function runDemoWorker(
  name: string,
  io: Pick<Io, 'stdin' | 'signal' | 'clock'>,
): Promise<boolean> {
  const load = WORKERS[name];
  if (!load) return false;
  const { settings, gone } = readSettings(io.stdin);
  const context = { settings: await settings, signal: AbortSignal.any([io.signal, gone]) };
  const run = await load();
  await run(context, io.clock);
  // If the parent was killed, it could not clean up.
  if (gone.aborted) await rm(context.settings.directory, { recursive: true, force: true });
  return true;
}
