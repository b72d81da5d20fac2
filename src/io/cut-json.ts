import { parseExactly } from '../model/json.ts';
import { type ContainerNode, type JsonNode, parseTree } from './json-tree.ts';

/** The path to a value: a key for each object in it, and an index for each list. */
export type JsonPath = readonly (string | number)[];

/**
 * Removes values from a JSON document, and containers that become empty by that, except for the document itself. All other
 * characters stay. Ignores paths that lead nowhere. Throws if the text is not JSON.
 */
export function cutJson(marked: string, paths: readonly JsonPath[]): string {
  const mark = marked.startsWith('\ufeff') ? '\ufeff' : '';
  const text = marked.slice(mark.length);
  parseExactly(text);
  const tree = parseTree(text);
  const rest = withoutPaths(text, tree, paths) ?? emptied(text, tree);
  return mark + text.slice(0, tree.start) + rest + text.slice(tree.end);
}

/** Returns the text of a value without what the paths name; null if nothing is left. */
function withoutPaths(text: string, node: JsonNode, paths: readonly JsonPath[]): string | null {
  if (node.kind === 'scalar' || paths.length === 0) return text.slice(node.start, node.end);
  const [first] = node.entries;
  if (!first) return text.slice(node.start, node.end);
  const parts: string[] = [];
  let end = node.start + 1;
  for (const [index, { start, value }] of node.entries.entries()) {
    const gap = text.slice(
      parts.length === 0 ? node.start + 1 : end,
      parts.length === 0 ? first.start : start,
    );
    end = value.end;
    const below = pathsBelow(node, index, paths);
    const rest = below.some(({ length }) => length === 0) ? null : withoutPaths(text, value, below);
    if (rest !== null) parts.push(gap + text.slice(start, value.start) + rest);
  }
  if (parts.length === 0) return null;
  return text[node.start] + parts.join('') + text.slice(end, node.end);
}

/** Returns the rest of the paths that lead through an entry. If a key is repeated, the last one counts. */
function pathsBelow({ kind, entries }: ContainerNode, index: number, paths: readonly JsonPath[]): JsonPath[] {
  const key = kind === 'array' ? index : (entries[index]?.key ?? '');
  const isMeant = kind === 'array' || entries.findLastIndex((entry) => entry.key === key) === index;
  return isMeant ? paths.filter(([head]) => head === key).map(([, ...rest]) => rest) : [];
}

function emptied(text: string, { start, end }: JsonNode): string {
  return `${text[start]}${text[end - 1]}`;
}
