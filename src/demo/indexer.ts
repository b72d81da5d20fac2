import { hexToBytes } from 'nostr-tools/utils';
import type { Clock } from '../clock.ts';
import { createSigner } from '../nostr/signer.ts';
import { TaskStatusTracker } from '../publish/nostr/tracker.ts';
import { JOB_KINDS } from './jobs.ts';
import { serve, stepsOf } from './serve.ts';
import { REPORT_EVERY_MS, type WorkerContext } from './settings.ts';
import { indexing } from './work.ts';

/** The part of its work in which it reports nothing: 9 s of 18 in the first round. */
const SILENCE = { from: 0.3, to: 0.8 };
const CLOSE_WITHIN_MS = 500;

/** Runs a provider that falls silent for a while although it goes on working: the view must notice that, and its return. */
export async function runIndexer({ settings, signal }: WorkerContext, clock: Clock): Promise<void> {
  const tracker = new TaskStatusTracker({
    relays: [settings.relayUrl],
    signer: createSigner(hexToBytes(settings.secretKey)),
    updateIntervalMs: REPORT_EVERY_MS,
    clock,
  });
  for await (const job of tracker.jobs({ kinds: [JOB_KINDS.index], signal })) {
    await serve(job, indexing(stepsOf(job.request)), { clock, signal, silence: SILENCE });
  }
  await tracker.close({ withinMs: CLOSE_WITHIN_MS });
}
