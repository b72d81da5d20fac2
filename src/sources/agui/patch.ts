import { isDeepStrictEqual } from 'node:util';
import { jsonObject } from '../../model/json.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { isTooLarge, LARGEST, sizeOf } from './size.ts';

/**
 * The result of a patch: the document after it, or why the patch does not fit. In the second case, nothing of it is applied.
 */
export type Patched =
  | { readonly kind: 'patched'; readonly document: unknown }
  | { readonly kind: 'misfit'; readonly why: PlainText };

/**
 * Applies a JSON Patch (RFC 6902). The document is not changed; what the patch does not touch is shared with the result. Work
 * and size are limited beforehand, so that no patch takes long or much memory: copy operations alone could double a document
 * each time.
 */
export function applyPatch(document: unknown, operations: readonly unknown[]): Patched {
  const draft = createDraft(document);
  try {
    for (const operation of operations) applyOperation(draft, operation);
    const patched = draft.document();
    if (isTooLarge(sizeOf(patched))) throw new Misfit(TOO_LARGE);
    return { kind: 'patched', document: patched };
  } catch (error) {
    if (error instanceof Misfit) return { kind: 'misfit', why: error.why };
    throw error;
  }
}

/** How many elements one patch may touch in all: those of each list or object that it copies, and those that it compares. */
const MOST_WORK = 500_000;
/** What each step of an operation counts in addition. */
const STEP_WORK = 10;
const TOO_LARGE = words`a delta makes the state too large`;
const TOO_MUCH_WORK = words`a delta is too long`;

class Misfit extends Error {
  readonly why: PlainText;
  constructor(why: PlainText) {
    super(why);
    this.why = why;
  }
}

function applyOperation(draft: Draft, raw: unknown): void {
  const operation = jsonObject(raw) ?? {};
  const path = segmentsOf(operation.path);
  switch (operation.op) {
    case 'add':
      return draft.add(path, given(operation));
    case 'remove':
      return void draft.remove(path);
    case 'replace':
      draft.read(path);
      return draft.replace(path, given(operation));
    case 'copy':
      return draft.add(path, draft.share(segmentsOf(operation.from)));
    case 'move':
      return move(draft, operation.from, operation.path);
    case 'test':
      if (isDeepStrictEqual(draft.share(path), given(operation))) return;
      throw new Misfit(
        plainName(`a delta does not fit: the test of ${plainNameOrNull(operation.path) ?? 'a value'} failed`),
      );
    default:
      throw new Misfit(
        plainName(`a delta has an unknown operation: ${plainNameOrNull(operation.op) ?? 'none'}`),
      );
  }
}

function move(draft: Draft, from: unknown, path: unknown): void {
  const [source, target] = [segmentsOf(from), segmentsOf(path)];
  const value = draft.share(source);
  if (from === path) return;
  if (String(path).startsWith(`${String(from)}/`)) throw new Misfit(words`a delta moves a value into itself`);
  draft.remove(source);
  draft.add(target, value);
}

function given(operation: Readonly<Record<string, unknown>>): unknown {
  if (!Object.hasOwn(operation, 'value')) throw new Misfit(words`a delta lacks a value`);
  return operation.value;
}

