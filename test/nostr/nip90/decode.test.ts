import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFeedback, isFeedback } from '../../../src/nostr/nip90/decode-feedback.ts';
import {
  decodeCancellation,
  decodeRequest,
  readCarriedRequest,
} from '../../../src/nostr/nip90/decode-request.ts';
import { encodeCancellation, encodeFeedback, encodeRetry } from '../../../src/nostr/nip90/encode.ts';
import { type DecryptedEvent, EXACT_STATES } from '../../../src/nostr/nip90/format.ts';
import { keyPair, signed } from '../../helpers/events.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const customer = keyPair(1).pubkey;
const provider = keyPair(2).pubkey;

function event(kind: number, tags: string[][], content = ''): DecryptedEvent {
  return { id: 'f'.repeat(64), pubkey: provider, kind, created_at: 1_800_000_000, tags, content };
}

/** What a feedback with this status tag and content says. */
function said(status: string[], content = '', tags: string[][] = []) {
  const report = decodeFeedback(event(7000, [['e', A], ['status', ...status], ...tags], content));
  if (!report) throw new Error('it names a request');
  return report;
}

describe('the status of a feedback', () => {
  it.each<[string[], string, string]>([
    [['processing'], '', 'running'],
    [['partial'], '', 'running'],
    [['success'], '', 'completed'],
    [['error'], '', 'failed'],
    [['payment-required'], '', 'waiting'],
    [['payment_required'], '', 'waiting'],
    [['Processing '], '', 'running'],
    [['processing', 'queued'], '', 'queued'],
    [['processing', 'waiting: for a GPU'], '', 'waiting'],
    [['error', 'cancelled'], '', 'cancelled'],
    [['error', 'cancelled: by the user'], '', 'cancelled'],
    [['error', 'failed: disk: full'], '', 'failed'],
    [['error', 'cancelled by the user'], '', 'failed'],
    [['processing'], 'Task queued, waiting to start...', 'queued'],
    [['processing'], 'Task waiting for dependencies...', 'waiting'],
    [['error'], 'Task cancelled', 'cancelled'],
    [['error'], 'Task failed', 'failed'],
    [['error'], 'Task cancelled by mistake', 'failed'],
    [['error', 'failed'], 'Task cancelled', 'failed'],
    [['payment-rejected'], '', 'failed'],
    [['user-blocked-from-service'], '', 'failed'],
    [['subscription-required'], '', 'waiting'],
    [['subscription-active'], '', 'queued'],
    [['chain-scheduled'], '', 'waiting'],
    [['scheduled'], '', 'waiting'],
    [['canceled'], '', 'cancelled'],
    [['done'], '', 'completed'],
    [['constructor'], '', 'queued'],
    [[''], '', 'queued'],
    [[], '', 'queued'],
  ])('%j with “%s” is %s', (status, content, expected) => {
    expect(said(status, content).status).toBe(expected);
  });

  it('is read in any spelling', () => {
    const words = ['payment-rejected', 'subscription-required', 'chain-scheduled', 'canceled', 'in-progress'];
    const spellings = [
      (word: string) => word.toUpperCase(),
      (word: string) => word.replaceAll('-', '_'),
      (word: string) => ` ${word.replaceAll('-', ' ')} `,
      (word: string) => word.replaceAll(/-(.)/gu, (_, letter: string) => letter.toUpperCase()),
    ];
    for (const word of words) {
      const { status } = said([word]);
      for (const spell of spellings)
        expect(said([spell(word)]), spell(word)).toMatchObject({ status, isWordKnown: true });
    }
  });

  it('may be missing, where the figures speak', () => {
    expect(said([], '', [['progress', '5']]).status).toBe('running');
    expect(said([], 'Download in progress: 37.5% done').status).toBe('running');
  });

  it('is no error where the word is not known: queued, with the word as reason', () => {
    expect(said(['chain-reaction'])).toMatchObject({ reason: 'chain-reaction', isWordKnown: false });
    expect(said([])).toMatchObject({ reason: null, isWordKnown: true });
    expect(said(['\u001b[31mred\u202e'])).toMatchObject({ reason: 'red', word: 'red' });
  });
});

