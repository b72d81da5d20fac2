import { isRequestKind } from '../../../nostr/nip90/format.ts';
import { isForgotten, type Job, readJob, requesterOf } from './job.ts';

/** Whose jobs are worth a row. */
export interface Interest {
  /** These keys' jobs, as requester or provider. Empty: every job on which a provider has said something. */
  readonly pubkeys: ReadonlySet<string>;
  /** The key that commands are signed with: its own requests are worth a row at once. */
  readonly signerPubkey: string | null;
}

/**
 * Tells whether a job is worth a row. Plenty of unrelated traffic has the kinds of requests and results, so a
 * stranger's request alone is not, nor a result of something that is not a request. A job whose request is missing is,
 * once the relays were asked for it in vain. A request that has expired unanswered is over.
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
