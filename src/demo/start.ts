import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSecretKey } from 'nostr-tools/pure';
import { bytesToHex } from 'nostr-tools/utils';
import type { Clock } from '../clock.ts';
import { createSigner, type Signer } from '../nostr/signer.ts';
import { createRelay } from '../relay/create-relay.ts';
import { planOf } from './plan.ts';
import { spawnWorker, type WorkerProcess } from './spawn.ts';
import { WORKER_NAMES } from './worker.ts';

/** A running demo: what to open, and with which key. */
export interface Demo {
  readonly relayUrl: string;
  readonly statePath: string;
  readonly breakdownPath: string;
  /** The requester's key, generated for this demo, with which the view may cancel and retry. */
  readonly signer: Signer;
  readonly workers: readonly WorkerProcess[];
  /** Ends every worker and the relay, and removes the demo's files. */
  stop(): Promise<void>;
}

/** Starts an embedded relay in this process, and the workers in processes of their own, with a temporary directory. */
export async function startDemo(options: {
  clock: Clock;
  /** Whether there is more work after the first round. */
  isEndless: boolean;
  /** Where to create the demo's directory; by default in the system's directory for temporary files. */
  directory?: string;
}): Promise<Demo> {
  const { clock, isEndless } = options;
  const directory = await mkdtemp(join(await realpath(options.directory ?? tmpdir()), 'taskglass-demo-'));
  const relay = await createRelay({ clock });
  const requesterKey = generateSecretKey();
  const settings = {
    relayUrl: relay.url,
    directory,
    statePath: join(directory, 'state.json'),
    breakdownPath: join(directory, 'task-breakdown.json'),
    isEndless,
  };
  // Written before anything reads them, because a missing file would be shown as a problem.
  await writeFile(settings.statePath, emptyState(clock.now()));
  await writeFile(settings.breakdownPath, planOf(1, clock.now()));
  const workers = WORKER_NAMES.map((name) => {
    const secretKey = bytesToHex(name === 'requester' ? requesterKey : generateSecretKey());
    return spawnWorker(name, { ...settings, secretKey }, clock);
  });
  return {
    relayUrl: relay.url,
    statePath: settings.statePath,
    breakdownPath: settings.breakdownPath,
    signer: createSigner(requesterKey),
    workers,
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await relay.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function emptyState(nowMs: number): string {
  const state = {
    version: 1,
    timestamp: nowMs,
    widgets: {},
    loading: { isLoading: false, loadingAgents: [] },
  };
  return `${JSON.stringify({ ...state, errors: {}, activeTasks: [] })}\n`;
}
