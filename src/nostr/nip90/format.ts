import type { Event } from 'nostr-tools/core';
import type { TaskStatus } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';
import { type Tags, tagValue } from '../tags.ts';
import { type ProgressFigure, readNumber, readStampMs } from './figures.ts';

/**
 * The vocabulary of NIP-90 as it is spoken: kinds, tags and words. A successor standard is one more file like this,
 * with its `decode-*.ts` and `encode.ts`. Everything takes events whose signatures were verified; what they say is
 * still a stranger's word.
 */

/** The kind of request under which own work is published: NIP-90's range, with nothing asked of anybody. */
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
 * The kinds of request that providers are known to answer: those that NIP-90's registry lists, and others seen on public
 * relays. A relay can't be asked for a range, and wants to see no list of a thousand kinds.
 */
export const COMMON_REQUEST_KINDS: readonly number[] = [
  ...[5000, 5001, 5002, 5003, 5050, 5100, 5101, 5102, 5200, 5201, 5202, 5204, 5205, 5206, 5207, 5250],
  ...[5300, 5301, 5302, 5303, 5304, 5305, 5312, 5313, 5314, 5315, 5400, 5500, 5600, 5703],
  ...[OWN_WORK_KIND, 5901, 5902, 5905, 5906, 5910, 5950, 5970],
];

/** The states of this project's tracker, written as the third element of the `status` tag. */
export const EXACT_STATES = ['queued', 'processing', 'waiting', 'completed', 'failed', 'cancelled'] as const;
export type ExactState = (typeof EXACT_STATES)[number];

/**
 * What the words of a `status` tag mean: NIP-90's, the tracker's exact ones, and what providers and libraries (nostrdvm,
 * NDK) write besides.
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
 * Returns the status that a word means, in any spelling (`payment_required`, `PaymentRequired`); null if it is in no
 * vocabulary.
 */
export function statusOfWord(word: string): TaskStatus | null {
  return STATUS_OF_WORD.get(squash(word)) ?? null;
}

function squash(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/gu, '');
}

/** One known producer writes only NIP-90's words; which of its states is meant shows in these four texts. */
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

/** A job request: what a task is made of. */
export interface DecodedRequest {
  readonly id: string;
  readonly kind: number;
  readonly requester: string;
  readonly createdAtMs: number;
  readonly name: PlainText;
  /** The providers it names; any key may answer where it names none. */
  readonly providers: readonly string[];
  /** Ids of the requests whose results it needs. */
  readonly dependencies: readonly string[];
  readonly priority: number | null;
  /** The request that this one repeats. */
  readonly retryOf: string | null;
  /** Whose cancellation its provider obeys besides the requester's: no standard's, `taskglass publish` writes it. */
  readonly cancellers: readonly string[];
  /** The machine that the work is done on, if the request says so. */
  readonly host: PlainText | null;
  /** From then on nobody need answer it any more (NIP-40), epoch ms. */
  readonly expiresAtMs: number | null;
}

/** What a provider said of a job: a feedback or its result. */
export interface JobFeedback {
  readonly eventId: string;
  readonly provider: string;
  /** Whose job the provider says it is. */
  readonly requester: string | null;
  /** The requests it may be about, the likeliest first. Several only if nothing marks the one meant. */
  readonly requestIds: readonly string[];
  /** As the provider claims: may lie in the future. */
  readonly stampMs: number;
  readonly status: TaskStatus;
  /** The provider's own word. */
  readonly word: PlainText;
  readonly isWordKnown: boolean;
  /** Why it is so: the reason of a waiting or queued job, the error of a failed one. */
  readonly reason: PlainText | null;
  /** What the provider wrote beside it; the outcome, in a result. */
  readonly text: PlainText | null;
  readonly progress: ProgressFigure | null;
  readonly remainingMs: number | null;
  readonly isResult: boolean;
  /** How long the work took, if a result says so. */
  readonly runtimeMs: number | null;
  /** Until then it holds (NIP-40), epoch ms; what it says of an end holds for ever. */
  readonly expiresAtMs: number | null;
}

/** A deletion of requests: it counts as a cancellation where `author` is the requester. */
export interface Cancellation {
  readonly author: string;
  readonly requestIds: readonly string[];
  readonly stampMs: number;
}

/** An event as far as it could be decrypted; the content of an unreadable one is not text. */
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
