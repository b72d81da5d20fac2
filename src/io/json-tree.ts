import { endOfString } from '../model/json.ts';

/** A value in a JSON text, and its place there: `text.slice(start, end)`. */
export type JsonNode = ScalarNode | ContainerNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly start: number;
  readonly end: number;
}

export interface ContainerNode {
  readonly kind: 'object' | 'array';
  readonly start: number;
  readonly end: number;
  readonly entries: readonly JsonEntry[];
}

/** One of a container's values; in an object, with its key, at which `start` is. */
export interface JsonEntry {
  readonly key: string | null;
  readonly start: number;
  readonly value: JsonNode;
}

/** Returns the tree of a text that `parseExactly` has accepted. Throws a `RangeError` if it is nested too deep. */
export function parseTree(text: string): JsonNode {
  let at = 0;

  function skipBlanks(): void {
    while (text.charCodeAt(at) <= BLANK) at += 1;
  }

  function skipScalar(): void {
    if (text[at] === '"') at = endOfString(text, at);
    else while (at < text.length && !isEndOfScalar(text.charCodeAt(at))) at += 1;
  }

  function readValue(): JsonNode {
    skipBlanks();
    const start = at;
    const first = text[at];
    if (first === '{' || first === '[') return readContainer(first === '{');
    skipScalar();
    return { kind: 'scalar', start, end: at };
  }

  function readContainer(isObject: boolean): ContainerNode {
    const start = at;
    const entries: JsonEntry[] = [];
    at += 1;
    for (skipBlanks(); text[at] !== '}' && text[at] !== ']'; skipBlanks()) {
      if (text[at] === ',') at += 1;
      skipBlanks();
      entries.push(readEntry(isObject));
    }
    at += 1;
    return { kind: isObject ? 'object' : 'array', start, end: at, entries };
  }

  function readEntry(hasKey: boolean): JsonEntry {
    const start = at;
    if (!hasKey) return { key: null, start, value: readValue() };
    skipScalar();
    const key = String(JSON.parse(text.slice(start, at)));
    skipBlanks();
    at += 1; // the colon
    return { key, start, value: readValue() };
  }

  return readValue();
}

const BLANK = ' '.charCodeAt(0);

function isEndOfScalar(code: number): boolean {
  return code <= BLANK || code === 0x2c || code === 0x5d || code === 0x7d; // , ] }
}
