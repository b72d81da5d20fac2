import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyPair, signed } from '../../helpers/events.ts';
import { eventually } from '../../helpers/eventually.ts';
import { viewNostr } from '../../helpers/nostr-view.ts';
import { startMuteServer, startStubRelay, wellBehaved } from '../../helpers/stub-relay.ts';

const { secretKey } = keyPair(2);
const ID = 'ab'.repeat(32);
/** What moves the cursor or reorders text, but for line breaks. */
const UNSAFE = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;

describe('whatever a relay sends', () => {
  it('does not reach a terminal, and does not crash us', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        'e',
        'p',
        'status',
        'progress',
        'eta',
        'amount',
        'i',
        'param',
        'request',
        'encrypted',
        ID,
      ),
      fc.constantFrom(
        '\u001b[2J',
        '\u202eevil',
        '\u0000',
        '🏁'.repeat(2_000),
        '-1',
        '1e999',
        'NaN',
        '__proto__',
      ),
      fc.string({ unit: 'binary' }),
    );
    const template = fc.record({
      kind: fc.constantFrom(5, 7000, 5100, 5999, 6100, 37_572),
      created_at: fc.constantFrom(-1, 0, 1_795_000_000, 1_795_000_000_000, 4_102_444_800, 2 ** 53 - 1),
      content: fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('{"msg":{}}', '[[]]', 'x'.repeat(60_000)),
      ),
      tags: fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 8 }).map((tags) => [['e', ID], ...tags]),
    });
    const events = fc.sample(template, { numRuns: 300, seed: 7 }).map((one) => signed(secretKey, one));
    const frames = fc.sample(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), { numRuns: 50, seed: 7 });
    const last = signed(secretKey, {
      kind: 7000,
      created_at: 1_795_000_000,
      tags: [
        ['e', 'cd'.repeat(32)],
        ['status', 'success'],
      ],
    });

    await using relay = await startStubRelay();
    await using view = viewNostr([relay.url]);
    await view.live();
    for (const event of events) relay.say(['EVENT', 't1', event]);
    for (const frame of frames) relay.say(frame);
    relay.say(['EVENT', 't1', last]);

    await eventually(() => expect(view.statuses()['cd'.repeat(32)]).toBe('completed'));
    const { raw, ...shown } = view.task(ID);
    expect(shown.nativeId).toBe(ID);
    for (const text of textsIn(shown)) expect(text).not.toMatch(UNSAFE);
    expect(view.record().status).toBe('live');
  });
});

describe('a process that watched relays', () => {
  it('ends by itself when it stops, and its output is its own', async () => {
    await using chatty = await startStubRelay({
      greet: (say) => say(['NOTICE', 'buy now']),
      behave(message, say) {
        say('nonsense');
        say(['EVENT', 't1', { kind: 'x' }]);
        wellBehaved(message, say);
      },
    });
    await using mute = await startMuteServer();
    const module = (name: string) => pathToFileURL(path.resolve('src', name)).href;
    const program = `
      import { systemClock } from '${module('clock.ts')}';
      import { createNostrSource } from '${module('sources/nostr/source.ts')}';
      const urls = ['${chatty.url}', '${mute.url}', 'ws://127.0.0.1:1'];
      const source = createNostrSource({ id: 'nostr', urls, clock: systemClock });
      const stopping = new AbortController();
      for await (const event of source.events({ signal: stopping.signal })) {
        if (event.type === 'live') stopping.abort();
      }
      process.stdout.write('over');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      said.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said.stderr += chunk;
    });
    const [code] = await once(child, 'close');
    expect({ ...said, code }).toEqual({ stdout: 'over', stderr: '', code: 0 });
  });
});

/** Every text in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}
