import { TASK_LIMIT } from '../../model/limits.ts';
import { type Problem, type ProblemKind, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';

/** One task of a document as read, with what was odd about it; or why it could not be read. */
export type DecodedItem<T> =
  | { readonly item: T; readonly oddities: readonly Oddity[] }
  | { readonly wrong: PlainText };

/** Something that does not keep the task from being shown. */
export interface Oddity {
  readonly kind: ProblemKind;
  readonly what: PlainText;
}

/** Returns the oddity of a status that is no word of the format, and how it is read. */
export function unknownStatus(word: PlainText, readAs: PlainText = words`shown as queued`): Oddity {
  return { kind: 'unknown-word', what: words`unknown status "${word}": ${readAs}` };
}

/** How deep a task's document may be nested: walking it must not exhaust the stack. */
const NESTING_LIMIT = 100;

/**
 * Reads a document's list of tasks (`where`: its key). What is good is kept; what is not, what repeats an id, and what
 * passes the bounds is left out and named in one `degraded` problem.
 */
export function decodeList<T extends { readonly nativeId: string }>(
  list: readonly unknown[],
  where: PlainText,
  decode: (raw: unknown) => DecodedItem<T>,
  options: {
    /** Of two items with one id the first one counts, unless the later one is a newer state of the same thing. */
    readonly supersedes?: (later: T, first: T) => boolean;
    /** How many items are read at the most. */
    readonly limit?: number;
  } = {},
): { readonly items: readonly T[]; readonly problem: Problem | null } {
  const { limit = TASK_LIMIT } = options;
  const items = new Map<string, T>();
  const findings: Oddity[] = [];
  for (const [index, raw] of list.slice(0, limit).entries()) {
    const place = words`${where}[${index}]`;
    const flaw = findFlaw(raw);
    const decoded = flaw === TOO_DEEP ? { wrong: words`it is nested too deeply` } : decode(raw);
    if ('wrong' in decoded) {
      findings.push({ kind: 'malformed', what: words`${place} is left out: ${decoded.wrong}` });
      continue;
    }
    const known = items.get(decoded.item.nativeId);
    if (known && !options.supersedes?.(decoded.item, known)) {
      const id = plainName(decoded.item.nativeId);
      findings.push({
        kind: 'malformed',
        what: words`${place} is left out: the id ${id} is already in use`,
      });
    } else {
      items.set(decoded.item.nativeId, decoded.item);
      if (typeof flaw === 'string') findings.push(noNumber(place, decoded.item.nativeId, flaw));
      for (const { kind, what } of decoded.oddities) findings.push({ kind, what: words`${place}: ${what}` });
    }
  }
  if (list.length > limit) findings.push(surplus(where, list.length, limit));
  return { items: [...items.values()], problem: inOneProblem(findings) };
}

/**
 * Creates a `decode` that remembers the last two documents: a task whose text did not change is not decoded again, and
 * is the same object as before. Call `turn` after each document.
 */
export function createDecodeMemo<T>(decode: (raw: unknown) => DecodedItem<T>): {
  decode(raw: unknown): DecodedItem<T>;
  turn(): void;
  /** Forgets everything: `decode` would now say something else. */
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

/** Tells whether a document is nested deeper than a task has reason to be. */
export function isNestedTooDeep(raw: unknown): boolean {
  return findFlaw(raw) === TOO_DEEP;
}

const TOO_DEEP = Symbol('nested too deep');

/**
 * Returns that a document is nested too deeply, else where in it a number is not one (`.steps[0].progress`); null for
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

function noNumber(place: PlainText, nativeId: string, path: string): Oddity {
  const where = plainName(path.replace(/^\./u, ''));
  return {
    kind: 'malformed',
    what: words`${place}: ${where} of task ${plainName(nativeId)} is not a number (NaN or Infinity): read as null`,
  };
}

function surplus(where: PlainText, length: number, limit: number): Oddity {
  const [all, shown] = [plainName(length.toLocaleString('en')), plainName(limit.toLocaleString('en'))];
  return {
    kind: 'too-large',
    what: words`${where} lists ${all} tasks: only the first ${shown} are shown`,
  };
}

function inOneProblem(findings: readonly Oddity[]): Problem | null {
  const [first] = findings;
  if (!first) return null;
  const others = findings.length > 1 ? words` (and ${findings.length - 1} more like this)` : '';
  return problem(first.kind, 'degraded', words`${first.what}${others}`, 'the other tasks are shown');
}
