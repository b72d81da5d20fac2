import type { Event } from 'nostr-tools/core';
import { type Clock, systemClock } from '../../clock.ts';
import type { Problem } from '../../model/problem.ts';
import { OWN_WORK_KIND } from '../../nostr/nip90/format.ts';
import { historySince } from '../../nostr/relay/pager.ts';
import { createRelays } from '../../nostr/relays.ts';
import type { Signer } from '../../nostr/signer.ts';
import { createVerifier } from '../../nostr/verify.ts';
import type { Report, Reporter, WorkToReport } from '../report.ts';
import { isEnd } from './tracker/states.ts';
import type { TrackedJob } from './tracker/tracked-job.ts';
import { TaskStatusTracker } from './tracker.ts';

/**
 * Reports work on relays, as a job request of our own key, which names that key as its provider, and feedback on it. A kind 5
 * by the same key, as another taskglass with it sends, cancels the work.
 */
export function createJobReporter(options: {
  readonly relays: readonly string[];
  readonly signer: Signer;
  /** Does the work again, because somebody has asked for it by publishing the request again. Without it, nobody listens. */
  readonly onRetry?: () => void;
  readonly onProblem?: (problem: Problem) => void;
  readonly clock?: Clock;
}): Reporter {
  const { signer, clock = systemClock, onRetry } = options;
  const tracker = new TaskStatusTracker({ ...options, clock, updateIntervalMs: 1_000 });
  const ours = new Set<string>();
  /** A retry to be answered: the next start works on it instead of a request of its own. */
  let retry: Event | null = null;
  const stopListening =
    onRetry &&
    listenForOwnRequests(options.relays, signer, clock, (event) => {
      const isOfOurs = event.tags.some(([name, id = '']) => name === 'retry' && ours.has(id));
      if (!isOfOurs || ours.has(event.id)) return;
      retry = event;
      onRetry();
    });

  async function requestFor({ title }: WorkToReport): Promise<Event> {
    const asked = retry;
    retry = null;
    const template = {
      kind: OWN_WORK_KIND,
      created_at: Math.floor(clock.now() / 1000),
      tags: [['p', signer.pubkey]],
      content: title,
    };
    return asked ?? signer.sign(template);
  }

  return {
    async start(work) {
      const request = await requestFor(work);
      ours.add(request.id);
      const job = await tracker.track(request);
      if (!job) throw new Error('a request of our own could not be read');
      await job.move('processing', work.steps[0]);
      return reportOn(job, work);
    },
    async close() {
      await tracker.close();
      await stopListening?.();
    },
  };
}

/** Listens for the requests that our key signs from now on, until the returned function is called. */
function listenForOwnRequests(
  urls: readonly string[],
  signer: Signer,
  clock: Clock,
  onRequest: (event: Event) => void,
): () => Promise<void> {
  const verifier = createVerifier({ clock });
  const relays = createRelays({ urls, clock, verifier, signer });
  const filter = { kinds: [OWN_WORK_KIND], authors: [signer.pubkey], limit: 100 };
  relays.subscribe([filter], { caughtUp() {}, event: onRequest }, historySince(clock.now()));
  return async () => {
    await relays.close();
    await verifier.close();
  };
}

/** Returns the report of a job. It has one figure and a message: the mean over the steps, and the name of the running one. */
function reportOn(job: TrackedJob, { steps }: WorkToReport): Report {
  let names = steps;
  let weights: readonly number[] = [];
  let shares: number[] = [];
  /** Does something unless a withdrawal has already ended the job. */
  const unlessEnded = (end: () => Promise<void>) => (isEnd(job.state) ? Promise.resolve() : end());
  const weightOf = (index: number) => weights[index] ?? 1;
  const overall = () =>
    shares.reduce((sum, share, index) => sum + (share ?? 0) * weightOf(index), 0) /
    Math.max(
      1,
      names.reduce((sum, _, index) => sum + weightOf(index), 0),
    );

  return {
    id: job.request.id,
    signal: job.signal,
    setSteps(next, nextWeights = []) {
      names = next;
      weights = nextWeights;
      shares = shares.slice(0, next.length);
    },
    step(index, status, progress = 0) {
      shares[index] = status === 'completed' ? 100 : progress;
      job.progress(overall(), { message: names[index] ?? '' });
    },
    tell({ question }) {
      if (question) void unlessEnded(() => job.move('waiting', question));
      else if (question === null && job.state === 'waiting') void job.move('processing');
    },
    complete: (result) => unlessEnded(() => job.complete(result)),
    fail: (error) => unlessEnded(() => job.move('failed', error)),
    cancel: () => unlessEnded(() => job.move('cancelled')),
  };
}
