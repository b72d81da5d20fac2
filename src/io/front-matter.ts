import { parseDocument } from 'yaml';
import { jsonObject } from '../model/json.ts';

/** What stands in YAML, every value as the text that it is: an id stays an id, and a date a date. */
export type Fields = Readonly<Record<string, unknown>>;

/** Of more than this nobody has written a word by hand. */
const LONGEST = 64 * 1024;
const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)/su;
/** What stands for nothing in YAML. */
const NOTHING = new Set(['', '~', 'null', 'Null', 'NULL']);

/** Reads the front matter of a Markdown text, and what follows it; null if it has none. */
export function readFrontMatter(text: string): { readonly fields: Fields; readonly body: string } | null {
  const found = FRONT_MATTER.exec(text);
  const fields = found && readYaml(found[1] ?? '');
  return fields ? { fields, body: text.slice(found[0].length) } : null;
}

/**
 * Reads a YAML mapping. What breaks a rule is read as far as it goes: the program itself writes `assignee: @ann`. null for
 * anything else, and for what would grow by its aliases.
 */
export function readYaml(text: string): Fields | null {
  if (text.length > LONGEST) return null;
  try {
    const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
    return jsonObject(document.toJS({ maxAliasCount: 0 }));
  } catch {
    return null; // nested too deeply, or with aliases
  }
}

/** Returns a value's text; null if it has none. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && !NOTHING.has(value.trim()) ? value : null;
}

/** Returns the texts of a list, or the one text that stands where a list might. */
export function textsOf(value: unknown): string[] {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  return listed.map(textOf).filter((text) => text !== null);
}
