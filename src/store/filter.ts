import type { TaskEntry } from './state.ts';

/** Does a task pass the filter? */
export type Filter = (entry: TaskEntry) => boolean;

const PASS_ALL: Filter = () => true;

/**
 * Reads a filter: words parted by blanks, all of which must hold. A plain word is looked for in name, id, source, labels
 * and the user's status, ignoring case; `status:failed`, `source:demo`, `name:x`, `label:x`, `host:x`, `cwd:x` look in one
 * place; `-word` must not hold. Any text is a filter, so that it can be applied while it is typed.
 */
export function parseFilter(expression: string): Filter {
  const terms = expression
    .trim()
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '' && word !== '-')
    .map(parseTerm);
  return terms.length === 0 ? PASS_ALL : (entry) => terms.every((term) => term(entry));
}

function parseTerm(word: string): Filter {
  if (word.startsWith('-')) {
    const positive = parseTerm(word.slice(1));
    return (entry) => !positive(entry);
  }
  const [field = '', ...rest] = word.split(':');
  const wanted = rest.join(':');
  const look = rest.length > 0 ? FIELDS[field] : undefined;
  return look
    ? (entry) => look(entry).some((text) => contains(text, wanted))
    : (entry) => anywhere(entry, word);
}

const FIELDS: Record<string, ((entry: TaskEntry) => readonly string[]) | undefined> = {
  status: ({ task }) => [task.state.status],
  source: ({ task }) => [task.source],
  name: ({ task }) => [task.name],
  id: ({ task }) => [task.id],
  host: ({ task }) => [task.host ?? ''],
  cwd: ({ task }) => [task.cwd ?? ''],
  label: ({ task }) => Object.entries(task.labels).map(([key, value]) => `${key}=${value}`),
};

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
