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
/** One row with a sign is a spinner. */
const LEAST_ROWS = 2;

/**
 * Reads rows that are drawn as a list of tasks, each with a sign; the lines below a task are its own, and may tell more.
 * Ticks alone are no list: something of it must have been to do once.
 */
export function createChecklistReader(): (lines: readonly OutputLine[]) => Found | null {
  let names: readonly string[] = [];
  return (lines) => {
    const tasks = tasksIn(lines);
    const isOpen = tasks.some(({ status }) => status === 'running' || status === 'pending');
    const isKnown = tasks.some(({ name }) => names.includes(name));
    if (tasks.length < LEAST_ROWS || !(isOpen || isKnown)) return null;
    names = tasks.map(({ name }) => name);
    return { kind: 'steps', steps: tasks };
  };
}

function tasksIn(lines: readonly OutputLine[]): FoundStep[] {
  const rows = lines.flatMap((line) => readRow(line) ?? []);
  const indent = Math.min(...rows.map((row) => row.indent));
  const tasks = rows.filter((row) => row.indent === indent);
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
    .replace(/\s*(?:\[[\d.]+m?s\]|\(?\d[\d.]*m?s\)?|\[SKIPPED.*\])\s*$/u, '')
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
