import { type Clock, sleep } from '../../../clock.ts';
import type { Problem } from '../../../model/problem.ts';
import { createRelays, type Relays } from '../../../nostr/relays.ts';
import type { Signer } from '../../../nostr/signer.ts';
import { createVerifier } from '../../../nostr/verify.ts';
import { openOutbox, type StoredJob } from '../../../storage/outbox.ts';
import type { Encrypt } from '../tracker/events.ts';
import { createOutboxSender } from '../tracker/outbox-sender.ts';
import { undeliveredProblem, unsavedProblem } from '../tracker/problems.ts';
import { checkUnended } from '../tracker/states.ts';
import { createTrackedJobs, type TrackedJobs } from '../tracker/tracked-jobs.ts';

/** The jobs that are told of, and what brings the news of them to the relays. */
export interface JobPublisher {
  readonly jobs: TrackedJobs;
  /** What an earlier process has left. */
  readonly stored: readonly StoredJob[];
  /** One for each relay. */
  readonly pools: readonly Relays[];
  /** Sends what still waits, for at most `withinMs`, and lets go of everything. */
  close(withinMs: number): Promise<void>;
}

/** Throws SQLite's error where another process has the file open. */
export function openJobPublisher(options: {
  readonly relays: readonly string[];
  readonly signer: Signer;
  readonly encrypt: Encrypt;
  readonly statePath: string;
  readonly updateIntervalMs: number;
  readonly onProblem: (problem: Problem) => void;
  readonly clock: Clock;
}): JobPublisher {
  const { signer, encrypt, statePath, updateIntervalMs, onProblem, clock } = options;
  const outbox = openOutbox(statePath, clock.now());
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
    encrypt,
    check: checkUnended,
    updateIntervalMs,
    closing: closing.signal,
    publish: sender.publish,
    tell: onProblem,
    changed: () => {},
  });

  return {
    jobs,
    stored: outbox.jobs(),
    pools: [...pools.values()],
    async close(withinMs) {
      closing.abort();
      const enough = new AbortController();
      const flushed = jobs.flush().then(() => sender.delivered(enough.signal));
      await Promise.race([flushed, sleep(clock, withinMs, enough.signal)]);
      enough.abort();
      jobs.close();
      sender.close();
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      await verifier.close();
      outbox.close();
    },
  };
}
