import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/io/json-text.ts';
import { detectFileFormat, detectFormat, rankFormats } from '../../../src/sources/open/detect.ts';
import { hasSharedFixtures, sharedFixturePath } from '../../helpers/shared-fixtures.ts';
import { TAGGED, task } from '../task-master/sample.ts';

const OWN = join(import.meta.dirname, '../../fixtures');

/** What each recorded file is that is a source by itself, by the beginning of its path; all others are nobody's. */
const EXPECTED: readonly (readonly [string, string])[] = [
  ['agents/task-master/upstream-tasks.json', 'task-master'],
  ['agents/task-master/expense-analyser-tasks.json', 'task-master'],
  ['agents/markdown-checklists/kiro-tasks.md', 'checklist'],
  ['agents/markdown-checklists/openspec-tasks-1.md', 'checklist'],
  ['agents/markdown-checklists/speckit-tasks.md', 'checklist'],
  ['agents/markdown-checklists/speckit-template.md', 'checklist'],
  ['agents/beads/atari-issues-extract.jsonl', 'beads'],
  ['agents/beads/skyhook-issues.jsonl', 'beads'],
  ['agents/ralph-prd/prd.json.example', 'feature-list'],
  ['checklists/', 'checklist'],
  ['feature-lists/', 'feature-list'],
  ['gutpunch/', 'job-runs'],
  ['hyve/', 'dashboard-state'],
  ['jetbox/', 'task-breakdown'],
  ['maestro/data-final/tasks/', 'sessions'],
  ['maestro/http-get-tasks.json', 'sessions'],
  ['package/state.json', 'dashboard-state'],
  ['story.ndjson', 'dashboard-state'],
];

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function expectedOf(path: string): string | null {
  return EXPECTED.find(([start]) => path.startsWith(start))?.[1] ?? null;
}

describe('whose a file is', () => {
  const roots = hasSharedFixtures ? [OWN, sharedFixturePath('.')] : [OWN];

  it.each(roots)('has one answer for each file there is in %s', async (root) => {
    const files = filesBelow(root).map((path) => relative(root, path));
    const found: Record<string, string | null> = {};
    for (const path of files) found[path] = await detectFileFormat(join(root, path));
    expect(found).toEqual(Object.fromEntries(files.map((path) => [path, expectedOf(path)])));
  });

  it.each(roots)('is never claimed by two equally: %s', (root) => {
    const contested = filesBelow(root).filter((path) => {
      const parsed = path.endsWith('.json') ? parseJson(readFileSync(path, 'utf8')) : null;
      if (!parsed || !('value' in parsed)) return false;
      const ranks = [...rankFormats(parsed.value, path).values()].sort().reverse();
      return (ranks[0] ?? 0) > 0 && ranks[0] === ranks[1];
    });
    expect(contested.map((path) => basename(path))).toEqual([]);
  });

  const PLACE = '/home/ann/shop/.taskmaster/tasks/tasks.json';
  const OLD_PLACE = '/home/ann/shop/tasks/tasks.json';
  const ELSEWHERE = '/home/ann/shop/plan.json';
  const BOARD = '/home/ann/shop/.taskglass/board.json';
  const bare = (status: string) => ({ tasks: [{ id: 1, title: 'x', status }] });

  it.each([
    ['the program’s own place', PLACE, TAGGED, 'task-master'],
    ['its older place', OLD_PLACE, TAGGED, 'task-master'],
    ['a copy elsewhere', ELSEWHERE, TAGGED, 'task-master'],
    ['a list without tags', ELSEWHERE, { tasks: [task(1, 'x', 'pending')], metadata: {} }, 'task-master'],
    ['a list that is all cancelled', ELSEWHERE, { tasks: [task(1, 'x', 'cancelled')] }, 'task-master'],
    ['a list in progress', ELSEWHERE, { tasks: [task(1, 'x', 'in-progress')] }, 'task-master'],
    ['an empty list at its place', PLACE, { master: { tasks: [] } }, 'task-master'],
    ['an empty one elsewhere', ELSEWHERE, { master: { tasks: [], metadata: {} } }, 'task-master'],
    ['little, at its older place', OLD_PLACE, bare('pending'), 'task-master'],
    ['a board at the older place', OLD_PLACE, bare('todo'), 'sessions'],
    ['little, at its place', PLACE, bare('pending'), 'task-master'],
    ['a board that is all completed, at a board’s place', BOARD, bare('completed'), 'sessions'],
    ['a board’s words', ELSEWHERE, bare('todo'), 'sessions'],
    ['a title and one known status', ELSEWHERE, bare('completed'), null],
    ['a title and another known status', ELSEWHERE, bare('cancelled'), null],
    ['a title and a status of nobody’s', ELSEWHERE, bare('pending'), null],
    ['a board’s word among another program’s', ELSEWHERE, { tasks: [task(1, 'x', 'todo')] }, null],
    ['two tasks, one with a word that no board has', ELSEWHERE, mixed(), null],
    ['a list of lists of no tasks', ELSEWHERE, { a: { tasks: [] }, b: { tasks: [1] } }, null],
  ])('%s', (_, path, document, format) => {
    expect(detectFormat(document, path)).toBe(format);
  });

  function mixed() {
    const one = (id: number, status: string) => ({ id, title: 'x', status });
    return { tasks: [one(1, 'todo'), one(2, 'deferred')] };
  }
});
