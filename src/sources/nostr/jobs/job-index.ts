import type { Event } from 'nostr-tools/core';
import { isEncrypted, markUnreadable } from '../../../nostr/encryption.ts';
import { decodeFeedback, isFeedback } from '../../../nostr/nip90/decode-feedback.ts';
import {
  decodeCancellation,
  decodeRequest,
  readCarriedRequest,
} from '../../../nostr/nip90/decode-request.ts';
import {
  type Cancellation,
  DELETION_KIND,
  type DecryptedEvent,
  isRequestKind,
} from '../../../nostr/nip90/format.ts';
import { createFeedbackIndex, isUnmarkedResult } from './feedback-index.ts';
import { type Job, unknownJob, withDeletion, withRequest } from './job.ts';
import { mergeNews, type News, NO_NEWS } from './news.ts';
import { createRetries, type Retries } from './retries.ts';
import { createStampClamp } from './stamp-clamp.ts';
import { createStoredJobs } from './stored-jobs.ts';

/** All jobs that are known from the events seen so far, regardless of their order and repetition. */
export interface JobIndex {
  get(id: string): Job | undefined;
  all(): Iterable<Job>;
  readonly retries: Pick<Retries, 'repeated' | 'repeats' | 'attempts'>;
  readonly hasOverflowed: boolean;
  /** Tells whether an event of this kind could matter. Nothing else should be decrypted. */
  concerns(event: Event): boolean;
  /** When the next report expires (NIP-40), epoch ms. */
  readonly nextExpiryMs: number | null;
  /** Sets the time to `nowMs` (epoch ms): what has expired no longer counts. */
  expire(nowMs: number): News;
  /** Takes a verified event: decrypted as far as possible, and as it was signed. */
  take(decrypted: DecryptedEvent, original: Event, nowMs: number): News;
  /** Notes that the relays were asked for these requests: what has not arrived by now does not exist there. */
  searched(ids: readonly string[]): News;
}

/** Requests with more characters than this are not kept for a retry, unless they are our own. */
const LONGEST_KEPT_REQUEST = 16 * 1024;

export function createJobIndex(options: { signerPubkey: string | null }): JobIndex {
  const retries = createRetries();
  const jobs = createStoredJobs(retries.forget);
  const feedbacks = createFeedbackIndex(jobs);
  const clampStamp = createStampClamp();

  function take(decrypted: DecryptedEvent, original: Event, nowMs: number): News {
    jobs.advance(nowMs);
    const clamp = (stampMs: number) => clampStamp(decrypted.id, stampMs, nowMs);
    const cancellation = decodeCancellation(decrypted);
    if (cancellation) {
      const news = takeCancellation({ ...cancellation, stampMs: clamp(cancellation.stampMs) });
      return mergeNews(news, takeCarried(readCarriedRequest(decrypted), cancellation, clamp));
    }
    if (isFeedback(decrypted) || isUnmarkedResult(decrypted, jobs)) {
      const feedback = decodeFeedback(decrypted);
      return feedback ? feedbacks.take({ ...feedback, stampMs: clamp(feedback.stampMs) }) : NO_NEWS;
    }
    return isRequest(decrypted) ? takeRequest(decrypted, original, clamp) : NO_NEWS;
  }

  /** Tells whether an event is a request. Some have other kinds; then it is one if somebody answered it. */
  function isRequest({ id, kind }: Pick<Event, 'id' | 'kind'>): boolean {
    return isRequestKind(kind) || jobs.get(id) !== undefined;
  }

  function takeRequest(decrypted: DecryptedEvent, original: Event, clamp: (stampMs: number) => number): News {
    const known = jobs.get(decrypted.id) ?? unknownJob(decrypted.id);
    if (known.request) return NO_NEWS;
    const decoded = decodeRequest(decrypted);
    const request = { ...decoded, createdAtMs: clamp(decoded.createdAtMs) };
    const isOurs = request.requester === options.signerPubkey;
    const isKept = isOurs || JSON.stringify(original).length <= LONGEST_KEPT_REQUEST;
    const gone = jobs.put(withRequest(known, request, isKept ? original : null));
    linkRetries(decrypted.id, request.retryOf);
    return mergeNews(
      { ...NO_NEWS, changed: [...relatives(decrypted.id), ...gone] },
      feedbacks.decide(decrypted.id),
    );
  }

  /** Takes the request that a deletion carries, so that what was deleted is still known. */
  function takeCarried(
    request: Event | null,
    { requestIds }: Cancellation,
    clamp: (stampMs: number) => number,
  ): News {
    if (!request || !requestIds.includes(request.id)) return NO_NEWS;
    return takeRequest(isEncrypted(request) ? markUnreadable(request) : request, request, clamp);
  }

  /** Links a request with what it repeats and what repeats it. A stranger's request never repeats one of another requester. */
  function linkRetries(id: string, oldId: string | null): void {
    const isStrange = (newId: string, repeated: string) => {
      const [newer, older] = [jobs.get(newId)?.request, jobs.get(repeated)?.request];
      return newer && older && newer.requester !== older.requester;
    };
    if (oldId !== null && !isStrange(id, oldId)) retries.add(id, oldId);
    for (const newId of retries.repeats(id)) if (isStrange(newId, id)) retries.forget(newId);
  }

  function relatives(id: string): string[] {
    const repeated = retries.repeated(id);
    return repeated === null ? [...retries.lineage(id)] : [...retries.lineage(id), repeated];
  }

  function takeCancellation({ author, requestIds, stampMs }: Cancellation): News {
    const changed = requestIds.slice(0, MOST_DELETED_AT_ONCE).flatMap((id) => {
      const before = jobs.get(id) ?? unknownJob(id);
      const job = withDeletion(before, author, stampMs);
      return job === before ? [] : [id, ...jobs.put(job)];
    });
    return { ...NO_NEWS, changed };
  }

  return {
    get: jobs.get,
    all: jobs.all,
    retries,
    get hasOverflowed() {
      return jobs.hasOverflowed;
    },
    get nextExpiryMs() {
      return jobs.nextExpiryMs;
    },
    expire(nowMs) {
      jobs.advance(nowMs);
      return { ...NO_NEWS, changed: jobs.expire() };
    },
    concerns: (event) => isFeedback(event) || event.kind === DELETION_KIND || isRequest(event),
    take,
    searched(ids) {
      const missing = ids.filter((id) => !jobs.get(id)?.request);
      const gone = missing.flatMap((id) =>
        jobs.put({ ...(jobs.get(id) ?? unknownJob(id)), isSearched: true }),
      );
      return mergeNews({ ...NO_NEWS, changed: [...missing, ...gone] }, ...missing.map(feedbacks.decide));
    },
  };
}

const MOST_DELETED_AT_ONCE = 500;
