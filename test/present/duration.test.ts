import { describe, expect, it } from 'vitest';
import {
  clockText,
  durationText,
  elapsedText,
  momentText,
  remainingText,
} from '../../src/present/duration.ts';

const S = 1_000;
const M = 60 * S;
const H = 60 * M;
const NOON = Date.UTC(2026, 10, 21, 12);

describe('durationText', () => {
  it.each([
    [0, '0s'],
    [440, '0.4s'],
    [12_900, '12s'],
    [59_999, '59s'],
    [4 * M + 12 * S, '4m12s'],
    [5 * M, '5m00s'],
    [2 * H + 5 * M, '2h05m'],
    [76 * H, '3d4h'],
  ])('%i ms: %s', (ms, expected) => expect(durationText(ms)).toBe(expected));
});

describe('elapsedText', () => {
  it.each([
    [0, '0s', 5 * S],
    [4_999, '0s', 5 * S],
    [5 * S, '5s', 10 * S],
    [59_999, '55s', M],
    [M, '1m', 2 * M],
    [59 * M + 59 * S, '59m', H],
    [H, '1h00m', H + M],
    [2 * H + 5 * M + 30 * S, '2h05m', 2 * H + 6 * M],
    [25 * H, '1d1h', 26 * H],
  ])('%i ms: %s until %i ms', (ms, text, until) => {
    expect(elapsedText(NOON, NOON + ms)).toEqual({ text, until: NOON + until });
  });

  it('of a moment to come is none', () => expect(elapsedText(NOON + M, NOON).text).toBe('0s'));
});

describe('remainingText', () => {
  it.each([
    [0, '5s'],
    [5 * S, '5s'],
    [5_001, '10s'],
    [55 * S, '55s'],
    [55_001, '1m'],
    [89 * S, '1m'],
    [90 * S, '2m'],
    [59 * M, '59m'],
    [H, '13:00'],
    [11 * H, '23:00'],
    [13 * H, 'Sun 01:00'],
    [24 * 7 * H, '28 Nov'],
  ])('%i ms: %s', (ms, text) => expect(remainingText(NOON + ms, NOON, 'UTC').text).toBe(text));

  it('tells the very moment at which it becomes another one', () => {
    for (let ms = 2 * H; ms > 6 * S; ms -= 777) {
      const { text, until } = remainingText(NOON + ms, NOON, 'UTC');
      if (!Number.isFinite(until)) continue;
      expect(until).toBeGreaterThan(NOON);
      expect(remainingText(NOON + ms, until - 1, 'UTC').text).toBe(text);
      expect(remainingText(NOON + ms, until + 1, 'UTC').text).not.toBe(text);
    }
  });
});

describe('momentText', () => {
  it('is as short as can be', () => {
    expect(momentText(NOON - 3 * H, NOON, 'UTC')).toBe('09:00');
    expect(momentText(NOON - 13 * H, NOON, 'UTC')).toBe('Fri 23:00');
    expect(momentText(NOON - 24 * 9 * H, NOON, 'UTC')).toBe('12 Nov');
    expect(momentText(Date.UTC(2099, 0, 1), NOON, 'UTC')).toBe('1 Jan 2099');
  });

  it('changes the day where its zone does', () => {
    const at = Date.UTC(2026, 10, 21, 0, 30);
    expect(momentText(at - H, at, 'UTC')).toBe('Fri 23:30');
    expect(momentText(at - H, at, 'America/New_York')).toBe('18:30');
    expect(momentText(at, at + H, 'Asia/Kolkata')).toBe('06:00');
  });

  it('is of any number, as outside documents have them', () => {
    expect(momentText(Number.MAX_SAFE_INTEGER, NOON, 'UTC')).toBe('12 Sep 275760');
    expect(momentText(Number.MIN_SAFE_INTEGER, NOON)).toMatch(/^\d\d? Apr -\d+$/);
  });
});

describe("this machine's zone, which nobody names", () => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();

  it('shows what it shows where it is named, in summer as in winter', () => {
    const said = (zone?: string) =>
      Array.from({ length: 400 }, (_, index) => NOON + index * 25 * H).map((at) => [
        momentText(at, at - 2 * H, zone),
        momentText(at, at - 30 * H, zone),
        momentText(at, 0, zone),
        clockText(at, zone),
      ]);
    expect(said()).toEqual(said(timeZone));
  });
});
