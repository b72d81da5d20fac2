import { readJson } from '../../model/json.ts';
import type { TaskStatus } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, plainTextOrNull, words } from '../../model/text.ts';
import { isHexId } from '../event-shape.ts';
import { markerOf, type Tags, tagNamed, tagsNamed, tagValue } from '../tags.ts';
import {
  readAmountSat,
  readEtaMs,
  readNumber,
  readPercentInText,
  readProgressTag,
  readStampMs,
} from './figures.ts';
import {
  type DecryptedEvent,
  EXACT_STATES,
  type ExactState,
  FEEDBACK_KIND,
  isRequestKind,
  isResultKind,
  type JobFeedback,
  readExpiresAtMs,
  statusOfWord,
  TELLING_TEXTS,
} from './format.ts';

/**
 * Tells whether an event is a provider's feedback or result: its kind is 7000 or 6xxx, or that of a request, but it carries
 * the request that it answers.
 */
export function isFeedback(event: Pick<DecryptedEvent, 'kind' | 'tags'>): boolean {
  if (event.kind === FEEDBACK_KIND || isResultKind(event.kind)) return true;
  return isRequestKind(event.kind) && tagNamed(event.tags, 'request') !== undefined;
}

/** Decodes feedback (kind 7000) or, from any other kind, a result. Returns null if it names no request. */
export function decodeFeedback(event: DecryptedEvent): JobFeedback | null {
  const requestIds = readRequestIds(event.tags);
  if (requestIds.length === 0) return null;
  return {
    eventId: event.id,
    provider: event.pubkey,
    requester: readRequester(event),
    requestIds,
    stampMs: readStampMs(event.created_at),
    expiresAtMs: readExpiresAtMs(event.tags),
    ...(event.kind === FEEDBACK_KIND ? readFeedback(event) : readResult(event)),
  };
}

type Said = Omit<
  JobFeedback,
  'eventId' | 'provider' | 'requester' | 'requestIds' | 'stampMs' | 'expiresAtMs'
>;

function readFeedback(event: DecryptedEvent): Said {
  const { tags } = event;
  const text = readText(event);
  const progress = readProgressTag(tags) ?? (text === null ? null : readPercentInText(text));
  const remainingMs = readEtaMs(tags);
  const spoken = readStatus(event);
  const isMute = spoken.word === '' && (progress !== null || remainingMs !== null);
  const status = spoken.status ?? (isMute ? 'running' : 'queued');
  return {
    status,
    word: spoken.word,
    isWordKnown: spoken.status !== null || spoken.word === '',
    reason: reasonOf(status, spoken, event, text),
    text: text ?? spoken.detail,
    progress,
    remainingMs,
    isResult: false,
    runtimeMs: null,
  };
}

/** Reads a result, which ends the job: successfully, unless it says otherwise. */
function readResult(event: DecryptedEvent): Said {
  const text = event.isUnreadable ? null : plainTextOrNull(event.content);
  const { status, detail } = readStatus(event);
  const hasFailed = status === 'failed' || status === 'cancelled';
  return {
    status: hasFailed ? status : 'completed',
    word: words`${hasFailed ? 'error' : 'success'}`,
    isWordKnown: true,
    reason: hasFailed ? (detail ?? text) : null,
    text: event.isUnreadable ? ENCRYPTED : text,
    progress: null,
    remainingMs: null,
    isResult: true,
    runtimeMs: readNumber(tagValue(event.tags, 'runtime')),
  };
}

/** The status of a feedback: from its `status` tag, or from something that is known to be more exact. */
interface Spoken {
  /** Null if the word is missing or not known. */
  readonly status: TaskStatus | null;
  readonly word: PlainText;
  readonly detail: PlainText | null;
}

function readStatus({ tags, content, isUnreadable }: DecryptedEvent): Spoken {
  const [, word = '', extra = ''] = tagNamed(tags, 'status') ?? [];
  const told = isUnreadable ? undefined : TELLING_TEXTS.get(content.trim());
  const exact = readExactState(extra) ?? (told && { state: told, detail: plainNameOrNull(extra) });
  if (exact) {
    return {
      status: statusOfWord(exact.state),
      word: words`${exact.state}`,
      detail: exact.detail,
    };
  }
  return {
    status: statusOfWord(word),
    word: plainName(word),
    detail: plainNameOrNull(extra),
  };
}

