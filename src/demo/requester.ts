import { hexToBytes } from 'nostr-tools/utils';
import { type Clock, sleep } from '../clock.ts';
import { createRelays } from '../nostr/relays.ts';
import { createSigner } from '../nostr/signer.ts';
import { createVerifier } from '../nostr/verify.ts';
import { FIRST_ROUND, type JobPlan, laterRound, requestTemplate } from './jobs.ts';
import type { WorkerContext } from './settings.ts';

const ROUND_EVERY_MS = 60_000;
const PUBLISH_AGAIN_MS = 1_000;

/** Requests jobs, signed with the demo's key. The view has the same key, so that they can be cancelled there. */
export async function runRequester({ settings, signal }: WorkerContext, clock: Clock): Promise<void> {
  const signer = createSigner(hexToBytes(settings.secretKey));
  const verifier = createVerifier({ clock });
  const relays = createRelays({ urls: [settings.relayUrl], clock, verifier });

  async function ask(plans: readonly JobPlan[]): Promise<void> {
    const idOf = new Map<string, string>();
    for (const plan of plans) {
      const needs = plan.after === undefined ? null : (idOf.get(plan.after) ?? null);
      const request = await signer.sign(requestTemplate(plan, needs, clock.now()));
      idOf.set(plan.name, request.id);
      while (!signal.aborted) {
        const [answer] = await relays.publish(request, { signal });
        if (answer?.accepted) break;
        await sleep(clock, PUBLISH_AGAIN_MS, signal);
      }
    }
  }

  await ask(FIRST_ROUND);
  for (let round = 2; settings.isEndless && !signal.aborted; round += 1) {
    await sleep(clock, ROUND_EVERY_MS, signal);
    if (!signal.aborted) await ask(laterRound(round));
  }
  await relays.close();
  await verifier.close();
}
