import type { Event } from 'nostr-tools/core';
import type { Relays } from '../../../nostr/relays.ts';
import type { TrackedJobs } from './tracked-jobs.ts';

/** Ordinary relays accept some hundred ids in a filter. */
const IDS_A_QUESTION = 100;

/**
 * Sends unfinished jobs again to relays that lost them in a restart, as relays that keep events in memory do; otherwise nobody
 * would see there what is still running. Each time a relay connects, it is asked which unfinished requests of our own key it
 * has (nobody else would send these again). It is sent those that it lacks, with the state of their jobs. Each of `pools` has
 * one relay. The returned function stops this.
 */
export function remindForgetful(options: {
  readonly pools: readonly Relays[];
  readonly jobs: TrackedJobs;
  readonly pubkey: string;
}): () => void {
  const { pools, jobs, pubkey } = options;
  const requests = () =>
    jobs
      .unended()
      .flatMap((id) => jobs.find(id)?.request.event ?? [])
      .filter((request) => request.pubkey === pubkey);
  const told = (id: string) => jobs.progress(id, null, undefined, undefined);
  const stops = pools.map((pool) => remindRelay({ pool, requests, told }));
  return () => stops.forEach((stop) => stop());
}

/** Reminds one relay; `told` is called with each request that it had lost and has now. */
function remindRelay(options: {
  readonly pool: Relays;
  readonly requests: () => readonly Event[];
  readonly told: (requestId: string) => void;
}): () => void {
  const { pool, told } = options;
  const questions = new Set<() => void>();
  let wasLive = false;

  function look(): void {
    const isLive = pool.peers().some((peer) => peer.status === 'live');
    if (isLive && !wasLive) remind(options.requests());
    wasLive = isLive;
  }

  function remind(requests: readonly Event[]): void {
    stopAsking();
    for (let from = 0; from < requests.length; from += IDS_A_QUESTION)
      ask(requests.slice(from, from + IDS_A_QUESTION));
  }

  function ask(requests: readonly Event[]): void {
    const missing = new Map(requests.map((request) => [request.id, request]));
    const stop = pool.subscribe([{ ids: [...missing.keys()] }], {
      event: ({ id }) => void missing.delete(id),
      caughtUp() {
        questions.delete(stop);
        queueMicrotask(stop);
        for (const request of missing.values()) void tell(request);
      },
    });
    questions.add(stop);
  }

  async function tell(request: Event): Promise<void> {
    const [answer] = await pool.publish(request);
    if (answer?.accepted) told(request.id);
  }

  function stopAsking(): void {
    for (const stop of questions) stop();
    questions.clear();
  }

  const stopListening = pool.onHealth(look);
  look();
  return () => {
    stopListening();
    stopAsking();
  };
}
