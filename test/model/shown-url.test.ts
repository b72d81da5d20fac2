import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shownUrl, withoutAddressSecrets } from '../../src/model/shown-url.ts';
import { plainText } from '../../src/model/text.ts';

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

it.each([
  ['no task wss://user:secret@host', 'no task wss://host'],
  ['got 1: HTTP:user:secret@host/a, see', 'got 1: HTTP:host/a, see'],
  [
    'there is no /home/me/maestro:http:/u:se@cret@host/x (look)',
    'there is no /home/me/maestro:http:/host/x (look)',
  ],
  ['no task ws://host:1/?k=secret (list them)', 'no task ws://host:1/ (list them)'],
  ['(ws://host#secret) and agui:https://a?b=secret', '(ws://host) and agui:https://a'],
  ['what? me@home: http://host/a/b, 50 % #1', 'what? me@home: http://host/a/b, 50 % #1'],
])('%s is told as %s', (text, told) => {
  expect(withoutAddressSecrets(plainText(text))).toBe(told);
});