/** Reads `cancelled`, or `failed: disk full`. */
function readExactState(extra: string): { state: ExactState; detail: PlainText | null } | null {
  const [before = '', ...after] = extra.split(':');
  const state = EXACT_STATES.find((exact) => exact === before.trim());
  return state ? { state, detail: plainNameOrNull(after.join(':')) } : null;
}

function reasonOf(
  status: TaskStatus,
  spoken: Spoken,
  event: DecryptedEvent,
  text: PlainText | null,
): PlainText | null {
  switch (status) {
    case 'running':
    case 'completed':
      return null;
    case 'queued':
      if (spoken.status === null && spoken.word !== '') return spoken.word;
      return spoken.detail ?? text ?? (event.isUnreadable ? ENCRYPTED : null);
    case 'waiting':
      if (/^payment/iu.test(spoken.word)) return paymentReason(event.tags);
      return spoken.detail ?? text ?? wordAsReason(spoken.word);
    default:
      return spoken.detail ?? text ?? wordAsReason(spoken.word);
  }
}

/** Returns the provider's word as a reason if it says more than its status, as `payment-rejected` does. */
function wordAsReason(word: PlainText): PlainText | null {
  const spaced = plainName(word.replaceAll(/[_-]+/gu, ' '));
  return spaced.includes(' ') || /^(?:scheduled|paused|rejected|timeout|expired)$/iu.test(spaced)
    ? spaced
    : null;
}

const ENCRYPTED = words`encrypted for another key`;

function paymentReason(tags: Tags): PlainText {
  const sat = readAmountSat(tags);
  return sat === null ? words`payment required` : words`payment required: ${sat} sat`;
}

/** Reads the requester. Some providers name themselves as well. */
function readRequester({ tags, pubkey }: DecryptedEvent): string | null {
  const keys = tagsNamed(tags, 'p').flatMap(([, key]) => (isHexId(key) ? [key] : []));
  return keys.find((key) => key !== pubkey) ?? keys[0] ?? null;
}

/** Reads a provider's text; if it is JSON, the message in it. */
function readText(event: DecryptedEvent): PlainText | null {
  if (event.isUnreadable) return null;
  const text = readJsonMessage(event.content) ?? event.content;
  const isLong = text.length > LONGEST_WORDS;
  return plainTextOrNull(isLong ? `${text.slice(0, LONGEST_WORDS)}…` : text);
}

/** The longest text of a feedback; only results may be longer. */
const LONGEST_WORDS = 4 * 1024;

function readJsonMessage(content: string): string | null {
  if (!content.trimStart().startsWith('{')) return null;
  const json = readJson(content) as Record<string, unknown> | undefined;
  const message = [json?.msg, json?.message, json?.error].find((value) => typeof value === 'string');
  return typeof message === 'string' ? message : null;
}

/**
 * Returns the id of the request that is meant: the one marked as such. If several are named and none is marked, returns all
 * of them, so that the caller can look for one it knows. Without an `e` tag, it is the request that a result carries as
 * JSON.
 */
function readRequestIds(tags: Tags): string[] {
  const references = tagsNamed(tags, 'e').filter(([, id]) => isHexId(id));
  const marked = references.find((tag) => /^(?:job|request|root)$/u.test(markerOf(tag) ?? ''));
  if (marked?.[1]) return [marked[1]];
  if (references.length > 0) return [...new Set(references.map(([, id]) => id as string))].slice(0, 10);
  const carried = CARRIED_ID.exec(tagValue(tags, 'request') ?? '')?.[1];
  return carried ? [carried] : [];
}

/** The id in a request that was written into a tag: as JSON, or, by some providers, in Python's notation. */
const CARRIED_ID = /["']id["']\s*:\s*["']([0-9a-f]{64})["']/u;
