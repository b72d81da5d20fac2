import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUnreadStamp, parseStamp } from '../../../src/sources/job-runs/times.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const AT = NOON + 123;

describe('a stamp', () => {
  test.each([
    ['SQLite', '2026-11-21 12:00:00', NOON],
    ['ISO', '2026-11-21T12:00:00.123Z', AT],
    ['ISO with an offset', '2026-11-21T13:00:00+01:00', NOON],
    ['Python, naive', '2026-11-21T12:00:00.123456', AT],
    ['Python, with an offset', '2026-11-21 12:00:00.123456+00:00', AT],
    ['epoch seconds', String(NOON / 1_000), NOON],
    ['epoch seconds, a float', `${AT / 1_000}`, AT],
    ['epoch ms', String(AT), AT],
    ['epoch ms, a float', `${AT}.0`, AT],
    ['epoch µs', `${AT}456`, AT],
    ['epoch µs with an exponent', `${(AT * 1_000) / 1e15}e+15`, AT],
    ['epoch ns', `${AT}456789`, AT],
    ['Go', '2026-11-21 12:00:00.123456789 +0000 UTC', AT],
    ['Go with its monotonic clock', '2026-11-21 13:00:00.123456789 +0100 CET m=+0.012345', AT],
    ['Go in a zone without a name', '2026-11-21 09:00:00.123 -0300 -03', AT],
    ['Rails', '2026-11-21 12:00:00 UTC', NOON],
    ['Rails with µs', '2026-11-21 12:00:00.123456 UTC', AT],
    ['Ruby', '2026-11-21 13:00:00 +0100', NOON],
    ['logs', '2026-11-21 12:00:00,123', AT],
    ['PostgreSQL', '2026-11-21 12:00:00.123456+00', AT],
    ['Java', '2026-11-21T13:00:00.123+01:00[Europe/Berlin]', AT],
    ['date(1)', 'Sat Nov 21 12:00:00 UTC 2026', NOON],
    ['C', 'Sat Nov 21 12:00:00 2026', NOON],
    ['C, a day of one digit', 'Sun Nov  1 12:00:00 2026', Date.parse('2026-11-01T12:00:00Z')],
    ['mail and HTTP', 'Sat, 21 Nov 2026 12:00:00 GMT', NOON],
    ['no seconds', '2026-11-21 12:00', NOON],
    ['a day', '2026-11-21', NOON - 43_200_000],
    ['digits', '20261121120000', NOON],
    ['digits with ms', '20261121120000123', AT],
    ['a Julian day', '2461366.0', NOON],
    ['a week date', '2026-W47-6T12:00:00Z', NOON],
    ['a day of the year', '2026-325T12:00:00Z', NOON],
    ['.NET ticks', String((BigInt(AT) + 62_135_596_800_000n) * 10_000n), AT],
    ['Windows file time', String((BigInt(AT) + 11_644_473_600_000n) * 10_000n), AT],
    ['µs of a browser', String((BigInt(AT) + 11_644_473_600_000n) * 1_000n), AT],
  ])('of %s is read', (_language, raw, ms) => {
    expect(parseStamp(raw)).toBe(ms);
    expect(isUnreadStamp(raw)).toBe(false);
  });

  test.each([
    null,
    undefined,
    '',
    '0',
    '0.0',
    '-1',
    '0001-01-01 00:00:00 +0000 UTC',
    '0000-00-00 00:00:00',
    'NaT',
    'null',
  ])('%j tells no time, and nobody need hear of it', (raw) => {
    expect(parseStamp(raw)).toBeNull();
    expect(isUnreadStamp(raw)).toBe(false);
  });

  test.each(['tomorrow', '21/11/2026', '12:00', '7', 'x'.repeat(100), '2026-13-40 99:00:00'])(
    '%s is not read, and that is said',
    (raw) => {
      expect(parseStamp(raw)).toBeNull();
      expect(isUnreadStamp(raw)).toBe(true);
    },
  );

  test('of any moment of this century is read alike in every form', () => {
    const moments = fc.integer({ min: Date.UTC(2001, 8, 10), max: Date.UTC(2099, 0) });
    fc.assert(
      fc.property(moments, (at) => {
        const seconds = Math.floor(at / 1_000);
        const iso = new Date(at).toISOString();
        const forms = [
          iso,
          iso.replace('T', ' ').replace('Z', ' +0000 UTC'),
          String(at),
          `${at}000`,
          `${at}000000`,
        ];
        for (const form of forms) expect(parseStamp(form)).toBe(at);
        expect(parseStamp(String(seconds))).toBe(seconds * 1_000);
      }),
    );
  });
});
