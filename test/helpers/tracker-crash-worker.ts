/** A provider that is meant to be killed: short jobs, and results that name the process that made them. */
import { text } from 'node:stream/consumers';
import { hexToBytes } from 'nostr-tools/utils';
import { sleep, systemClock } from '../../src/clock.ts';
import { createSigner } from '../../src/nostr/signer.ts';
import type { TrackedJob } from '../../src/publish/nostr/tracker/tracked-job.ts';
import { TaskStatusTracker } from '../../src/publish/nostr/tracker.ts';

const { relayUrl, secretKey, statePath, kind } = JSON.parse(await text(process.stdin));
const tracker = new TaskStatusTracker({
  relays: [relayUrl],
  signer: createSigner(hexToBytes(secretKey)),
  statePath,
  updateIntervalMs: 5,
  onProblem(problem) {
    if (problem.kind === 'unreadable') console.error(problem.message);
  },
});

for await (const job of tracker.jobs({ kinds: [kind] })) void perform(job);

async function perform(job: TrackedJob): Promise<void> {
  await job.move('processing');
  for (let percent = 0; percent < 100; percent += 20) {
    await sleep(systemClock, 8);
    job.progress(percent);
  }
  if (job.request.content.endsWith('.1')) await job.move('failed', `by process ${process.pid}`);
  else await job.complete(`by process ${process.pid}`);
}
