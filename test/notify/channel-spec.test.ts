import { describe, expect, it } from 'vitest';
import { readChannelSpec, shownSpec } from '../../src/notify/channel-spec.ts';
import { NOTIFY_EVENTS, USUAL_EVENTS } from '../../src/notify/event.ts';

const read = (raw: unknown) => {
  const reading = readChannelSpec(raw);
  return 'spec' in reading ? reading.spec : reading.wrong;
};

describe('a channel as it is configured', () => {
  it.each([
    ['bell', { channel: 'bell', target: null, events: USUAL_EVENTS }],
    ['osc:99=failed', { channel: 'osc', target: '99', events: ['failed'] }],
    ['bell=completed,needs-input', { channel: 'bell', events: ['needs-input', 'completed'] }],
    ['title=all', { channel: 'title', events: NOTIFY_EVENTS }],
    [
      'webhook:https://x.example/h?a=b',
      { channel: 'webhook', target: 'https://x.example/h?a=b', events: USUAL_EVENTS },
    ],
    ['webhook:https://x.example/h?a=b=failed', { target: 'https://x.example/h?a=b', events: ['failed'] }],
    ['exec:my-script --x=y', { channel: 'exec', command: 'my-script --x=y', target: null }],
    ['exec:my-script=all-done', { command: 'my-script', events: ['all-done'] }],
    ['ntfy:builds', { channel: 'ntfy', target: 'builds' }],
    [
      { channel: 'exec', command: ['a', 'b c'], events: ['failed'] },
      { command: ['a', 'b c'], events: ['failed'] },
    ],
    [
      { channel: 'ntfy', topic: 'builds', token: 't' },
      { target: 'builds', token: 't' },
    ],
    [{ channel: 'webhook', url: 'http://h/', headers: { 'X-Key': 'k' } }, { headers: { 'X-Key': 'k' } }],
    [{ channel: 'osc', sequence: '777' }, { target: '777' }],
  ])('%j', (raw, spec) => {
    expect(read(raw)).toMatchObject(spec);
  });

  it.each([
    ['', /must be one of bell, osc/u],
    ['beep', /must be one of bell, osc/u],
    ['bell=fail', /does not know the event "fail"; it knows needs-input, failed/u],
    ['bell:loud', /nothing to choose/u],
    ['osc:8', /osc:9, osc:99 or osc:777/u],
    ['exec:', /must name a command/u],
    ['webhook:ftp://x', /must name an address/u],
    ['ntfy:a b', /must name a topic/u],
    ['ntfy:https://h/a/b', /must name a topic/u],
    [7, /must be a text/u],
    [{ channel: 'bell', evnets: [] }, /does not know "evnets"/u],
    [{ channel: 'bell', events: [] }, /does not know the event/u],
    [{ channel: 'webhook', url: 'http://h/', headers: { a: 'b\r\nc: d' } }, /headers/u],
    [{ channel: 'webhook', url: 'http://h/', headers: [] }, /headers/u],
    [{ channel: 'ntfy', topic: 'x', token: 'a\nb' }, /token/u],
    [{ channel: 'exec', command: [] }, /command/u],
  ])('refuses %j', (raw, wrong) => {
    expect(read(raw)).toMatch(wrong);
  });

  it.each([
    [
      { channel: 'webhook', url: 'https://ann:pw@h.example/x?k=secret', headers: { a: 'secret' } },
      'webhook:https://h.example/…',
    ],
    ['webhook:https://h.example', 'webhook:https://h.example'],
    ['webhook:https://h.example/?k=secret', 'webhook:https://h.example/…'],
    ['ntfy:secret=failed', 'ntfy:…=failed'],
    ['ntfy:https://h.example/secret', 'ntfy:https://h.example/…'],
    [{ channel: 'ntfy', topic: 'secret', token: 'secret' }, 'ntfy:…'],
    ['exec:notify --token secret', 'exec:notify …'],
    [{ channel: 'exec', command: ['notify', 'secret'] }, 'exec:notify …'],
    ['exec:notify', 'exec:notify'],
    ['osc:9', 'osc:9'],
    ['bell', 'bell'],
  ])('shows %j without its secrets', (raw, shown) => {
    const spec = read(raw);
    expect(typeof spec === 'string' ? spec : shownSpec(spec)).toBe(shown);
  });
});
