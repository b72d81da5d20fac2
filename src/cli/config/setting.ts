import { jsonObject } from '../../model/json.ts';

/** One thing that can be configured. */
export interface Setting<T> {
  /** What it is for. */
  readonly about: string;
  /** Its value if nothing is configured. */
  readonly fallback: T;
  /** Reads a value from a file, the environment or the command line. `where` is the name of that place. */
  read(raw: unknown, where?: string): Reading<T>;
  /** Returns its value in a few words; if absent, JSON is shown. */
  shown?(value: T): string;
  /** Returns its value without anything secret; if absent, the value itself is printed. */
  printed?(value: T): unknown;
}

/** A value; or what is wrong, as the end of a sentence about it, and in which item or key. */
export type Reading<T> = { readonly value: T } | { readonly wrong: string; readonly at?: number | string };

/** Makes a setting that is a number, or text that can be read as one, as options and the environment have it. */
export function amount(min: number, max: number, fallback: number, about: string): Setting<number> {
  return {
    about,
    fallback,
    read(raw) {
      const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
      return typeof value === 'number' && value >= min && value <= max
        ? { value }
        : { wrong: `must be a number from ${min} to ${max}` };
    },
  };
}

const YES = new Set<unknown>([true, 'true', '1', 'yes', 'on', 'y', 'enabled']);
const NO = new Set<unknown>([false, 'false', '0', 'no', 'off', 'n', 'disabled']);

/** Makes a setting that is yes or no, in the words of options, the environment or JSON. */
export function flag(fallback: boolean, about: string): Setting<boolean> {
  return {
    about,
    fallback,
    read(raw) {
      const word = typeof raw === 'string' ? raw.toLowerCase() : raw;
      if (YES.has(word)) return { value: true };
      return NO.has(word) ? { value: false } : { wrong: 'must be true or false' };
    },
  };
}

/** Makes a setting that is one of `words`. */
export function choice<Word extends string>(
  words: readonly Word[],
  fallback: Word,
  about: string,
): Setting<Word> {
  return {
    about,
    fallback,
    read(raw) {
      const value = words.find((word) => word === raw);
      return value === undefined ? { wrong: `must be one of ${words.join(', ')}` } : { value };
    },
  };
}

/** Makes a setting that is a text. */
export function text(
  fallback: string,
  about: string,
  { mayBeEmpty = true }: { readonly mayBeEmpty?: boolean } = {},
): Setting<string> {
  return { about, fallback, read: (raw) => readText(raw, mayBeEmpty) };
}

/** Makes a setting that is a list of non-empty texts; empty by default. */
export function texts(about: string): Setting<readonly string[]> {
  return {
    about,
    fallback: [],
    read(raw) {
      if (!Array.isArray(raw)) return { wrong: 'must be a list' };
      const readings = raw.map((each) => readText(each, false));
      const at = readings.findIndex((reading) => 'wrong' in reading);
      const first = readings[at];
      return first && 'wrong' in first ? { wrong: first.wrong, at } : { value: raw };
    },
  };
}

/**
 * Makes a setting of several switches, all on by default: an object, a single word for all, or, in the environment,
 * `claude=off codex=off`.
 */
export function switches<Name extends string>(
  names: readonly Name[],
  about: string,
): Setting<Readonly<Partial<Record<Name, boolean>>>> {
  const one = flag(true, about);
  return {
    about,
    fallback: {} as Readonly<Partial<Record<Name, boolean>>>,
    read(raw) {
      const all = one.read(raw);
      if ('value' in all) return { value: allOf(names, all.value) };
      const given = typeof raw === 'string' ? pairsIn(raw) : jsonObject(raw);
      if (!given) return { wrong: 'must be true, false, or an object of them' };
      const value: Partial<Record<Name, boolean>> = {};
      for (const [key, each] of Object.entries(given)) {
        const name = names.find((known) => known === key);
        if (name === undefined) return { wrong: `has no ${JSON.stringify(key)}; it has ${names.join(', ')}` };
        const reading = one.read(each);
        if ('wrong' in reading) return { ...reading, at: key };
        value[name] = reading.value;
      }
      return { value };
    },
  };
}

function allOf<Name extends string>(names: readonly Name[], value: boolean): Partial<Record<Name, boolean>> {
  const all: Partial<Record<Name, boolean>> = {};
  for (const name of names) all[name] = value;
  return all;
}

/** Reads `a=on b=off`. A word without a value yields undefined, which is not a valid switch. */
function pairsIn(text: string): Record<string, unknown> {
  const parts = text.split(/[\s,]+/u).filter(Boolean);
  return Object.fromEntries(parts.map((part) => [part.replace(/=.*$/u, ''), /=(.*)$/u.exec(part)?.[1]]));
}

/** Makes a setting without a default. */
export function optional<T>({ about, read }: Setting<T>): Setting<T | undefined> {
  return { about, fallback: undefined, read };
}

function readText(raw: unknown, mayBeEmpty: boolean): Reading<string> {
  if (typeof raw !== 'string') return { wrong: 'must be a string' };
  return raw === '' && !mayBeEmpty ? { wrong: 'must not be empty' } : { value: raw };
}
