/**
 * A provider of NIP-90 jobs that reports what it does: watch it with `taskglass ws://…`, cancel it with `c`.
 * Here relay, customer and agent are in one file; in real life the agent is the part between the rulers.
 */

import { finalizeEvent, generateSecretKey } from 'nostr-tools/pure';
import { Relay } from 'nostr-tools/relay';
import { systemClock } from 'taskglass';
import { createSigner, TaskStatusTracker } from 'taskglass/nostr';
import { createRelay } from 'taskglass/relay';

const relay = await createRelay({ clock: systemClock });
const customerKey = generateSecretKey();

// ────────────────────────────────────────────────────────────────────────────────
const tracker = new TaskStatusTracker({
  relays: [relay.url],
  signer: createSigner(generateSecretKey()),
  statePath: 'jobs.db', // what was begun, and what no relay has yet, outlives a crash
});

async function work() {
  for await (const job of tracker.jobs({ kinds: [5900] })) {
    await job.move('processing', 'counting letters');
    const letters = job.request.content;
    let count = 0;
    for (const letter of letters) {
      if (job.signal.aborted) break; // the customer has withdrawn it: the tracker has said so already
      if (/\p{L}/u.test(letter)) count += 1;
      job.progress((100 * count) / letters.length);
    }
    if (!job.signal.aborted) await job.complete(`${count} letters`);
  }
}
const working = work();
// ────────────────────────────────────────────────────────────────────────────────

const customer = await Relay.connect(relay.url);
const request = finalizeEvent(
  { kind: 5900, created_at: Math.floor(Date.now() / 1000), tags: [], content: 'How many letters are here?' },
  customerKey,
);
const result = new Promise<string>((resolve) => {
  customer.subscribe([{ kinds: [6900, 7000], '#e': [request.id] }], {
    onevent(event) {
      const status = event.tags.find(([name]) => name === 'status');
      console.log(event.kind === 6900 ? `result: ${event.content}` : `status: ${status?.slice(1).join(' ')}`);
      if (event.kind === 6900) resolve(event.content);
    },
  });
});
await customer.publish(request);
if ((await result) !== '21 letters') throw new Error('the agent miscounted');

customer.close();
await tracker.close();
await working;
await relay.close();
