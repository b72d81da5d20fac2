import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../src/nostr/event-shape.ts';
import { readRelayMessage } from '../../../src/nostr/relay/relay-message.ts';
import { keyPair, signed } from '../../helpers/events.ts';

const event = signed(keyPair(1).secretKey, { kind: 7000, tags: [['e', 'x'], []], content: 'hi' });
const read = (message: unknown) => readRelayMessage(JSON.stringify(message));

describe('a relay message', () => {
  it.each([
    [
      ['EVENT', 's', event],
      { type: 'event', subscriptionId: 's', event: { id: event.id, tags: [['e', 'x'], []] } },
    ],
    [['EOSE', 's'], { type: 'stored', subscriptionId: 's' }],
    [['CLOSED', 's', 'error: no\u001b[31m'], { type: 'closed', subscriptionId: 's', reason: 'error: no' }],
    [['OK', 'id', true, ''], { type: 'answer', id: 'id', accepted: true, reason: '' }],
    [['OK', 'id', 'true'], { type: 'answer', id: 'id', accepted: false, reason: '' }],
    [['AUTH', 'c'], { type: 'challenge', challenge: 'c' }],
    [['NOTICE', 'slow down'], { type: 'notice', text: 'slow down' }],
    [['COUNT', 's', { count: 1 }], { type: 'other' }],
  ])('%j', (message, expected) => {
    expect(read(message)).toMatchObject(expected);
  });

  it.each([
    ['text', 'hello'],
    ['an object', '{"type":"EVENT"}'],
    ['an empty list', '[]'],
    ['a list of numbers', '[1,2]'],
    ['an event without a subscription', JSON.stringify(['EVENT', event])],
    ['half an event', JSON.stringify(['EVENT', 's', { ...event, sig: undefined }])],
    ['half a frame', JSON.stringify(['EVENT', 's', event]).slice(0, 80)],
    ['the end of nothing', '["EOSE"]'],
    ['a challenge that is no text', '["AUTH",{}]'],
  ])('%s is malformed', (_, frame) => {
    expect(readRelayMessage(frame)).toEqual({ type: 'malformed' });
  });

  it('is never the end of us, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (frame) => void readRelayMessage(frame)));
    fc.assert(fc.property(fc.jsonValue(), (value) => void read(value)));
    const types = fc.constantFrom('EVENT', 'EOSE', 'CLOSED', 'OK', 'AUTH', 'NOTICE', 'constructor');
    fc.assert(fc.property(types, fc.array(fc.jsonValue()), (type, rest) => void read([type, ...rest])));
  });
});

describe("an event's shape", () => {
  it.each([
    ['an upper-case id', { id: event.id.toUpperCase() }],
    ['a short id', { id: event.id.slice(1) }],
    ['an upper-case key', { pubkey: event.pubkey.toUpperCase() }],
    ['a kind that is text', { kind: '7000' }],
    ['a kind beyond 65535', { kind: 65_536 }],
    ['a stamp with a fraction', { created_at: 1.5 }],
    ['a stamp that is text', { created_at: '1' }],
    ['content that is no text', { content: null }],
    ['tags that are no list', { tags: {} }],
    ['a tag that is no list', { tags: ['e'] }],
    ['a tag cell that is no text', { tags: [['progress', 50]] }],
  ])('refuses %s', (_, fault) => {
    expect(readEvent({ ...event, ...fault })).toBeNull();
  });

  it('takes what is odd but right', () => {
    const odd = { ...event, tags: [[], ['']], created_at: -5, content: '' };
    expect(readEvent({ ...odd, extra: 1 })).toEqual({ ...odd });
  });
});
