/**
 * Changes a JSON document in its writer's own hand: unknown keys, their order, the indentation, numbers as they were
 * spelt (`1.0`, whole numbers beyond 2⁵³), `\u` escapes, line ends, a byte order mark and the newline at the end
 * stay. `change` mutates the parsed document; a number that has no equal in JavaScript is an opaque object there.
 * Throws a `RangeError` for one that is nested too deep.
 */
export function editJson(marked: string, change: (document: unknown) => void): string {
  const mark = marked.startsWith('\ufeff') ? '\ufeff' : '';
  const text = marked.slice(mark.length);
  const document: unknown = JSON.parse(text, keepSpelling as Parameters<typeof JSON.parse>[1]);
  change(document);
  let edited = JSON.stringify(document, null, indentationOf(text));
  if (isAsciiOnly(text)) edited = edited.replace(/[\u0080-\uffff]/g, asEscape);
  if (text.includes('\r\n')) edited = edited.replaceAll('\n', '\r\n');
  return mark + edited + (/\s*$/u.exec(text)?.[0] ?? '');
}

/** In the standard since ES2026, in Node since 21, not yet in the types. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

function keepSpelling(_key: string, value: unknown, { source }: { source: string }): unknown {
  return typeof value === 'number' && String(value) !== source ? rawJSON(source) : value;
}

/** A document of several lines stays one: where a hand has laid it out as no program does, by its first indentation. */
function indentationOf(text: string): string {
  return /^\s*[[{]\r?\n([ \t]+)/u.exec(text)?.[1] ?? /\n([ \t]+)\S/u.exec(text)?.[1] ?? '';
}

/** Does its writer escape whatever is not ASCII? Only told by a text that has such an escape. */
function isAsciiOnly(text: string): boolean {
  return /\\u[0-9a-fA-F]{4}/u.test(text) && !/[\u0080-\uffff]/u.test(text);
}

/** Each UTF-16 unit by itself: what lies beyond the first plane takes two. */
function asEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
