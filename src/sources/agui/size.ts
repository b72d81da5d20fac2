import { endOfString, jsonObject, parseExactly } from '../../model/json.ts';

/** How large a JSON value is: what it takes to keep it and to traverse it. */
export interface Size {
  /** The value itself and all values inside. */
  readonly values: number;
  /** The characters of its texts and keys. */
  readonly characters: number;
  /** How deeply it is nested; 0 if it is not a list or object. */
  readonly depth: number;
}

/** How large one event may be, and the state that deltas make: room for several thousand tasks with their steps. */
export const LARGEST = { values: 200_000, characters: 4 * 1024 * 1024, depth: 100 } as const;

/** Lists and objects are never changed once they have been measured, so what is shared is traversed only once. */
const measured = new WeakMap<object, Size>();

/** Measures a JSON value that will not be changed; takes only the time for the parts that were not measured before. */
export function sizeOf(value: unknown): Size {
  if (typeof value !== 'object' || value === null) return measure(value, sizeOf);
  const known = measured.get(value);
  if (known) return known;
  const size = measure(value, sizeOf);
  measured.set(value, size);
  return size;
}

/** Measures a JSON value of which nothing will be measured again, because remembering a size takes memory, too. */
export function sizeOnce(value: unknown): Size {
  return measure(value, sizeOnce);
}

function measure(value: unknown, sizeOfInner: (inner: unknown) => Size): Size {
  if (typeof value === 'string') return { values: 1, characters: value.length, depth: 0 };
  if (typeof value !== 'object' || value === null) return { values: 1, characters: 0, depth: 0 };
  let [values, characters, depth] = [1, 0, 0];
  const add = (inner: unknown) => {
    const size = sizeOfInner(inner);
    values += size.values;
    characters += size.characters;
    if (size.depth > depth) depth = size.depth;
  };
  if (Array.isArray(value)) for (const inner of value) add(inner);
  else
    for (const [key, inner] of Object.entries(value)) {
      characters += key.length;
      add(inner);
    }
  return { values, characters, depth: depth + 1 };
}

export function isTooLarge({ values, characters, depth }: Size, largest: Size = LARGEST): boolean {
  return values > largest.values || characters > largest.characters || depth > largest.depth;
}

/** What kind of JSON a text is. */
export type BoundedJson =
  | { readonly kind: 'object'; readonly object: Readonly<Record<string, unknown>> }
  /** JSON of another kind, or not JSON. */
  | { readonly kind: 'other' }
  | { readonly kind: 'too-large' };

/** Reads a JSON object from outside, unless it is so large that reading it would take long. */
export function readBoundedObject(text: string, largest: Size = LARGEST): BoundedJson {
  if (!/^\s*\{/u.test(text)) return { kind: 'other' };
  if (isTooLarge(outlineOf(text), largest)) return { kind: 'too-large' };
  try {
    const object = jsonObject(parseExactly(text));
    return object ? { kind: 'object', object } : { kind: 'other' };
  } catch {
    return { kind: 'other' };
  }
}

const [QUOTE, COMMA, COLON] = [0x22, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Measures the values in a JSON text without parsing it; keys count as values. */
function outlineOf(text: string): Size {
  let [values, level, depth] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === COMMA || code === COLON) values += 1;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      values += 1;
      level += 1;
      if (level > depth) depth = level;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) level -= 1;
  }
  return { values, characters: text.length, depth };
}