describe('the reason', () => {
  it.each<[string[], string, string[][], string | null]>([
    [['error', 'badly formatted key: 42'], '', [], 'badly formatted key: 42'],
    [['error', 'failed: disk full'], 'something else', [], 'disk full'],
    [['error'], 'out of memory', [], 'out of memory'],
    [['error'], '{"msg":"no such video"}', [], 'no such video'],
    [['error'], '', [], null],
    [['payment-required'], 'pay!', [['amount', '1000000']], 'payment required: 1000 sat'],
    [['payment-required', 'I would like to!'], '', [], 'payment required'],
    [['processing', 'waiting'], 'for a GPU', [], 'for a GPU'],
    [['processing'], 'working', [], null],
    [['payment_rejected'], '', [], 'payment rejected'],
    [['payment-rejected'], 'no such invoice', [], 'no such invoice'],
    [['subscription-required'], '', [], 'subscription required'],
    [['scheduled'], '', [], 'scheduled'],
  ])('of %j with “%s” %j', (status, content, tags, expected) => {
    expect(said(status, content, tags).reason).toBe(expected);
  });
});

describe('the request that is meant', () => {
  it.each<[string[][], string[]]>([
    [[['e', A]], [A]],
    [
      [
        ['e', A],
        ['e', B, '', 'job'],
      ],
      [B],
    ],
    [
      [
        ['e', A],
        ['e', B, 'request'],
      ],
      [B],
    ],
    [
      [
        ['e', A, 'wss://relay.example', 'root'],
        ['e', B],
      ],
      [A],
    ],
    [
      [
        ['e', A],
        ['e', B],
      ],
      [A, B],
    ],
    [[['e', 'no id'], ['e'], ['e', B]], [B]],
    [[['request', JSON.stringify({ id: A, kind: 5100 })]], [A]],
    [[['request', `{'kind': 5250, 'id': '${A}'}`]], [A]],
  ])('%j', (tags, expected) => {
    expect(decodeFeedback(event(6100, tags))?.requestIds).toEqual(expected);
  });

  it('may be missing: then nothing is said', () => {
    expect(decodeFeedback(event(7000, [['status', 'processing']]))).toBeNull();
    expect(decodeFeedback(event(6100, []))).toBeNull();
  });
});

describe('a result', () => {
  it('completes, with its content', () => {
    const tags = [
      ['e', A],
      ['status', 'success'],
      ['runtime', '1250'],
    ];
    expect(decodeFeedback(event(6900, tags, 'Hola'))).toMatchObject({
      status: 'completed',
      text: 'Hola',
      isResult: true,
      runtimeMs: 1_250,
    });
  });

  it('may say that it failed', () => {
    expect(
      decodeFeedback(
        event(6900, [
          ['e', A],
          ['status', 'error', 'no GPU'],
        ]),
      ),
    ).toMatchObject({
      status: 'failed',
      reason: 'no GPU',
    });
  });

  it('is told by its kind, or by the request that it carries', () => {
    expect(isFeedback(event(6100, []))).toBe(true);
    expect(isFeedback(event(5651, [['request', '{}']]))).toBe(true);
    expect(isFeedback(event(5100, [['e', A]]))).toBe(false);
    expect(isFeedback(event(1, [['request', '{}']]))).toBe(false);
  });
});

describe('a request', () => {
  it.each<[string, string[][], string]>([
    ['Translate\n this\ttext', [], 'Translate this text'],
    [
      '',
      [
        ['i', 'https://x.example', 'url'],
        ['i', 'Summarize this', 'text'],
      ],
      'Summarize this',
    ],
    ['  ', [['i', 'alex@x.example']], 'alex@x.example'],
    [
      '',
      [
        ['param', 'size', '512x512'],
        ['param', 'lang', 'en'],
      ],
      'size=512x512 lang=en',
    ],
    ['', [['i', A, 'event']], 'kind 5100 job'],
    ['', [], 'kind 5100 job'],
  ])('“%s” %j is called “%s”', (content, tags, expected) => {
    expect(decodeRequest(event(5100, tags, content)).name).toBe(expected);
  });

  it('is not called by its ciphertext', () => {
    expect(decodeRequest({ ...event(5204, [], 'AoW/0V2E'), isUnreadable: true }).name).toBe('kind 5204 job');
  });

  it('says what it depends on, whom it asks and what it repeats', () => {
    const tags = [
      ['i', A, 'job'],
      ['e', B, '', 'dependency'],
      ['e', B],
      ['e', 'c'.repeat(64), 'wss://relay.example', 'root'],
      ['p', provider],
      ['p', 'nobody'],
      ['priority', 'high'],
      ['retry', B],
    ];
    expect(decodeRequest(event(5900, tags))).toMatchObject({
      dependencies: [A, B],
      providers: [provider],
      priority: 1,
      retryOf: B,
    });
  });

  it('has a priority in words or numbers', () => {
    const priority = (text: string) => decodeRequest(event(5900, [['priority', text]])).priority;
    expect(['urgent', 'High', 'normal', 'low', '7', 'constructor', ''].map(priority)).toEqual([
      0,
      1,
      2,
      3,
      7,
      null,
      null,
    ]);
  });
});

