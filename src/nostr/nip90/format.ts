import type { Event } from 'nostr-tools/core';
import type { TaskStatus } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';
import { type Tags, tagValue } from '../tags.ts';
import { type ProgressFigure, readNumber, readStampMs } from './figures.ts';

/**
 * The vocabulary of NIP-90 as it is actually used: kinds, tags and words. A successor standard would be another file like
 * this, with its `decode-*.ts` and `encode.ts`. All functions take events whose signatures were verified, but whose content
 * cannot be trusted.
 */

/** The kind of request under which a publisher announces its own work: in NIP-90's range, but asking nobody for anything. */
export const OWN_WORK_KIND = 5900;
export const FEEDBACK_KIND = 7000;
export const DELETION_KIND = 5;

export function isRequestKind(kind: number): boolean {
  return kind >= 5000 && kind <= 5999;
}

export function isResultKind(kind: number): boolean {
  return kind >= 6000 && kind <= 6999;
}

/** Results answer a request of kind n with kind n + 1000. */
export function resultKindOf(requestKind: number): number {
  return requestKind + 1000;
}

/**
 * The kinds of request that providers are known to answer: those in NIP-90's registry, and others seen on public relays.
 * Filters cannot contain ranges, and relays reject a list of a thousand kinds.
 */
export const COMMON_REQUEST_KINDS: readonly number[] = [
  ...[5000, 5001, 5002, 5003, 5050, 5100, 5101, 5102, 5200, 5201, 5202, 5204, 5205, 5206, 5207, 5250],
  ...[5300, 5301, 5302, 5303, 5304, 5305, 5312, 5313, 5314, 5315, 5400, 5500, 5600, 5703],
  ...[OWN_WORK_KIND, 5901, 5902, 5905, 5906, 5910, 5950, 5970],
];

/** The states of taskglass's own tracker, written as the third element of the `status` tag. */
export const EXACT_STATES = ['queued', 'processing', 'waiting', 'completed', 'failed', 'cancelled'] as const;
export type ExactState = (typeof EXACT_STATES)[number];

/**
 * The meanings of the words in a `status` tag: NIP-90's, the tracker's exact ones, and others that providers and libraries
 * (nostrdvm, NDK) write.
 */
const WORDS: Readonly<Record<Exclude<TaskStatus, 'needs-input'>, readonly string[]>> = {
  queued: ['queued', 'pending', 'accepted', 'received', 'subscription-active'],
  running: ['processing', 'partial', 'running', 'in-progress', 'working', 'started'],
  waiting: [
    ...['waiting', 'payment-required', 'subscription-required', 'scheduled', 'chain-scheduled'],
    ...['blocked', 'paused', 'on-hold'],
  ],
  completed: ['completed', 'success', 'complete', 'succeeded', 'successful', 'done', 'finished'],
  failed: [
    ...['failed', 'error', 'failure', 'errored', 'rejected', 'payment-rejected', 'payment-failed'],
    ...['user-blocked-from-service', 'user-blocked', 'timeout', 'timed-out', 'expired', 'unsupported'],
  ],
  cancelled: ['cancelled', 'canceled', 'aborted'],
};

const STATUS_OF_WORD: ReadonlyMap<string, TaskStatus> = new Map(
  Object.entries(WORDS).flatMap(([status, words]) =>
    words.map((word) => [squash(word), status as TaskStatus] as const),
  ),
);

/**
 * Returns the status that a word means, in any spelling (`payment_required`, `PaymentRequired`); null if it is unknown.
 */
export function statusOfWord(word: string): TaskStatus | null {
  return STATUS_OF_WORD.get(squash(word)) ?? null;
}

function squash(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/gu, '');
}

/** One known producer writes only NIP-90's words; these four texts of its show which state it means. */
export const TELLING_TEXTS: ReadonlyMap<string, ExactState> = new Map([
  ['Task queued, waiting to start...', 'queued'],
  ['Task waiting for dependencies...', 'waiting'],
  ['Task cancelled', 'cancelled'],
  ['Task failed', 'failed'],
]);

/** The NIP-90 word that a tracker's state is published as. */
export const WORD_FOR_STATE: Readonly<Record<ExactState, string>> = {
  queued: 'processing',
  processing: 'processing',
  waiting: 'processing',
  completed: 'success',
  failed: 'error',
  cancelled: 'error',
};

/** A decoded job request, of which a task is made. */
export interface DecodedRequest {
  readonly id: string;
  readonly kind: number;
  readonly requester: string;
  readonly createdAtMs: number;
  readonly name: PlainText;
  /** The providers it names; if none, anybody may answer. */
  readonly providers: readonly string[];
  /** Ids of the requests whose results it needs. */
  readonly dependencies: readonly string[];
  readonly priority: number | null;
  /** The request that this one repeats. */
  readonly retryOf: string | null;
  /** The other keys, besides the requester's, whose cancellation its provider obeys. Not standard: from `taskglass publish`. */
  readonly cancellers: readonly string[];
  /** The machine on which the work is done, if the request says so. */
  readonly host: PlainText | null;
  /** When it expires (NIP-40), epoch ms: after that, nobody need answer it. */
  readonly expiresAtMs: number | null;
}

/** What a provider reports about a job: feedback, or the result. */
export interface JobFeedback {
  readonly eventId: string;
  readonly provider: string;
  /** The requester, according to the provider. */
  readonly requester: string | null;
  /** The requests it may be about, the most likely first. There are several only if none is marked as the one meant. */
  readonly requestIds: readonly string[];
  /** The provider's own timestamp, epoch ms; may be in the future. */
  readonly stampMs: number;
  readonly status: TaskStatus;
  /** The provider's own word. */
  readonly word: PlainText;
  readonly isWordKnown: boolean;
  /** The reason why a job is waiting or queued, or the error of a failed one. */
  readonly reason: PlainText | null;
  /** The provider's text: in a result, the outcome. */
  readonly text: PlainText | null;
  readonly progress: ProgressFigure | null;
  readonly remainingMs: number | null;
  readonly isResult: boolean;
  /** How long the work took, ms, if a result says so. */
  readonly runtimeMs: number | null;
  /** When it expires (NIP-40), epoch ms; but a job's end never does. */
  readonly expiresAtMs: number | null;
}

/** A deletion of requests, which cancels those whose requester is `author`. */
export interface Cancellation {
  readonly author: string;
  readonly requestIds: readonly string[];
  readonly stampMs: number;
}

/** An event, decrypted if possible. If it is unreadable, its content is still encrypted. */
export type DecryptedEvent = Pick<Event, 'id' | 'pubkey' | 'kind' | 'created_at' | 'content' | 'tags'> & {
  readonly isUnreadable?: boolean;
};

/** Reads when an event expires (NIP-40), epoch seconds. */
export function readExpiration(tags: Tags): number | null {
  return readNumber(tagValue(tags, 'expiration'));
}

/** Reads when an event expires, epoch ms. */
export function readExpiresAtMs(tags: Tags): number | null {
  const seconds = readExpiration(tags);
  return seconds === null ? null : readStampMs(seconds);
}
