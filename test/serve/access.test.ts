import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accessOf } from '../../src/serve/access.ts';

const token = 's3cret-token';
const near = fc.constantFrom(
  '',
  token,
  token.slice(0, -1),
  `${token}x`,
  token.toUpperCase(),
  `${token} ${token}`,
);
const text = fc.oneof(fc.string(), near);
const maybe = (value: fc.Arbitrary<string>) => fc.option(value, { nil: undefined });

const headers = fc.record({
  host: maybe(
    fc.oneof(fc.webAuthority(), fc.constantFrom('127.0.0.1', 'localhost:1', '[::1]:9', '127.0.0.1.evil')),
  ),
  origin: maybe(
    fc.oneof(fc.webUrl(), fc.constantFrom('null', 'http://127.0.0.1', 'http://localhost:1', 'file://')),
  ),
  'sec-fetch-site': maybe(fc.constantFrom('none', 'same-origin', 'same-site', 'cross-site', '')),
  authorization: maybe(
    fc
      .tuple(fc.constantFrom('', 'Basic ', 'bearer', 'Bearer', 'Bearer  ', 'Token '), text)
      .map((parts) => parts.join('')),
  ),
  'sec-websocket-protocol': maybe(
    fc
      .array(
        fc.oneof(
          text,
          text.map((name) => `taskglass.bearer.${name}`),
        ),
      )
      .map((names) => names.join(', ')),
  ),
  cookie: maybe(text),
});
const rightProtocol = `taskglass.bearer.${Buffer.from(token).toString('base64url')}`;

it('lets nobody act, and nobody read where that is not open, who does not bring the very token', () => {
  fc.assert(
    fc.property(headers, fc.boolean(), (given, isOpen) => {
      const { kind } = accessOf({ headers: given }, { token, isOpen });
      expect(kind).not.toBe('owner');
      if (!isOpen) expect(kind).toBe('refused');
    }),
  );
});

it('lets no page of another site read, also where reading is open', () => {
  fc.assert(
    fc.property(headers, (given) => {
      const { kind } = accessOf({ headers: given }, { token, isOpen: true });
      if (kind !== 'reader') return;
      const own = `http://${given.host}`;
      expect(['127.0.0.1', 'localhost', '[::1]']).toContain(new URL(own).hostname);
      if (given.origin !== undefined) expect(new URL(given.origin).host).toBe(new URL(own).host);
      expect([undefined, 'none', 'same-origin']).toContain(given['sec-fetch-site']);
    }),
  );
});

it('lets do everything who brings it, by whatever name and from wherever', () => {
  fc.assert(
    fc.property(headers, fc.boolean(), fc.boolean(), (given, isOpen, asProtocol) => {
      const offered = given['sec-websocket-protocol'] ?? '';
      const brought = asProtocol
        ? { 'sec-websocket-protocol': `${offered}, taskglass, ${rightProtocol}` }
        : { authorization: `Bearer ${token}` };
      expect(accessOf({ headers: { ...given, ...brought } }, { token, isOpen }).kind).toBe('owner');
    }),
  );
});
