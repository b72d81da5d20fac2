import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNaive, readMoment } from '../../src/model/moment.ts';

const AT = Date.UTC(2026, 10, 21, 7, 45, 42, 123);
const SECOND = Date.UTC(2026, 10, 21, 7, 45, 42);

describe('a moment', () => {
  it.each([
    ['ms', AT, AT],
    ['ms as text', String(AT), AT],
    ['seconds', SECOND / 1000, SECOND],
    ['seconds with a fraction', AT / 1000, AT],
    ['seconds as text', `${SECOND / 1000}.123`, AT],
    ['seconds with an exponent', `${SECOND / 1e12}e9`, SECOND],
    ['µs', AT * 1000 + 456, AT],
    ['ns as text', `${AT}456789`, AT],
    ['ISO', '2026-11-21T07:45:42.123Z', AT],
    ['ISO with an offset', '2026-11-21T09:15:42.123+01:30', AT],
    ['ISO with a short offset', '2026-11-21T06:45:42.123-01', AT],
    ['ISO without its signs', '20261121T074542Z', SECOND],
    ['microseconds', '2026-11-21T07:45:42.123999+00:00', AT],
    ['no seconds', '2026-11-21T07:45Z', SECOND - 42_000],
    ['lower case', '2026-11-21t07:45:42.123z', AT],
    ['Go', '2026-11-21 07:45:42.123456789 +0000 UTC', AT],
    ['Go with its monotonic clock', '2026-11-21 08:45:42.123456789 +0100 CET m=+0.012', AT],
    ['Rails', '2026-11-21 07:45:42 UTC', SECOND],
    ['Python’s logging, with a zone', '2026-11-21 07:45:42,123+00:00', AT],
    ['mail and HTTP', 'Sat, 21 Nov 2026 07:45:42 GMT', SECOND],
    ['date(1)', 'Sat Nov 21 07:45:42 UTC 2026', SECOND],
    ['.NET', `/Date(${AT})/`, AT],
  ])('is read from %s', (_form, raw, expected) => {
    expect(readMoment(raw)).toBe(expected);
    expect(isNaive(raw)).toBe(false);
  });

  it.each([
    '2026-11-21T07:45:42.123',
    '2026-11-21 07:45:42.123456',
    '2026-11-21 07:45:42,123',
    '20261121T074542.123',
  ])('without a zone (%s) is of the zone that is named', (raw) => {
    expect(isNaive(raw)).toBe(true);
    expect(readMoment(raw, 0)).toBe(AT);
    expect(readMoment(raw, 90)).toBe(AT - 90 * 60_000);
    expect(readMoment(raw)).toBe(new Date(2026, 10, 21, 7, 45, 42, 123).getTime());
  });

  it('without a time of day begins its day', () => {
    expect(readMoment('2026-11-21')).toBe(new Date(2026, 10, 21).getTime());
    expect(readMoment('20261121', 0)).toBe(Date.UTC(2026, 10, 21));
  });

  it.each([
    null,
    undefined,
    '',
    'hello',
    'May be 2',
    'step 3 of 2026',
    '2026',
    '7',
    '2026-13-01T00:00:00Z',
    '2026-11-21 07:45:42 nonsense',
    0,
    -AT,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
    {},
    [AT],
    true,
    '1'.repeat(100),
  ])('is not read from %j', (raw) => {
    expect(readMoment(raw)).toBeNull();
  });

  it('is the same in each unit', () => {
    const since1974 = fc.integer({ min: 130_000_000, max: 4_000_000_000 });
    fc.assert(
      fc.property(since1974, (seconds) => {
        const moments = [1, 1e3, 1e6, 1e9].map((unit) => readMoment(seconds * unit));
        expect(new Set(moments)).toEqual(new Set([seconds * 1000]));
        expect(readMoment(new Date(seconds * 1000).toISOString())).toBe(seconds * 1000);
      }),
    );
  });

  it('is none or one that a date can hold, whatever comes in', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        const at = readMoment(raw);
        if (at !== null) expect(Number.isNaN(new Date(at).getTime())).toBe(false);
      }),
    );
  });
});
