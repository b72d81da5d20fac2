import type { Found, FoundStep, OutputLine } from './found.ts';
import { readText } from './text/read-text.ts';

/** Signs before a task's name, as listr2, tasuku, ora, docker compose and others draw them. */
const SIGNS: readonly [RegExp, FoundStep['status']][] = [
  [/^[✔✓√☑✅]/u, 'completed'],
  [/^[✖✗✘×☒❌]/u, 'failed'],
  [/^[⠁-⣿◐◓◑◒◴◷◶◵❯◜◝◞◟⣾]/u, 'running'],
  [/^[◼☐○◯□▢⧖]/u, 'pending'],
  [/^[↓⊘]/u, 'completed'],
];
/** A single row with a sign is a spinner. */
const LEAST_ROWS = 2;
/** A task that listr has not begun has no sign, only its name, in the column of the others' names. */
const UNSIGNED = /^\s+(?=[\p{L}\p{N}'"(])/u;
/** A line of listr's running task; whatever follows it in the column of names is a task that has not begun. */
const OWN_LINE = /^\s*→\s/u;

interface Row {
  readonly line: OutputLine;
  readonly name: string;
  readonly status: FoundStep['status'];
}

/**
 * Reads rows that are drawn as a list of tasks, each with a sign. The lines below a task belong to it, and may say more. A list
 * of nothing but ticks does not count: some of it must have been open once. Rows without a sign at the end of a list are tasks
 * to come once one of them has got a sign.
 */
export function createChecklistReader(): (lines: readonly OutputLine[]) => Found | null {
  let names: readonly string[] = [];
  let unsignedNames: readonly string[] = [];
  let hasUnsigned = false;
  return (lines) => {
    const { signed, unsigned } = rowsIn(lines);
    hasUnsigned ||=
      signed.some(({ name }) => unsignedNames.includes(name)) || isBelowOwnLine(lines, unsigned);
    unsignedNames = unsigned.map(({ name }) => name);
    const tasks = stepsOf(hasUnsigned ? [...signed, ...unsigned] : signed, lines);
    const isOpen = tasks.some(({ status }) => status === 'running' || status === 'pending');
    const isKnown = tasks.some(({ name }) => names.includes(name));
    if (tasks.length < LEAST_ROWS || !(isOpen || isKnown)) return null;
    names = tasks.map(({ name }) => name);
    return { kind: 'steps', steps: tasks };
  };
}

/** Finds the tasks of the list itself, not those of lists inside it; `unsigned` are the rows that may be tasks to come. */
function rowsIn(lines: readonly OutputLine[]): { signed: readonly Row[]; unsigned: readonly Row[] } {
  const rows = lines.flatMap((line) => readRow(line) ?? []);
  const indent = Math.min(...rows.map((row) => row.indent));
  const signed = rows.filter((row) => row.indent === indent);
  const last = signed.at(-1);
  if (!last) return { signed, unsigned: [] };
  const behind = lines.slice(lines.indexOf(last.line) + 1);
  const unsigned = behind.filter(
    ({ text }) => UNSIGNED.exec(text)?.[0].length === last.line.text.indexOf(last.name),
  );
  return {
    signed,
    unsigned: unsigned.map((line) => ({ line, name: line.text.trim(), status: 'pending' })),
  };
}

/** Tells whether the first of the rows follows a line of a task. */
function isBelowOwnLine(lines: readonly OutputLine[], [first]: readonly Row[]): boolean {
  const above = first && lines[lines.indexOf(first.line) - 1];
  return above !== undefined && OWN_LINE.test(above.text);
}

function stepsOf(tasks: readonly Row[], lines: readonly OutputLine[]): FoundStep[] {
  return tasks.map(({ name, status, line }, index) => {
    if (status !== 'running') return { name, status, percent: null };
    const next = tasks[index + 1]?.line;
    const own = lines.slice(lines.indexOf(line), next ? lines.indexOf(next) : lines.length);
    return { name, status, percent: percentIn(own) };
  });
}

function readRow(line: OutputLine) {
  const text = line.text.trimStart();
  const status = SIGNS.find(([sign]) => sign.test(text))?.[1];
  const name = text
    .replace(/^\S+\s+/u, '')
    .replace(/\s*(?:\[[\d.]+m?s\]|\(?\d[\d.]*m?s\)?|\[skipped.*\])\s*$/iu, '')
    .trim();
  return status && /^\S+\s+\S/u.test(text)
    ? { line, name, status, indent: line.text.length - text.length }
    : null;
}

function percentIn(lines: readonly OutputLine[]): number | null {
  for (const line of lines.toReversed()) {
    const found = readText(line);
    if (found?.kind === 'percent') return found.percent;
    if (found?.kind === 'count') return (found.done / found.total) * 100;
  }
  return null;
}
