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
 * Tells whether this event is a provider's word on a job: kind 7000, 6xxx, or another that carries the request it
 * answers.
 */
export function isFeedback(event: Pick<DecryptedEvent, 'kind' | 'tags'>): boolean {
  if (event.kind === FEEDBACK_KIND || isResultKind(event.kind)) return true;
  return isRequestKind(event.kind) && tagNamed(event.tags, 'request') !== undefined;
}

/** Reads a feedback (kind 7000) or, from any other kind, a result. Null if it names no request. */
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

/** Reads a result. It ends the work, and successfully unless it says otherwise. */
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

/** What the `status` tag says, and what is known to say more than it. */
interface Spoken {
  /** null if the word is missing or not known. */
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

/** Returns a word that says more than its status does: `payment-rejected`. */
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

/** Reads the requester. Some providers name themselves too. */
function readRequester({ tags, pubkey }: DecryptedEvent): string | null {
  const keys = tagsNamed(tags, 'p').flatMap(([, key]) => (isHexId(key) ? [key] : []));
  return keys.find((key) => key !== pubkey) ?? keys[0] ?? null;
}

/** Reads what a provider wrote, out of its JSON if it wrote JSON. */
function readText(event: DecryptedEvent): PlainText | null {
  if (event.isUnreadable) return null;
  const text = readJsonMessage(event.content) ?? event.content;
  const isLong = text.length > LONGEST_WORDS;
  return plainTextOrNull(isLong ? `${text.slice(0, LONGEST_WORDS)}…` : text);
}

/** A provider's words beside its work; only results may be longer. */
const LONGEST_WORDS = 4 * 1024;

function readJsonMessage(content: string): string | null {
  if (!content.trimStart().startsWith('{')) return null;
  const json = readJson(content) as Record<string, unknown> | undefined;
  const message = [json?.msg, json?.message, json?.error].find((value) => typeof value === 'string');
  return typeof message === 'string' ? message : null;
}

/**
 * Reads which request is meant: the one marked as such. If several are named and none is marked, it returns all of
 * them, for the caller to look for the one it knows. Without an `e` tag, it is the request that a result carries as
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

/** The id in a request that was written into a tag: as JSON, or by some in Python's notation. */
const CARRIED_ID = /["']id["']\s*:\s*["']([0-9a-f]{64})["']/u;
