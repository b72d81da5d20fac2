import { hasEnded } from '../model/task.ts';
import { type FilterTerm, readFilter } from './filter-syntax.ts';
import { type IsSeen, NOT_SEEN, needsPerson } from './place.ts';
import type { TaskEntry } from './state.ts';

/** Tells whether a task passes. */
export type Filter = (entry: TaskEntry) => boolean;

/**
 * Parses a filter, ignoring case. Adjacent terms must all hold; of `a | b` (or `a OR b`) at least one, so `a b | c` is
 * `a (b | c)`. `-a` must not hold. `"two words"` is one text, and parentheses group. A plain text is searched for in name, id,
 * labels and the user's status; `status:`, `source:`, `name:`, `id:`, `host:`, `cwd:`, `repo:` and `label:` search one field,
 * and may be followed by a group: `status:(failed | waiting)`. `is:` takes `needs-you`, `review`, `ended` or `open`; `isSeen`
 * tells which failures and reviews somebody has looked at. Every text is valid, so a filter can be applied as it is typed.
 */
export function parseFilter(expression: string, isSeen: IsSeen = NOT_SEEN): Filter {
  return compile(readFilter(expression, FIELD_NAMES), isSeen);
}

function compile(term: FilterTerm, isSeen: IsSeen): Filter {
  if (term.kind === 'text') return textFilter(term, isSeen);
  if (term.kind === 'not') {
    const positive = compile(term.of, isSeen);
    return (entry) => !positive(entry);
  }
  const parts = term.of.map((each) => compile(each, isSeen));
  return term.kind === 'all'
    ? (entry) => parts.every((part) => part(entry))
    : (entry) => parts.some((part) => part(entry));
}

function textFilter({ field, text }: FilterTerm & { kind: 'text' }, isSeen: IsSeen): Filter {
  const look = field === null ? undefined : FIELDS.get(field);
  if (!look) return (entry) => anywhere(entry, text);
  return (entry) => look(entry, isSeen).some((each) => contains(each, text));
}

const FIELDS: ReadonlyMap<string, (entry: TaskEntry, isSeen: IsSeen) => readonly string[]> = new Map([
  ['status', ({ task }) => [task.state.status]],
  ['source', ({ task }) => [task.source]],
  ['name', ({ task }) => [task.name]],
  ['id', ({ task }) => [task.id]],
  ['host', ({ task }) => [task.host ?? '']],
  ['cwd', ({ task }) => [task.cwd ?? '']],
  ['repo', ({ task }) => [task.repo ?? '']],
  ['label', ({ task }) => Object.entries(task.labels).map(([key, value]) => `${key}=${value}`)],
  ['is', standing],
]);
const FIELD_NAMES: ReadonlySet<string> = new Set(FIELDS.keys());

/** Returns the words that match a task after `is:`. */
function standing(entry: TaskEntry, isSeen: IsSeen): string[] {
  return [
    hasEnded(entry.task.state.status) ? 'ended' : 'open',
    ...(needsPerson(entry, isSeen) ? ['needs-you'] : []),
    ...(entry.task.review ? ['review'] : []),
  ];
}

function anywhere({ task }: TaskEntry, word: string): boolean {
  return (
    contains(task.name, word) ||
    contains(task.id, word) ||
    contains(task.userStatus ?? '', word) ||
    Object.values(task.labels).some((text) => contains(text, word))
  );
}

function contains(text: string, word: string): boolean {
  return text.toLowerCase().includes(word);
}
