import { type Problem, type ProblemKind, problem } from '../model/problem.ts';
import { ownWords, type PlainText } from '../model/text.ts';

/** One task of a document as read, with what was odd about it; or why it could not be read. */
export type DecodedItem<T> =
  | { readonly item: T; readonly oddities: readonly Oddity[] }
  | { readonly wrong: PlainText };

/** Something that does not keep the task from being shown. */
export interface Oddity {
  readonly kind: ProblemKind;
  readonly what: PlainText;
}

/** How many tasks a source may list, and steps a task: what comes after them is named, not read. */
export const TASK_LIMIT = 100_000;
export const STEP_LIMIT = 10_000;
/** How deep a task's document may be nested: whoever walks it must not run out of stack. */
const NESTING_LIMIT = 100;

/**
 * Reads a document's list of tasks (`where`: its key). What is good is kept; what is not, what repeats an id, and what
 * passes the bounds is left out and named in one `degraded` problem.
 */
export function decodeList<T extends { readonly nativeId: string }>(
  list: readonly unknown[],
  where: string,
  decode: (raw: unknown) => DecodedItem<T>,
  limit = TASK_LIMIT,
): { readonly items: readonly T[]; readonly problem: Problem | null } {
  const items = new Map<string, T>();
  const findings: Oddity[] = [];
  for (const [index, raw] of list.slice(0, limit).entries()) {
    const place = `${where}[${index}]`;
    const decoded = decode(raw);
    if ('wrong' in decoded) {
      findings.push({ kind: 'malformed', what: ownWords(`${place} is left out: ${decoded.wrong}`) });
    } else if (items.has(decoded.item.nativeId)) {
      const id = ownWords(decoded.item.nativeId);
      findings.push({
        kind: 'malformed',
        what: ownWords(`${place} is left out: the id ${id} was there before`),
      });
    } else {
      items.set(decoded.item.nativeId, decoded.item);
      for (const { kind, what } of decoded.oddities)
        findings.push({ kind, what: ownWords(`${place}: ${what}`) });
    }
  }
  if (list.length > limit) findings.push(surplus(where, list.length, limit));
  return { items: [...items.values()], problem: inOneProblem(findings) };
}

/**
 * `decode` that remembers the last two documents: a task whose text did not change is not decoded again, and is the
 * same object as before. Call `turn` after each document.
 */
export function createDecodeMemo<T>(decode: (raw: unknown) => DecodedItem<T>): {
  decode(raw: unknown): DecodedItem<T>;
  turn(): void;
} {
  let before = new Map<string, DecodedItem<T>>();
  let current = new Map<string, DecodedItem<T>>();
  return {
    decode(raw) {
      const text = textOf(raw);
      if (text === null || isNestedTooDeep(raw)) return { wrong: ownWords('it is nested too deep') };
      const decoded = before.get(text) ?? current.get(text) ?? decode(raw);
      current.set(text, decoded);
      return decoded;
    },
    turn() {
      before = current;
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

/** Is it nested deeper than a document of a task has reason to be? */
export function isNestedTooDeep(raw: unknown, levelsLeft = NESTING_LIMIT): boolean {
  if (typeof raw !== 'object' || raw === null) return false;
  if (levelsLeft === 0) return true;
  return Object.values(raw).some((inner) => isNestedTooDeep(inner, levelsLeft - 1));
}

function surplus(where: string, length: number, limit: number): Oddity {
  const [all, shown] = [length.toLocaleString('en'), limit.toLocaleString('en')];
  return {
    kind: 'too-large',
    what: ownWords(`${where} lists ${all} tasks: only the first ${shown} are shown`),
  };
}

function inOneProblem(findings: readonly Oddity[]): Problem | null {
  const [first] = findings;
  if (!first) return null;
  const others = findings.length > 1 ? ` (and ${findings.length - 1} more like this)` : '';
  return problem(first.kind, 'degraded', `${first.what}${others}`, 'the other tasks are shown');
}
