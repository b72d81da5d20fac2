import { InvalidArgumentError } from 'commander';
import { readMoment } from '../../model/moment.ts';
import type { ValueKind } from '../command.ts';

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Reads a whole number of `min` or more. */
export function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < min)
      throw new InvalidArgumentError(`It must be a whole number from ${min} up.`);
    return value;
  };
}

/** Reads a text that is not empty. */
export function someText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * Reads a moment in the past as people write it, in epoch ms: a duration (`90s`, `1h30m`, `7d`, `2w`), or a date with or
 * without a time, in this machine's zone unless it names one. Returns null if it is neither.
 */
export function momentBefore(nowMs: number, text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?\s*[smhdw]\s*)+$/iu.test(text.trim())) return readMoment(text);
  const parts = text.toLowerCase().matchAll(/([\d.]+)\s*([smhdw])/gu);
  const at = [...parts].reduce(
    (ms, [, count, unit = '']) => ms - Number(count) * (UNIT_MS[unit] ?? 0),
    nowMs,
  );
  return Number.isFinite(at) ? at : null;
}

/** Reads a percentage. */
export function percentage(text: string): number {
  const value = Number(text.replace(/%$/u, ''));
  if (text.trim() === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('It must be a number from 0 to 100.');
  return value;
}

/** Reads a number, or null for `none`. */
export function numberOrNone(text: string): number | null {
  if (text === 'none') return null;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError('It must be a number, or none.');
  return value;
}

/** Returns what an option needs whose value is one of `words`: its parser, and what a shell offers. */
export function oneOf<Word extends string>(
  words: readonly Word[],
): { readonly parse: (text: string) => Word; readonly takes: readonly ValueKind[] } {
  return {
    takes: [{ words }],
    parse(text) {
      const word = words.find((known) => known === text);
      if (word === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
      return word;
    },
  };
}

/** Reads `key=value`, and collects the pairs. */
export function keyValue(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write KEY=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
