import type { Event } from 'nostr-tools/core';
import type { PlainText } from '../../../model/text.ts';
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
  type JobFeedback,
} from '../../../nostr/nip90/format.ts';
import { tagNamed, tagsNamed } from '../../../nostr/tags.ts';
import { createExpiries } from './expiries.ts';
import { type Job, nextExpiryOf, unknownJob, withDeletion, withFeedback, withRequest } from './job.ts';
import { createJobCache } from './job-cache.ts';
import { createRetries, type Retries } from './retries.ts';
import { createStampClamp } from './stamp-clamp.ts';

/** What an event brought. */
export interface News {
  /** Ids of the jobs that may read differently now, or are no longer known. */
  readonly changed: readonly string[];
  /** Ids of requests that were named, and have not been seen. */
  readonly wanted: readonly string[];
  /** A status that is in no vocabulary. */
  readonly strangeWord: PlainText | null;
}

/** All jobs that are known from the events seen so far, in whatever order and however often they came. */
export interface JobIndex {
  get(id: string): Job | undefined;
  all(): Iterable<Job>;
  readonly retries: Pick<Retries, 'repeated' | 'repeats' | 'attempts'>;
  readonly hasOverflowed: boolean;
  /** Could an event of this kind say something? Nothing else should be decrypted. */
  concerns(event: Event): boolean;
  /** When the next thing that was said expires (NIP-40), epoch ms. */
  readonly nextExpiryMs: number | null;
  /** It is `nowMs` (epoch ms): what has expired does not count any more. */
  expire(nowMs: number): News;
  /** Takes in a genuine event: as decrypted as can be, and as it was signed. */
  take(decrypted: DecryptedEvent, original: Event, nowMs: number): News;
  /** The relays were asked for these requests: what has not come by now is not there. */
  searched(ids: readonly string[]): News;
}

/** Requests beyond this many characters are not kept for a retry, unless they are our own. */
const LONGEST_KEPT_REQUEST = 16 * 1024;
const MOST_UNDECIDED = 1_000;
const NO_NEWS: News = { changed: [], wanted: [], strangeWord: null };

