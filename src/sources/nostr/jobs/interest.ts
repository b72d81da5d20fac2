import { isRequestKind } from '../../../nostr/nip90/format.ts';
import { isForgotten, type Job, readJob, requesterOf } from './job.ts';

/** Whose jobs are shown. */
export interface Interest {
  /** The keys whose jobs are shown, as requester or provider. If empty, every job on which a provider has reported. */
  readonly pubkeys: ReadonlySet<string>;
  /** The key that signs commands: its own requests are shown at once. */
  readonly signerPubkey: string | null;
}

/**
 * Tells whether a job is shown. Much unrelated traffic has the kinds of requests and results, so a stranger's request alone is
 * not shown, nor is a result of something that is not a request. A job without its request is shown once the relays were asked
 * for it in vain. A request that has expired unanswered is over.
 */
export function isShown(job: Job, interest: Interest): boolean {
  const { request } = job;
  const { lanes } = readJob(job);
  const isAnswered = lanes.length > 0;
  if (!request && !(job.isSearched && isAnswered)) return false;
  if (isForgotten(job)) return false;

  const requester = requesterOf(job, lanes);
  const isRequest = isAnswered || isRequestKind(request?.kind ?? 0);
  if (interest.pubkeys.size === 0) {
    const isJob = isRequestKind(request?.kind ?? 0) || lanes.some(({ hasFeedback }) => hasFeedback);
    return (isAnswered && isJob) || (isRequest && requester === interest.signerPubkey);
  }
  const parties = [requester, ...(request?.providers ?? []), ...lanes.map((lane) => lane.provider)];
  return isRequest && parties.some((key) => key !== null && interest.pubkeys.has(key));
}
