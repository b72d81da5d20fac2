import { type Clock, endsWithin } from '../../../clock.ts';
import type { Problem } from '../../../model/problem.ts';
import { createRelays, type Relays } from '../../../nostr/relays.ts';
import type { Signer } from '../../../nostr/signer.ts';
import { createVerifier } from '../../../nostr/verify.ts';
import type { Outbox, StoredJob } from '../../../storage/outbox.ts';
import type { Encrypt } from './events.ts';
import { createOutboxSender } from './outbox-sender.ts';
import { undeliveredProblem, unsavedProblem } from './problems.ts';
import type { checkMove } from './states.ts';
import { createTrackedJobs, type TrackedJobs } from './tracked-jobs.ts';

/** The jobs that are reported, and what brings these reports to the relays. */
export interface JobPublisher {
  readonly jobs: TrackedJobs;
  /** What an earlier process has left. */
  readonly stored: readonly StoredJob[];
  /** One for each relay. */
  readonly pools: readonly Relays[];
  /** How many events no relay has accepted yet. */
  readonly untaken: number;
  /** Sends what is still waiting, for at most `withinMs`, and closes everything. */
  close(withinMs: number): Promise<void>;
}

/** Creates the publisher of jobs; `outbox` is closed with it. */
export function createJobPublisher(options: {
  readonly relays: readonly string[];
  readonly signer: Signer;
  readonly outbox: Outbox;
  /** Where the outbox is, for messages about it. */
  readonly statePath: string;
  readonly encrypt?: Encrypt;
  readonly check?: typeof checkMove;
  readonly updateIntervalMs: number;
  readonly onProblem: (problem: Problem) => void;
  /** A job was added or has ended. */
  readonly changed?: () => void;
  readonly clock: Clock;
}): JobPublisher {
  const { signer, outbox, statePath, onProblem, changed = () => {}, clock } = options;
  const verifier = createVerifier({ clock });
  const pools = new Map(
    options.relays.map((url) => [url, createRelays({ urls: [url], clock, verifier, signer })]),
  );
  const sender = createOutboxSender({
    pools,
    outbox,
    clock,
    listener: {
      undelivered: (relay, reason) => onProblem(undeliveredProblem(relay, reason)),
      unsaved: (error) => onProblem(unsavedProblem(statePath, error)),
    },
  });
  const closing = new AbortController();
  const jobs = createTrackedJobs({
    clock,
    signer,
    ...(options.encrypt && { encrypt: options.encrypt }),
    ...(options.check && { check: options.check }),
    updateIntervalMs: options.updateIntervalMs,
    closing: closing.signal,
    publish: sender.publish,
    tell: onProblem,
    changed,
  });

  return {
    jobs,
    stored: outbox.jobs(),
    pools: [...pools.values()],
    get untaken() {
      return sender.untaken;
    },
    async close(withinMs) {
      closing.abort();
      const enough = new AbortController();
      const flushed = jobs.flush().then(() => sender.delivered(enough.signal));
      await endsWithin(clock, withinMs, flushed);
      enough.abort();
      jobs.close();
      sender.close();
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      await verifier.close();
      outbox.close();
    },
  };
}