/** Splits a path according to RFC 6901. */
function segmentsOf(pointer: unknown): readonly string[] {
  if (pointer === '') return [];
  if (typeof pointer !== 'string' || !pointer.startsWith('/'))
    throw new Misfit(words`a delta has an invalid path`);
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Container = unknown[] | Record<string, unknown>;
type Path = readonly string[];

/** A document that is changed without changing the original. */
interface Draft {
  document(): unknown;
  read(path: Path): unknown;
  /** Reads a value that will also be used in another place, or compared: it is not changed any more. */
  share(path: Path): unknown;
  add(path: Path, value: unknown): void;
  /** Replaces a value by another. */
  replace(path: Path, value: unknown): void;
  remove(path: Path): void;
}

function createDraft(document: unknown): Draft {
  let root = document;
  /** The lists and objects that are our own copies, and may be changed. */
  let owned = new WeakSet<object>();
  let workLeft = MOST_WORK;
  let valuesLeft: number = LARGEST.values;
  let charactersLeft: number = LARGEST.characters;

  function work(elements: number): void {
    workLeft -= elements;
    if (workLeft < 0) throw new Misfit(TOO_MUCH_WORK);
  }

  /** Counts an inserted value, which may be shared with another place. */
  function admit(value: unknown, path: Path): void {
    const { values, characters, depth } = sizeOf(value);
    valuesLeft -= values;
    charactersLeft -= characters;
    if (valuesLeft < 0 || charactersLeft < 0 || path.length + depth > LARGEST.depth)
      throw new Misfit(TOO_LARGE);
  }

  function own(container: Container): Container {
    if (owned.has(container)) return container;
    const copy = Array.isArray(container) ? [...container] : { ...container };
    work(Array.isArray(copy) ? copy.length : Object.keys(copy).length);
    owned.add(copy);
    return copy;
  }

  /** Returns the list or object that holds the end of a path, as a copy of our own, as are all those that lead to it. */
  function parentOf(path: Path): Container {
    work(STEP_WORK + path.length);
    root = own(containerIn(root, path));
    let parent = root as Container;
    for (const segment of path.slice(0, -1)) {
      const inner = own(containerIn(valueAt(parent, segment, path), path));
      put(parent, segment, inner);
      parent = inner;
    }
    return parent;
  }

  function read(path: Path): unknown {
    work(STEP_WORK + path.length);
    return path.reduce((value, segment) => valueAt(containerIn(value, path), segment, path), root);
  }

  return {
    document: () => root,
    read,
    share(path) {
      owned = new WeakSet();
      const value = read(path);
      work(STEP_WORK + sizeOf(value).values);
      return value;
    },
    add(path, value) {
      admit(value, path);
      const last = path.at(-1);
      if (last === undefined) {
        root = value;
        return;
      }
      const parent = parentOf(path);
      if (!Array.isArray(parent)) return put(parent, last, value);
      const index = last === '-' ? parent.length : indexOf(last);
      if (index === null || index > parent.length) throw missing(path);
      work((parent.length - index) >> 4);
      parent.splice(index, 0, value);
    },
    replace(path, value) {
      admit(value, path);
      const last = path.at(-1);
      if (last === undefined) root = value;
      else put(parentOf(path), last, value);
    },
    remove(path) {
      const last = path.at(-1);
      if (last === undefined) {
        root = null;
        return;
      }
      read(path);
      const parent = parentOf(path);
      if (!Array.isArray(parent)) delete parent[last];
      else {
        work((parent.length - Number(last)) >> 4);
        parent.splice(Number(last), 1);
      }
    },
  };
}

function containerIn(value: unknown, path: Path): Container {
  if (typeof value !== 'object' || value === null) throw missing(path);
  return value as Container;
}

/** Returns a value of the container itself, never an inherited one. */
function valueAt(container: Container, segment: string, path: Path): unknown {
  if (!Array.isArray(container)) {
    if (Object.hasOwn(container, segment)) return container[segment];
    throw missing(path);
  }
  const index = indexOf(segment);
  if (index === null || index >= container.length) throw missing(path);
  return container[index];
}

function put(container: Container, segment: string, value: unknown): void {
  if (segment === '__proto__') throw new Misfit(words`a delta names __proto__`);
  (container as Record<string, unknown>)[segment] = value;
}

function indexOf(segment: string): number | null {
  return /^(?:0|[1-9]\d{0,9})$/u.test(segment) ? Number(segment) : null;
}

function missing(path: Path): Misfit {
  return new Misfit(plainName(`a delta does not fit: there is no /${path.join('/').slice(0, 200)}`));
}
