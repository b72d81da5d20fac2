import { type PlainText, plainNameOrNull } from '../../model/text.ts';

/** Reads a list of ids, each once; anything else is left out. */
export function decodeIds(listed: readonly unknown[]): PlainText[] {
  return [...new Set(listed.map(plainNameOrNull).filter((id) => id !== null))];
}

/** Reads labels by their names; empty ones are left out. */
export function decodeLabels(
  values: readonly (readonly [label: string, value: unknown])[],
): Record<string, PlainText> {
  const labels = values.map(([label, value]) => [label, plainNameOrNull(value)] as const);
  return Object.fromEntries(labels.flatMap(([label, text]) => (text === null ? [] : [[label, text]])));
}

/** Returns the latest of the known moments; null if none is known. */
export function latestOf(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((at) => at !== null);
  return known.length === 0 ? null : known.reduce((a, b) => Math.max(a, b));
}

const LONGEST_PERSON = 500;
/** An e-mail address, alone or in a text that a person wrote. */
const ADDRESS = /[^\s@<,;]+@[^\s@>,;]+\.[^\s@>,;]+/gu;

/** Reads who somebody is, without an e-mail address, which is not meant for everybody who sees the view. */
export function decodePerson(raw: unknown): PlainText | null {
  if (typeof raw !== 'string') return null;
  return plainNameOrNull(raw.slice(0, LONGEST_PERSON).replace(ADDRESS, '').replace(/<\s*>/gu, ''));
}
