import { hexToBytes } from 'nostr-tools/utils';
import type { Clock } from '../clock.ts';
import { createSigner } from '../nostr/signer.ts';
import { TaskStatusTracker } from '../publish/nostr/tracker.ts';
import { JOB_KINDS } from './jobs.ts';
import { serve, stepsOf } from './serve.ts';
import { REPORT_EVERY_MS, type WorkerContext } from './settings.ts';
import { indexing } from './work.ts';

/** In this part of its work it says nothing: 9 s of the first round's 18. */
const SILENCE = { from: 0.3, to: 0.8 };
const CLOSE_WITHIN_MS = 500;

/** A provider that works on, but falls silent for a while: the view must notice, and notice when it is back. */
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
