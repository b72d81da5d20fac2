import { type SourceId, taskId } from '../../../model/id.ts';
import { hasEnded, type Session, type Task, type TaskState } from '../../../model/task.ts';
import { type PlainText, plainName, words } from '../../../model/text.ts';
import { BY_RELAYS } from '../../../model/via.ts';
import type { DecodedRequest } from '../../../nostr/nip90/format.ts';
import { shortNpub } from '../../../nostr/npub.ts';
import { cancelAndRetryOffers } from '../../kit/offers.ts';
import { type Job, type JobReading, readJob, requesterOf } from './job.ts';
import type { LaneState } from './lanes.ts';

/** What a job's task needs in addition to the job itself. */
export interface JobSurroundings {
  readonly source: SourceId;
  readonly revision: number;
  /** The key that would sign commands. */
  readonly signerPubkey: string | null;
  readonly attempts: number;
  readonly retryOf: string | null;
  readonly retriedAs: string | null;
}

/** Tells whether a cancellation by this key counts: whether the request names it. */
export function mayCancel(request: DecodedRequest | null, pubkey: string | null): boolean {
  return request !== null && pubkey !== null && request.cancellers.includes(pubkey);
}

const NEEDS_KEY = words`needs the requester's key: taskglass key import`;
const GONE = words`its request is no longer on any relay: send it again`;

/**
 * Tells whether the job is this key's own; if the request is missing, according to its providers or the key that has deleted
 * it.
 */
export function isOwn(job: Job, pubkey: string | null): boolean {
  if (pubkey === null) return false;
  const requester = requesterOf(job, readJob(job).lanes);
  return requester === pubkey || (requester === null && job.deletions.has(pubkey));
}

/** Returns the task as which a job is shown: its best lane, or its requester's cancellation. */
export function describeJob(job: Job, surroundings: JobSurroundings): Task {
  const { source } = surroundings;
  const { request } = job;
  const state = readJob(job);
  const best = state.lanes[0] ?? null;
  const taskState = describeState(state, best);
  const { signerPubkey, retryOf, retriedAs } = surroundings;
  const isEnded = hasEnded(taskState.status);
  const isAllowed = isOwn(job, signerPubkey) || (!isEnded && mayCancel(request, signerPubkey));
  const refusal = isAllowed ? null : NEEDS_KEY;
  return {
    id: taskId(source, job.id),
    source,
    nativeId: job.id,
    revision: surroundings.revision,
    name: request?.name ?? words`job ${plainName(job.id.slice(0, 8))}`,
    state: taskState,
    steps: [],
    totalSteps: 0,
    reportedProgress: best?.progress ?? null,
    reportedEndAt: state.cancelledAtMs === null ? (best?.expectedEndMs ?? null) : null,
    startedAt: best?.startedAtMs || null,
    updatedAt: newestStamp(job, state),
    attempts: surroundings.attempts,
    priority: request?.priority ?? null,
    dependencies: (request?.dependencies ?? []).map((id) => taskId(source, id)),
    notes: [],
    sessions: state.lanes.map(describeLane),
    labels: describeLabels(job, state),
    ...(retryOf !== null && { retryOf: taskId(source, retryOf) }),
    ...(retriedAs !== null && { retriedAs: taskId(source, retriedAs) }),
    offers: cancelAndRetryOffers(
      taskState.status,
      isAllowed && isEnded && job.event === null ? GONE : refusal,
    ),
    via: [BY_RELAYS],
    raw: job.event,
  };
}

function describeState({ cancelledAtMs, hasExpired }: JobReading, best: LaneState | null): TaskState {
  if (cancelledAtMs !== null) {
    return { status: 'cancelled', endedAt: cancelledAtMs, reason: words`by its requester` };
  }
  if (best === null) return { status: 'queued', reason: hasExpired ? EXPIRED : null };
  const { status, said, outcome } = best;
  switch (status) {
    case 'completed':
      return { status, endedAt: said.stampMs, result: outcome?.text ?? null };
    case 'failed':
      return { status, endedAt: said.stampMs, error: said.reason };
    case 'cancelled':
      return { status, endedAt: said.stampMs, reason: said.reason };
    default:
      return { status, reason: said.reason };
  }
}

const EXPIRED = words`its providers’ reports have expired`;

/** Returns a provider's lane in its own words. */
function describeLane(lane: LaneState): Session {
  return {
    id: shortNpub(lane.provider),
    status: lane.said.word === '' ? words`${lane.status}` : lane.said.word,
    updatedAt: lane.updatedAtMs || null,
    notes: lane.said.text,
  };
}

function describeLabels(job: Job, state: JobReading): Record<string, PlainText> {
  const { request } = job;
  const requester = requesterOf(job, state.lanes);
  const best = state.lanes[0];
  const doubt = doubtAbout(job);
  const endedByLane = state.cancelledAtMs === null && best !== undefined && best.outcome !== null;
  return {
    ...(request && { kind: words`${request.kind}` }),
    ...(request?.host && { host: request.host }),
    ...(requester && { requester: shortNpub(requester) }),
    ...(best && { provider: shortNpub(best.provider) }),
    ...(endedByLane && doubt && { unverified: doubt }),
  };
}

/** Returns why anybody could have claimed that the job has ended. */
function doubtAbout({ request }: Job): PlainText | null {
  if (!request) return words`the request is on no relay`;
  return request.providers.length === 0 ? words`the request names no provider` : null;
}

function newestStamp({ request }: Job, { lanes, cancelledAtMs }: JobReading): number | null {
  const stamps = [request?.createdAtMs ?? 0, cancelledAtMs ?? 0, ...lanes.map((lane) => lane.updatedAtMs)];
  return Math.max(...stamps) || null;
}
