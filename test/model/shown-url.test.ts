import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shownUrl } from '../../src/model/shown-url.ts';

it.each([
  ['wss://relay.example', 'wss://relay.example'],
  ['wss://relay.example/path', 'wss://relay.example/path'],
  ['wss://user:secret@relay.example/path', 'wss://relay.example/path'],
  ['ws://127.0.0.1:7777?k=secret', 'ws://127.0.0.1:7777/'],
  ['ws://127.0.0.1:7777/#secret', 'ws://127.0.0.1:7777/'],
  ['agui:https://host/a?token=secret', 'agui:https://host/a'],
  ['ws://user:se@cret@host:nonsense/?k=1', 'ws://host:nonsense/'],
  ['state.json?', 'state.json?'],
  ['what: ever', 'what: ever'],
])('%s is shown as %s', (text, shown) => {
  expect(shownUrl(text)).toBe(shown);
});

it('shows no part of what may be a secret', () => {
  const word = fc.stringMatching(/^[a-z0-9:@=&?#]{0,10}$/u).map((noise) => `SECRET${noise}`);
  const address = fc.tuple(fc.constantFrom('ws', 'wss', 'agui:http'), word, word, word);
  fc.assert(
    fc.property(address, ([scheme, login, query, fragment]) => {
      const text = `${scheme}://${login.replaceAll(/[?#]/gu, '')}@host/path?${query}#${fragment}`;
      expect(shownUrl(text)).not.toContain('SECRET');
    }),
  );
});
