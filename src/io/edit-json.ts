import { parseExactly } from '../model/json.ts';
import { type ContainerNode, type JsonNode, parseTree } from './json-tree.ts';

/** The style in which a text is written, for additions to it. */
interface Hand {
  readonly text: string;
  /** One level of indentation. */
  readonly indent: string;
  /** The text's line break. */
  readonly lineEnd: string;
  readonly colon: string;
  readonly comma: string;
  readonly isAscii: boolean;
}

/**
 * Changes a JSON document and keeps its style: every character that is not part of a change stays (layout, order, unknown keys,
 * the spelling of numbers, `\u` escapes, line ends, a byte order mark), and additions look like their neighbours. `change`
 * mutates the document as `parseExactly` reads it. Throws a `RangeError` if it is nested too deep.
 */
export function editJson(marked: string, change: (document: unknown) => void): string {
  const mark = marked.startsWith('\ufeff') ? '\ufeff' : '';
  const text = marked.slice(mark.length);
  const document = parseExactly(text);
  change(document);
  const tree = parseTree(text);
  const place = { margin: '', isSpread: text.includes('\n') };
  const edited = render(tree, parseExactly(text), document, handOf(text, tree), place);
  return edited === null ? marked : mark + text.slice(0, tree.start) + edited + text.slice(tree.end);
}

function handOf(text: string, tree: JsonNode): Hand {
  const colon = firstColon(text, tree) ?? ': ';
  return {
    text,
    indent: /^\s*[[{]\r?\n([ \t]+)/u.exec(text)?.[1] ?? /\n([ \t]+)\S/u.exec(text)?.[1] ?? '  ',
    lineEnd: text.includes('\r\n') ? '\r\n' : '\n',
    colon,
    comma: colon.endsWith(' ') ? ', ' : ',',
    // Only a text that contains such an escape shows that its writer escapes everything that is not ASCII.
    isAscii: /\\u[0-9a-fA-F]{4}/u.test(text) && !/[\u0080-\uffff]/u.test(text),
  };
}

function firstColon(text: string, node: JsonNode): string | null {
  if (node.kind === 'scalar') return null;
  const [first] = node.entries;
  if (!first) return null;
  if (node.kind === 'array') return firstColon(text, first.value);
  return /\s*:\s*$/u.exec(text.slice(first.start, first.value.start))?.[0] ?? null;
}

/** The place of a value: the indentation of its line, and whether a container there may take several lines. */
interface Place {
  readonly margin: string;
  readonly isSpread: boolean;
}

/** Returns the text of `value` to replace `node`, whose value was `before`; null if nothing has changed. */
function render(node: JsonNode, before: unknown, value: unknown, hand: Hand, place: Place): string | null {
  if (node.kind === 'scalar') return Object.is(before, value) ? null : write(value, hand, place);
  const isSameKind =
    typeof value === 'object' && value !== null && Array.isArray(value) === (node.kind === 'array');
  if (!isSameKind) return write(value, hand, place);
  return renderContainer(node, before as JsonObject, value as JsonObject, hand, place);
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Renders a list or object. Removed entries are left out with the comma before them; new ones come last. */
function renderContainer(
  node: ContainerNode,
  before: JsonObject,
  value: JsonObject,
  hand: Hand,
  place: Place,
): string | null {
  const { text } = hand;
  const placeAfter = placesIn(node, hand, place);
  const { first, next, last } = gapsIn(node, hand, place);
  /** The index that counts for each key: if a key is repeated, the last one. */
  const counts = new Map(node.entries.map(({ key }, index) => [key ?? String(index), index]));

  const parts: string[] = [];
  let isChanged = false;
  let end = node.start + 1;
  for (const [index, entry] of node.entries.entries()) {
    const key = entry.key ?? String(index);
    const gap = parts.length === 0 ? first : text.slice(end, entry.start);
    end = entry.value.end;
    const isKept = Object.hasOwn(value, key) && !isLeftOut(value[key], node);
    const rendered =
      isKept && counts.get(key) === index
        ? render(entry.value, before[key], value[key], hand, placeAfter(gap))
        : null;
    isChanged ||= !isKept || rendered !== null;
    if (rendered !== null) parts.push(gap + text.slice(entry.start, entry.value.start) + rendered);
    else if (isKept) parts.push(gap + text.slice(entry.start, entry.value.end));
  }
  for (const [key, added] of Object.entries(value)) {
    if (counts.has(key) || isLeftOut(added, node)) continue;
    const gap = parts.length === 0 ? first : next;
    const head = node.kind === 'array' ? '' : quote(key, hand) + hand.colon;
    parts.push(gap + head + write(added, hand, placeAfter(gap)));
    isChanged = true;
  }
  if (!isChanged) return null;
  return text[node.start] + parts.join('') + (parts.length === 0 ? '' : last) + text[node.end - 1];
}

/** Returns a function that determines the place of a value from the gap before it. */
function placesIn({ entries }: ContainerNode, { text }: Hand, { margin }: Place): (gap: string) => Place {
  let hasInlineContainer: boolean | null = null;
  return (gap) => {
    if (!gap.includes('\n')) return { margin, isSpread: false };
    hasInlineContainer ??= entries.some((entry) => isInlineContainer(entry.value, text));
    return { margin: gap.slice(gap.lastIndexOf('\n') + 1), isSpread: !hasInlineContainer };
  };
}

/** Tells whether a value is left out, as by `JSON.stringify`. */
function isLeftOut(value: unknown, node: ContainerNode): boolean {
  return value === undefined && node.kind === 'object';
}

/** Returns the text before a container's first entry, before an added one, and after its last one. */
function gapsIn({ start, end, entries }: ContainerNode, hand: Hand, { margin, isSpread }: Place) {
  const { text, lineEnd, indent, comma } = hand;
  const [head, second] = entries;
  const tail = entries.at(-1);
  if (!head || !tail) {
    const lead = isSpread ? lineEnd + margin + indent : '';
    return { first: lead, next: isSpread ? `,${lead}` : comma, last: isSpread ? lineEnd + margin : '' };
  }
  const first = text.slice(start + 1, head.start);
  const before = entries.at(-2);
  const next =
    second && before ? text.slice(before.value.end, tail.start) : first.includes('\n') ? `,${first}` : comma;
  return { first, next, last: text.slice(tail.value.end, end - 1) };
}

function isInlineContainer(node: JsonNode, text: string): boolean {
  return (
    node.kind !== 'scalar' && node.entries.length > 0 && !text.slice(node.start, node.end).includes('\n')
  );
}

function write(value: unknown, hand: Hand, { margin, isSpread }: Place): string {
  if (!isSpread) return inline(value, hand);
  const lines = JSON.stringify(value, null, hand.indent) ?? 'null';
  return escaped(lines, hand).replaceAll('\n', hand.lineEnd + margin);
}

function inline(value: unknown, hand: Hand): string {
  if (typeof value !== 'object' || value === null) return quote(value, hand);
  if (Array.isArray(value)) return `[${value.map((inner) => inline(inner, hand)).join(hand.comma)}]`;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const members = entries.map(([key, inner]) => quote(key, hand) + hand.colon + inline(inner, hand));
  return `{${members.join(hand.comma)}}`;
}

function quote(scalar: unknown, hand: Hand): string {
  return escaped(JSON.stringify(scalar) ?? 'null', hand);
}

/** Escapes each UTF-16 unit that is not ASCII, if the text does so. */
function escaped(text: string, { isAscii }: Hand): string {
  if (!isAscii) return text;
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
