/**
 * A number as any country writes it: `1234`, `1,234.5`, `1.234,5`, `12,34,567`, `1'234`, or grouped by thin and no-break
 * spaces.
 */
export const NUMBER = String.raw`(?:\d{1,3}(?:[.,'’ʼ\u00a0\u2009\u202f]\d{2,3})*[.,'’ʼ\u00a0\u2009\u202f]\d{3}(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?)`;

const GROUP_SIGNS = /['’ʼ\u00a0\u2009\u202f]/gu;
const GROUPED = /^\d{1,3}(?:([.,])\d{2,3})*([.,])\d{3}$/u;

/** Reads a figure that counts whole things, so that `1.234` is more than a thousand; returns NaN if it does not. */
export function readWhole(text: string): number {
  const plain = text.replace(GROUP_SIGNS, '');
  const signs = [...plain.replace(/\d/gu, '')];
  const isGrouped = GROUPED.test(plain) && new Set(signs).size === 1 && !plain.startsWith('0');
  return isGrouped ? Number(plain.replace(/[.,]/gu, '')) : readDecimal(plain);
}

/** Reads a figure whose last separator is a decimal point or comma; returns NaN if it is not a number. */
export function readDecimal(text: string): number {
  const plain = text.replace(GROUP_SIGNS, '');
  const at = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','));
  if (at === -1) return Number(plain);
  return Number(`${plain.slice(0, at).replace(/[.,]/gu, '')}.${plain.slice(at + 1)}`);
}

/**
 * Reads two figures of the same kind, as in `999 / 1.234`: if the first is ambiguous, the second decides how both are written.
 */
export function readPair(first: string, second: string): readonly [number, number] {
  const whole = [readWhole(first), readWhole(second)] as const;
  const decimal = [readDecimal(first), readDecimal(second)] as const;
  return whole[0] <= whole[1] ? whole : decimal;
}
