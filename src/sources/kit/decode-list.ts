import { createItemList, type ItemList, type ReadItem } from '../../io/json-list/item-list.ts';
import { TASK_LIMIT } from '../../model/limits.ts';
import { type Problem, type ProblemKind, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';

/** One task of a document as read, with what was odd about it, or why it could not be read. */
export type DecodedItem<T> =
  | { readonly item: T; readonly oddities: readonly Oddity[] }
  | { readonly wrong: PlainText };

/** Something that does not keep the task from being shown. */
export interface Oddity {
  readonly kind: ProblemKind;
  readonly what: PlainText;
}

/** Returns the oddity of a status that the format does not know, and how it is read. */
export function unknownStatus(word: PlainText, readAs: PlainText = words`shown as queued`): Oddity {
  return { kind: 'unknown-word', what: words`unknown status "${word}": ${readAs}` };
}

/** How deeply a task's document may be nested: traversing it must not exhaust the stack. */
const NESTING_LIMIT = 100;

interface ListOptions<T> {
  /** Of two items with one id, the first counts, unless the later one is a newer state of the same thing. */
  readonly supersedes?: (later: T, first: T) => boolean;
  /** How many items are read at most. */
  readonly limit?: number;
}

type Read<T extends { readonly nativeId: string }> = (raw: unknown) => DecodedItem<T>;

/**
 * Reads a document's list of tasks (`where`: its key). Good items are kept; those that are malformed, repeat an id or exceed
 * the limits are left out, and reported together in one `degraded` problem.
 */
export function decodeList<T extends { readonly nativeId: string }>(
  list: readonly unknown[],
  where: PlainText,
  decode: Read<T>,
  options: ListOptions<T> = {},
): { readonly items: readonly T[]; readonly problem: Problem | null } {
  const { limit = TASK_LIMIT } = options;
  const items = createDecodedList(decode, (raw: unknown) => raw, options);
  items.rearrange(list.length, []);
  for (const [place, raw] of list.slice(0, limit).entries()) items.put(place, raw);
  return { items: items.items(), problem: listProblem(items, where, list.length, limit) };
}

/** Something odd about an item, whose place is added later. */
interface Finding extends Oddity {
  readonly isLeftOut: boolean;
}

const NONE: readonly Finding[] = [];

/** The same for a list of which only parts change; `rawOf` returns what to decode from the source of an item. */
export type DecodedList<T, S> = ItemList<T, Finding, S>;

export function createDecodedList<T extends { readonly nativeId: string }, S>(
  decode: Read<T>,
  rawOf: (source: S) => unknown,
  { supersedes, limit = TASK_LIMIT }: ListOptions<T> = {},
): DecodedList<T, S> {
  return createItemList({
    read: (source) => readItem(rawOf(source), decode),
    repeated: (nativeId) => leftOut(words`the id ${plainName(nativeId)} is already in use`),
    supersedes,
    limit,
  });
}

function readItem<T extends { readonly nativeId: string }>(
  raw: unknown,
  decode: Read<T>,
): ReadItem<T, Finding> {
  const flaw = findFlaw(raw);
  const decoded = flaw === TOO_DEEP ? { wrong: words`it is nested too deeply` } : decode(raw);
  if ('wrong' in decoded) return { item: null, findings: [leftOut(decoded.wrong)] };
  const { item, oddities } = decoded;
  const all = typeof flaw === 'string' ? [noNumber(item.nativeId, flaw), ...oddities] : oddities;
  return { item, findings: all.length === 0 ? NONE : all.map((each) => ({ ...each, isLeftOut: false })) };
}

function leftOut(what: PlainText): Finding {
  return { kind: 'malformed', what, isLeftOut: true };
}

/** Returns what was odd about a list of that many items, in one problem. */
export function listProblem<T, S>(
  items: DecodedList<T, S>,
  where: PlainText,
  length: number,
  limit = TASK_LIMIT,
): Problem | null {
  const { count, first } = items.findings();
  const isTooLong = length > limit;
  if (!first) return isTooLong ? inOneProblem(surplus(where, length, limit), 1) : null;
  const { kind, what, isLeftOut } = first.finding;
  const place = words`${where}[${first.place}]`;
  const said = isLeftOut ? words`${place} is left out: ${what}` : words`${place}: ${what}`;
  return inOneProblem({ kind, what: said }, count + (isTooLong ? 1 : 0));
}

/**
 * Creates a `decode` that remembers the last two documents: a task whose text has not changed is not decoded again, and is the
 * same object as before. Call `turn` after each document.
 */
export function createDecodeMemo<T>(decode: (raw: unknown) => DecodedItem<T>): {
  decode(raw: unknown): DecodedItem<T>;
  turn(): void;
  /** Forgets everything, because `decode` would now return something else. */
  forget(): void;
} {
  let before = new Map<string, DecodedItem<T>>();
  let current = new Map<string, DecodedItem<T>>();
  return {
    decode(raw) {
      const text = textOf(raw);
      if (text === null) return { wrong: words`it is nested too deeply` };
      const decoded = before.get(text) ?? current.get(text) ?? decode(raw);
      current.set(text, decoded);
      return decoded;
    },
    turn() {
      before = current;
      current = new Map();
    },
    forget() {
      before = new Map();
      current = new Map();
    },
  };
}

function textOf(raw: unknown): string | null {
  try {
    return JSON.stringify(raw);
  } catch {
    return null;
  }
}

/** Tells whether a document is nested more deeply than a task has reason to be. */
export function isNestedTooDeep(raw: unknown): boolean {
  return findFlaw(raw) === TOO_DEEP;
}

const TOO_DEEP = Symbol('nested too deep');

/**
 * Returns that a document is nested too deeply, or else where in it a number is NaN or infinite (`.steps[0].progress`); null if
 * neither.
 */
function findFlaw(raw: unknown, levelsLeft = NESTING_LIMIT): string | typeof TOO_DEEP | null {
  if (typeof raw === 'number') return Number.isFinite(raw) ? null : '';
  if (typeof raw !== 'object' || raw === null) return null;
  if (levelsLeft === 0) return TOO_DEEP;
  let found: string | null = null;
  for (const key of Object.keys(raw)) {
    const flaw = findFlaw((raw as Readonly<Record<string, unknown>>)[key], levelsLeft - 1);
    if (flaw === TOO_DEEP) return TOO_DEEP;
    if (flaw !== null) found ??= `${Array.isArray(raw) ? `[${key}]` : `.${key}`}${flaw}`;
  }
  return found;
}

function noNumber(nativeId: string, path: string): Oddity {
  const where = plainName(path.replace(/^\./u, ''));
  return {
    kind: 'malformed',
    what: words`${where} of task ${plainName(nativeId)} is not a number (NaN or Infinity): read as null`,
  };
}

function surplus(where: PlainText, length: number, limit: number): Oddity {
  const [all, shown] = [plainName(length.toLocaleString('en')), plainName(limit.toLocaleString('en'))];
  return {
    kind: 'too-large',
    what: words`${where} lists ${all} tasks: only the first ${shown} are shown`,
  };
}

function inOneProblem(first: Oddity, count: number): Problem {
  const others = count > 1 ? words` (and ${count - 1} more like this)` : '';
  return problem(first.kind, 'degraded', words`${first.what}${others}`, 'the other tasks are shown');
}
