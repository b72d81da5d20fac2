import type { Event } from 'nostr-tools/core';
import { hasEnded } from '../../../model/task.ts';
import type { DecodedRequest, JobFeedback } from '../../../nostr/nip90/format.ts';
import { compareLanes, foldFeedback, type Lane, type LaneState, readLane } from './lanes.ts';

/** What is known about one job, from those of its events that have arrived so far. Immutable. */
export interface Job {
  readonly id: string;
  readonly request: DecodedRequest | null;
  /** The request as it was signed, for sending it again; null if it is too long to keep. */
  readonly event: Event | null;
  /** By provider. */
  readonly lanes: ReadonlyMap<string, Lane>;
  /** Who has deleted the request, and when first (epoch ms). Only the requester's own deletion counts. */
  readonly deletions: ReadonlyMap<string, number>;
  /** Whether the relays were asked for the request. */
  readonly isSearched: boolean;
  /** The time at which it is read, epoch ms: what had expired by then does not count. */
  readonly asOfMs: number;
}

/** How many keys may answer a request that names no provider. */
const MOST_LANES = 64;
/** How many lanes are kept until the request is known: those that it names may be the last to arrive. */
const MOST_UNASKED_LANES = 512;

export function unknownJob(id: string): Job {
  const nothing = { request: null, event: null, lanes: new Map(), deletions: new Map() };
  return { id, ...nothing, isSearched: false, asOfMs: 0 };
}

/** Adds the request. If it names providers, only their reports count, and those of others are dropped. */
export function withRequest(job: Job, request: DecodedRequest, event: Event | null): Job {
  if (job.request) return job;
  const lanes = new Map([...job.lanes].filter(([provider]) => isAsked(request, provider)));
  return withBestLanes({ ...job, request, event, lanes });
}

export function withFeedback(job: Job, feedback: JobFeedback): Job {
  const known = job.lanes.get(feedback.provider) ?? null;
  if (job.request && !isAsked(job.request, feedback.provider)) return job;
  const lane = foldFeedback(known, feedback);
  if (lane === known) return job;
  return withBestLanes({ ...job, lanes: new Map(job.lanes).set(feedback.provider, lane) });
}

/**
 * Drops surplus lanes. Keys cost nothing: many of them may push each other out, but neither the best lane nor one of a provider
 * that was named.
 */
function withBestLanes(job: Job): Job {
  const isNamed = job.request !== null && job.request.providers.length > 0;
  const most = job.request ? MOST_LANES : MOST_UNASKED_LANES;
  if (isNamed || job.lanes.size <= most) return job;
  const kept = [...job.lanes.values()].map(readLane).sort(compareLanes).slice(0, most);
  const best = new Set(kept.map(({ provider }) => provider));
  return { ...job, lanes: new Map([...job.lanes].filter(([provider]) => best.has(provider))) };
}

export function withDeletion(job: Job, author: string, stampMs: number): Job {
  const known = job.deletions.get(author);
  if (known !== undefined && known <= stampMs) return job;
  return { ...job, deletions: new Map(job.deletions).set(author, stampMs) };
}

/** The state of a job: its lanes, the best first, and since when its requester no longer wants it (epoch ms). */
export interface JobReading {
  readonly lanes: readonly LaneState[];
  readonly cancelledAtMs: number | null;
  /** Whether more was reported that no longer counts (NIP-40). */
  readonly hasExpired: boolean;
}

export function readJob(job: Job): JobReading {
  const said = [...job.lanes.values()].map(readLane).filter((lane) => !isAside(job, lane));
  const lanes = said.filter((lane) => !isLaneExpired(lane, job.asOfMs)).sort(compareLanes);
  const requester = requesterOf(job, lanes);
  const deletedAtMs = requester === null ? undefined : job.deletions.get(requester);
  const isInTime = deletedAtMs !== undefined && !isCompletedBy(lanes[0], deletedAtMs);
  return { lanes, cancelledAtMs: isInTime ? deletedAtMs : null, hasExpired: lanes.length < said.length };
}

/**
 * Tells whether a lane has expired. An end never does: a completed job does not become queued again because the report of its
 * end has expired.
 */
function isLaneExpired({ status, said }: LaneState, atMs: number): boolean {
  return !hasEnded(status) && said.expiresAtMs !== null && said.expiresAtMs <= atMs;
}

/** Returns the next moment (epoch ms) at which a report about the job, or its request, expires. */
export function nextExpiryOf(job: Job): number | null {
  const moments = [...job.lanes.values()].map(readLane).filter(({ status }) => !hasEnded(status));
  const stamps = [job.request?.expiresAtMs ?? null, ...moments.map(({ said }) => said.expiresAtMs)];
  const coming = stamps.filter((stamp) => stamp !== null && stamp > job.asOfMs) as number[];
  return coming.length === 0 ? null : Math.min(...coming);
}

/** Tells whether the request has expired without an answer that still counts. */
export function isForgotten(job: Job): boolean {
  const expiresAtMs = job.request?.expiresAtMs ?? null;
  return expiresAtMs !== null && expiresAtMs <= job.asOfMs && readJob(job).lanes.length === 0;
}

/** Tells whether the job has ended, as far as is known. */
export function isOver(job: Job): boolean {
  const { lanes, cancelledAtMs } = readJob(job);
  return cancelledAtMs !== null || (lanes[0] !== undefined && hasEnded(lanes[0].status));
}

/** Returns whose job it is; if the request cannot be found, whose the providers say it is, if they agree. */
export function requesterOf(job: Job, lanes: readonly LaneState[]): string | null {
  if (job.request) return job.request.requester;
  const [claimed = null, ...others] = new Set(lanes.map((lane) => lane.said.requester));
  return others.length === 0 ? claimed : null;
}

function isAsked({ providers }: DecodedRequest, provider: string): boolean {
  return providers.length === 0 || providers.includes(provider);
}

/** Tells whether a lane is the customer's own: customers send kind 7000 too (`approved`), with words that no provider uses. */
function isAside({ request }: Job, lane: LaneState): boolean {
  if (request?.requester !== lane.provider || request.providers.includes(lane.provider)) return false;
  return !lane.said.isWordKnown;
}

/** Tells whether a lane was completed by then: such a job can no longer be cancelled. */
function isCompletedBy(best: LaneState | undefined, atMs: number): boolean {
  return best?.status === 'completed' && best.said.stampMs <= atMs;
}