describe('whatever comes', () => {
  it('is read or left, without an error', () => {
    const cell = fc.oneof(
      fc.constantFrom(
        'e',
        'p',
        'status',
        'progress',
        'eta',
        'i',
        'param',
        'amount',
        'request',
        'expiration',
        A,
      ),
      fc.string({ unit: 'binary' }),
    );
    const tags = fc.array(fc.array(cell));
    fc.assert(
      fc.property(
        fc.constantFrom(5, 7000, 5100, 6100),
        tags,
        fc.string({ unit: 'binary' }),
        (kind, t, content) => {
          const odd = event(kind, t, content);
          decodeFeedback(odd);
          decodeRequest(odd);
          decodeCancellation(odd);
        },
      ),
    );
  });
});

describe('what is written can be read', () => {
  it.each(EXACT_STATES)('%s', (state) => {
    const template = encodeFeedback({
      requestId: A,
      requester: customer,
      state,
      detail: 'because',
      progress: 62.7,
      remainingMs: 14_600,
      content: 'words',
      nowMs: 1_800_000_000_999,
    });
    const report = decodeFeedback({ ...event(7000, []), ...template });
    expect(report).toMatchObject({
      word: state,
      requestIds: [A],
      requester: customer,
      stampMs: 1_800_000_000_000,
      progress: { value: 62 },
      remainingMs: 15_000,
      text: 'words',
    });
  });

  it('a cancellation', () => {
    const template = encodeCancellation({ id: A, kind: 5900 }, 1_800_000_000_999);
    expect(template.tags).toEqual([
      ['e', A],
      ['k', '5900'],
    ]);
    expect(decodeCancellation({ ...event(5, []), ...template })).toEqual({
      author: provider,
      requestIds: [A],
      stampMs: 1_800_000_000_000,
    });
  });

  it('a cancellation that carries the request, unless that is too long or not its author’s', () => {
    const owner = keyPair(1);
    const request = signed(owner.secretKey, { kind: 5100, content: 'work' });
    const long = signed(owner.secretKey, { kind: 5100, content: 'x'.repeat(20_000) });
    const deletion = (by: string, carried: typeof request) => ({
      ...event(5, []),
      ...encodeCancellation({ id: carried.id, kind: 5100, event: carried }, 0),
      pubkey: by,
    });
    expect(readCarriedRequest(deletion(owner.pubkey, request))).toEqual(request);
    expect(readCarriedRequest(deletion(provider, request))).toBeNull();
    expect(readCarriedRequest(deletion(owner.pubkey, { ...request, content: 'other work' }))).toBeNull();
    expect(readCarriedRequest(deletion(owner.pubkey, long))).toBeNull();
  });

  it('a retry: the same request, linked, with its expiry moved along', () => {
    const tags = [
      ['i', 'x', 'text'],
      ['expiration', '1800000100'],
      ['retry', B],
    ];
    const request = { ...event(5100, tags, 'work'), sig: '' };
    const template = encodeRetry(request, 1_800_000_050_000);
    expect(template).toEqual({
      kind: 5100,
      created_at: 1_800_000_050,
      content: 'work',
      tags: [
        ['i', 'x', 'text'],
        ['expiration', '1800000150'],
        ['retry', request.id],
      ],
    });
  });
});
