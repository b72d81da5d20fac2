import { describe, expect, it } from 'vitest';
import { momentBefore } from '../../../src/cli/config/option-values.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const HOUR = 3_600_000;

describe('a moment in the past', () => {
  it.each([
    ['90s', NOW - 90_000],
    ['24h', NOW - 24 * HOUR],
    ['24 H', NOW - 24 * HOUR],
    [' 7d ', NOW - 7 * 24 * HOUR],
    ['2w', NOW - 14 * 24 * HOUR],
    ['1h30m', NOW - 1.5 * HOUR],
    ['1.5h', NOW - 1.5 * HOUR],
    ['2026-11-30T08:00:00Z', NOW - 4 * HOUR],
    ['2026-11-01', new Date(2026, 10, 1).getTime()],
    ['2026-11-01T08:00', new Date(2026, 10, 1, 8).getTime()],
    ['7', null],
    ['h', null],
    ['1h later', null],
    ['yesterday', null],
    ['2026-13-01', null],
    [`${'9'.repeat(400)}d`, null],
  ])('is read: %s', (text, at) => {
    expect(momentBefore(NOW, text)).toBe(at);
  });
});
