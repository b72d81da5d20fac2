import { join } from 'node:path';
import { hexToBytes } from 'nostr-tools/utils';
import type { Clock } from '../clock.ts';
import { createSigner } from '../nostr/signer.ts';
import type { TrackedJob } from '../publish/nostr/tracker/tracked-job.ts';
import { TaskStatusTracker } from '../publish/nostr/tracker.ts';
import { JOB_KINDS } from './jobs.ts';
import { serve, stepsOf } from './serve.ts';
import { REPORT_EVERY_MS, type WorkerContext } from './settings.ts';
import { checking, hashing, packing, sorting, type Work } from './work.ts';

/** How many jobs are done at once; the others are queued. */
const HANDS = 2;
const CLOSE_WITHIN_MS = 500;

/** Runs a data vending machine: takes job requests from the relay, does the jobs, and reports with kind 7000. */
export async function runProvider({ settings, signal }: WorkerContext, clock: Clock): Promise<void> {
  const tracker = new TaskStatusTracker({
    relays: [settings.relayUrl],
    signer: createSigner(hexToBytes(settings.secretKey)),
    statePath: join(settings.directory, 'provider.db'),
    updateIntervalMs: REPORT_EVERY_MS,
    clock,
  });
  const { hash, pack, sort, check } = JOB_KINDS;
  const busy = new Set<Promise<void>>();
  for await (const job of tracker.jobs({ kinds: [hash, pack, sort, check], signal })) {
    const doing = serve(job, workOf(job), { clock, signal }).finally(() => busy.delete(doing));
    busy.add(doing);
    if (busy.size >= HANDS) await Promise.race(busy);
  }
  await Promise.all(busy);
  await tracker.close({ withinMs: CLOSE_WITHIN_MS });
}

/** Returns the work for a request. A damaged archive is intact when it is checked again. */
function workOf({ request }: TrackedJob): Work {
  const steps = stepsOf(request);
  switch (request.kind) {
    case JOB_KINDS.hash:
      return hashing(steps);
    case JOB_KINDS.pack:
      return packing(steps);
    case JOB_KINDS.sort:
      return sorting(steps);
    default:
      return checking(steps, request.retryOf === null ? Number(request.params.damaged) : null);
  }
}
