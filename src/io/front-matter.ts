import { jsonObject } from '../model/json.ts';
import { parseDocument } from './yaml.ts';

/** A YAML mapping, with every scalar as a string, so that ids and dates stay as they are written. */
export type Fields = Readonly<Record<string, unknown>>;

/** Anything longer was not written by hand. */
const LONGEST = 64 * 1024;
const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)/su;
/** The spellings of null in YAML. */
const NOTHING = new Set(['', '~', 'null', 'Null', 'NULL']);

/** Splits a Markdown text into its front matter and its body; null if it has no front matter. */
export function readFrontMatter(text: string): { readonly fields: Fields; readonly body: string } | null {
  const found = FRONT_MATTER.exec(text);
  const fields = found && readYaml(found[1] ?? '');
  return fields ? { fields, body: text.slice(found[0].length) } : null;
}

/**
 * Reads a YAML mapping. Tolerates errors, because Backlog.md itself writes `assignee: @ann`. Returns null for anything else, and
 * if the text has aliases, which could expand without limit.
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

/** Returns a scalar's text; null if it is null or not a scalar. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && !NOTHING.has(value.trim()) ? value : null;
}

/** Returns the texts in a list, or the single text in place of a list. */
export function textsOf(value: unknown): string[] {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  return listed.map(textOf).filter((text) => text !== null);
}