export function createJobIndex(options: { signerPubkey: string | null }): JobIndex {
  const jobs = createJobCache();
  const retries = createRetries();
  const clampStamp = createStampClamp();
  /** Feedback that names several requests, none of which is known yet, by event id. */
  const undecided = new Map<string, JobFeedback>();
  const expiries = createExpiries();
  let asOfMs = 0;

  function take(decrypted: DecryptedEvent, original: Event, nowMs: number): News {
    asOfMs = nowMs;
    const clamp = (stampMs: number) => clampStamp(decrypted.id, stampMs, nowMs);
    const cancellation = decodeCancellation(decrypted);
    if (cancellation) {
      const news = takeCancellation({ ...cancellation, stampMs: clamp(cancellation.stampMs) });
      return merge(news, takeCarried(readCarriedRequest(decrypted), cancellation, clamp));
    }
    if (isFeedback(decrypted) || isUnmarkedResult(decrypted)) {
      const feedback = decodeFeedback(decrypted);
      return feedback ? takeFeedback({ ...feedback, stampMs: clamp(feedback.stampMs) }) : NO_NEWS;
    }
    return isRequest(decrypted) ? takeRequest(decrypted, original, clamp) : NO_NEWS;
  }

  /** Requests have other kinds too: then it is one because somebody answered it. */
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
    const gone = put(withRequest(known, request, isKept ? original : null));
    linkRetries(decrypted.id, request.retryOf);
    return merge({ ...NO_NEWS, changed: [...relatives(decrypted.id), ...gone] }, decide(decrypted.id));
  }

  /** What was deleted is still known by the deletion itself. */
  function takeCarried(
    request: Event | null,
    { requestIds }: Cancellation,
    clamp: (stampMs: number) => number,
  ): News {
    if (!request || !requestIds.includes(request.id)) return NO_NEWS;
    return takeRequest(isEncrypted(request) ? markUnreadable(request) : request, request, clamp);
  }

  /** Links a request with what it repeats and what repeats it. A stranger's request repeats nothing of ours. */
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

  function takeFeedback(feedback: JobFeedback): News {
    const { requestIds } = feedback;
    const known = requestIds.find((id) => jobs.get(id)?.request);
    if (known !== undefined || requestIds.length === 1) return enter(feedback, known);
    if (undecided.size < MOST_UNDECIDED) undecided.set(feedback.eventId, feedback);
    return { ...NO_NEWS, wanted: requestIds };
  }

  /** Enters the feedback under the request it is about: the likeliest, if none of those it names is known. */
  function enter(feedback: JobFeedback, known: string | undefined): News {
    const id = known ?? (feedback.requestIds[0] as string);
    const before = jobs.get(id) ?? unknownJob(id);
    const job = withFeedback(before, feedback);
    if (job === before) return NO_NEWS;
    return {
      changed: [id, ...put(job)],
      wanted: job.request || job.isSearched ? [] : [id],
      strangeWord: feedback.isWordKnown ? null : feedback.word,
    };
  }

  /** A request came, or is not to be found: which of the undecided feedback can be entered now? */
  function decide(id: string): News {
    const news: News[] = [];
    for (const feedback of undecided.values()) {
      if (!feedback.requestIds.includes(id)) continue;
      const known = feedback.requestIds.find((candidate) => jobs.get(candidate)?.request);
      if (known === undefined && !feedback.requestIds.every((candidate) => jobs.get(candidate)?.isSearched))
        continue;
      undecided.delete(feedback.eventId);
      news.push(enter(feedback, known));
    }
    return merge(...news);
  }

  /** Results have odd kinds: one of a request's kind tells itself by who sends it to whom. */
  function isUnmarkedResult({ kind, pubkey, tags }: DecryptedEvent): boolean {
    if (!isRequestKind(kind) || tagNamed(tags, 'i')) return false;
    const job = tagsNamed(tags, 'e')
      .map(([, id]) => jobs.get(id ?? ''))
      .find((candidate) => candidate?.request);
    if (!job?.request) return false;
    const isForRequester = tagsNamed(tags, 'p').some(([, key]) => key === job.request?.requester);
    return isForRequester && (job.request.providers.includes(pubkey) || job.lanes.has(pubkey));
  }

  function takeCancellation({ author, requestIds, stampMs }: Cancellation): News {
    const changed = requestIds.slice(0, MOST_DELETED_AT_ONCE).flatMap((id) => {
      const before = jobs.get(id) ?? unknownJob(id);
      const job = withDeletion(before, author, stampMs);
      return job === before ? [] : [id, ...put(job)];
    });
    return { ...NO_NEWS, changed };
  }

  function put(known: Job): readonly string[] {
    const job = { ...known, asOfMs };
    const gone = jobs.put(job);
    expiries.set(job.id, nextExpiryOf(job));
    for (const id of gone) {
      retries.forget(id);
      expiries.set(id, null);
    }
    return gone;
  }

  return {
    get: jobs.get,
    all: jobs.all,
    retries,
    get hasOverflowed() {
      return jobs.hasOverflowed;
    },
    get nextExpiryMs() {
      return expiries.nextMs;
    },
    expire(nowMs) {
      asOfMs = nowMs;
      const changed = expiries.due(nowMs).flatMap((id) => {
        const job = jobs.get(id);
        return job ? [id, ...put(job)] : [];
      });
      return { ...NO_NEWS, changed };
    },
    concerns: (event) => isFeedback(event) || event.kind === DELETION_KIND || isRequest(event),
    take,
    searched(ids) {
      const missing = ids.filter((id) => !jobs.get(id)?.request);
      const gone = missing.flatMap((id) => put({ ...(jobs.get(id) ?? unknownJob(id)), isSearched: true }));
      return merge({ ...NO_NEWS, changed: [...missing, ...gone] }, ...missing.map(decide));
    },
  };
}

const MOST_DELETED_AT_ONCE = 500;

function merge(...news: readonly News[]): News {
  return {
    changed: [...new Set(news.flatMap(({ changed }) => changed))],
    wanted: [...new Set(news.flatMap(({ wanted }) => wanted))],
    strangeWord: news.find(({ strangeWord }) => strangeWord !== null)?.strangeWord ?? null,
  };
}
