import { type DecryptedEvent, isRequestKind, type JobFeedback } from '../../../nostr/nip90/format.ts';
import { tagNamed, tagsNamed } from '../../../nostr/tags.ts';
import { unknownJob, withFeedback } from './job.ts';
import { mergeNews, type News, NO_NEWS } from './news.ts';
import type { StoredJobs } from './stored-jobs.ts';

/** Finds the job that each feedback is about. */
export interface FeedbackIndex {
  take(feedback: JobFeedback): News;
  /** Adds the undecided feedback that can be assigned now: this request has arrived, or cannot be found. */
  decide(id: string): News;
}

const MOST_UNDECIDED = 1_000;

export function createFeedbackIndex(jobs: StoredJobs): FeedbackIndex {
  /** Feedback that names several requests, none of which is known yet, by event id. */
  const undecided = new Map<string, JobFeedback>();

  function take(feedback: JobFeedback): News {
    const { requestIds } = feedback;
    const known = requestIds.find((id) => jobs.get(id)?.request);
    if (known !== undefined || requestIds.length === 1) return enter(feedback, known);
    if (undecided.size < MOST_UNDECIDED) undecided.set(feedback.eventId, feedback);
    return { ...NO_NEWS, wanted: requestIds };
  }

  /** Adds feedback to the request that it is about; if none of those that it names is known, to the likeliest. */
  function enter(feedback: JobFeedback, known: string | undefined): News {
    const id = known ?? (feedback.requestIds[0] as string);
    const before = jobs.get(id) ?? unknownJob(id);
    const job = withFeedback(before, feedback);
    if (job === before) return NO_NEWS;
    return {
      changed: [id, ...jobs.put(job)],
      wanted: job.request || job.isSearched ? [] : [id],
      strangeWord: feedback.isWordKnown ? null : feedback.word,
    };
  }

  /** Adds the undecided feedback that can be assigned now: a request has arrived, or cannot be found. */
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
    return mergeNews(...news);
  }

  return { take, decide };
}

/**
 * Tells whether an event of an odd kind (a result's) is one although its request has the same kind, by its sender and
 * recipient.
 */
export function isUnmarkedResult(
  { kind, pubkey, tags }: DecryptedEvent,
  jobs: Pick<StoredJobs, 'get'>,
): boolean {
  if (!isRequestKind(kind) || tagNamed(tags, 'i')) return false;
  const job = tagsNamed(tags, 'e')
    .map(([, id]) => jobs.get(id ?? ''))
    .find((candidate) => candidate?.request);
  if (!job?.request) return false;
  const isForRequester = tagsNamed(tags, 'p').some(([, key]) => key === job.request?.requester);
  return isForRequester && (job.request.providers.includes(pubkey) || job.lanes.has(pubkey));
}
