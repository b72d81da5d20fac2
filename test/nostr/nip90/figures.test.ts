import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readAmountSat,
  readEtaMs,
  readPercentInText,
  readProgressTag,
  readScaled,
  readStampMs,
} from '../../../src/nostr/nip90/figures.ts';

/** A figure as a provider that wrote nothing else would be understood. */
function progressOf(...cells: string[]): number | null {
  const figure = readProgressTag([['progress', ...cells]]);
  return figure && readScaled(figure, { sawFraction: figure.isFraction, sawPercent: figure.isPercent });
}

describe('a progress tag', () => {
  it.each<[string[], number | null]>([
    [['50'], 50],
    [['62.5'], 62.5],
    [['0'], 0],
    [['1'], 1],
    [['100'], 100],
    [['150'], 100],
    [['-5'], 0],
    [['150%'], 100],
    [['42%'], 42],
    [['0.5%'], 0.5],
    [['0.5'], 50],
    [['0.99'], 99],
    [['1e2'], 100],
    [['2', '3'], (2 * 100) / 3],
    [['42', '100'], 42],
    [['0', '7'], 0],
    [['50', 'transcoding'], 50],
    [['50', '10'], 50],
    [['50', '0'], 50],
    [[], null],
    [[''], null],
    [['half'], null],
    [['NaN'], null],
    [['Infinity'], null],
    [['0x10'], null],
    [['9'.repeat(400)], null],
  ])('%j reads %s', (cells, expected) => {
    expect(progressOf(...cells)).toBe(expected);
  });

  it('is a share of 1 only as long as nothing above 1 was seen', () => {
    const half = readProgressTag([['progress', '0.5']]);
    const whole = readProgressTag([['progress', '1']]);
    if (!half || !whole) throw new Error('unread');
    expect(readScaled(half, { sawFraction: true, sawPercent: true })).toBe(0.5);
    expect(readScaled(whole, { sawFraction: true, sawPercent: false })).toBe(100);
    expect(readScaled(whole, { sawFraction: false, sawPercent: false })).toBe(1);
  });

  it('is 0–100 or nothing, whatever is written there', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (cells) => {
        const value = progressOf(...cells);
        if (value !== null) expect(value >= 0 && value <= 100).toBe(true);
      }),
    );
  });
});

describe('a percentage in a text', () => {
  it.each([
    ['Download in progress: 37.5% done at 4.2MB/s', 37.5],
    ['Upload to https://x.example: 100.00% done at 794.49MB/s', 100],
    ['Transcoding (42 %, ~1m 3s remaining)', 42],
    ['250% more', 100],
    ['nothing of the kind', null],
    ['%', null],
  ])('%s', (text, expected) => {
    expect(readPercentInText(text)?.value ?? null).toBe(expected);
  });
});

describe('an eta tag', () => {
  it.each([
    ['63', 63_000],
    ['0', 0],
    ['1.5', 1_500],
    ['-1', null],
    ['soon', null],
    ['1e30', null],
  ])('%s', (text, expected) => {
    expect(readEtaMs([['eta', text]])).toBe(expected);
  });
});

describe('an amount', () => {
  it.each<[string[], number | null]>([
    [['51000'], 51],
    [['100_000', 'botlab@zeuspay.com'], 100],
    [['1000', 'lnbc10n1pneztx7pp5uyf925w2w'], 1],
    [['25', 'lnbc250n1pjke6p4pp5048k839'], 25],
    [['1545000', 'lnbc15450n1pn7zj5wpp54wzvk'], 1545],
    [['1500'], 1.5],
    [['28125', 'lnbc250n1pnlqtwnpp5uze0a7'], 28.125],
    [['', 'lnbc1m1pabc'], 100_000],
    [['-1'], null],
    [['free'], null],
  ])('%j in sat', (cells, expected) => {
    expect(readAmountSat([['amount', ...cells]])).toBe(expected);
  });
});

describe('a stamp', () => {
  it.each([
    [1_795_000_000, 1_795_000_000_000],
    [1_795_000_000_123, 1_795_000_000_123],
    [-5, 0],
    [0, 0],
  ])('%d', (createdAt, expected) => {
    expect(readStampMs(createdAt)).toBe(expected);
  });
});
