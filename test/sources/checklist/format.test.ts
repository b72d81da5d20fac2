import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checklistAsList, readChecklist } from '../../../src/sources/checklist/format.ts';
import { tickListTask } from '../../../src/sources/kit/tick-list.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/checklists', name), 'utf8');
const boxes = (text: string, path: string) =>
  readChecklist(text, path)?.boxes.map(({ name, status }) => `${status}: ${name}`);
const taskOf = (text: string, path: string, isActive = false) => {
  const checklist = readChecklist(text, path);
  const times = () => ({ startedAt: null, endedAt: null });
  return (
    checklist &&
    tickListTask(checklistAsList(checklist, path), { times, lastTickAt: null, isActive, modifiedAt: 5_000 })
  );
};

const KIRO = '/home/ann/shop/.kiro/specs/catalogue/tasks.md';
const OPENSPEC = '/home/ann/shop/openspec/changes/add-fields/tasks.md';
const SPEC_KIT = '/home/ann/shop/specs/008-realtime-socket/tasks.md';
const TODO = '/home/ann/shop/TODO.md';

describe('the boxes of a checklist', () => {
  it('as Kiro writes them', () => {
    expect(boxes(fixture('kiro.md'), KIRO)).toEqual([
      'completed: 1. Read the catalogue',
      'completed: 1.1 Parse the header',
      'running: 2. Draw the shelves',
      'completed: 2.1 Measure the room',
      'pending: 2.2 Write property tests for the corners (optional)',
      'pending: 3. Checkpoint',
    ]);
  });

  it('as OpenSpec counts them', () => {
    expect(boxes(fixture('openspec.md'), OPENSPEC)).toEqual([
      'completed: 1.1 Add the fields',
      'completed: 1.2 Read files without them',
      'pending: 1.3 Reject a circle',
      'pending: 9.9 An example counts, too',
      'pending: 1.5 But this is',
    ]);
  });

  it('as spec-kit writes them, with the line ends of Windows', () => {
    expect(boxes(fixture('spec-kit.md'), SPEC_KIT)).toEqual([
      'completed: T001 Create the project',
      'completed: T002 [P] Configure the linter',
      'pending: T003 [P] [US1] Open the socket in src/socket.py',
      'skipped: T004 Talk to the old server',
    ]);
  });

  it.each([
    ['- [-] a', KIRO, ['running: a']],
    ['- [-] a', TODO, ['skipped: a']],
    ['- [-] a', OPENSPEC, undefined],
    ['- [/] a', TODO, ['running: a']],
    ['- [/] a', KIRO, undefined],
    ['- [ ]', TODO, ['pending: (no text)']],
    ['- [ ] \u001b[31mred', TODO, ['pending: red']],
    ['a [ ] b\n[x] c\n-[ ]\n', TODO, ['pending: (no text)']],
    ['# Nothing to do\n\n- a\n', TODO, undefined],
    ['', TODO, undefined],
  ])('%j in %s', (text, path, expected) => {
    expect(boxes(text, path)).toEqual(expected);
  });

  it.runIf(hasSharedFixtures).each([
    ['speckit-tasks.md', SPEC_KIT],
    ['speckit-template.md', TODO],
    ['kiro-tasks.md', KIRO],
    ['openspec-tasks-1.md', OPENSPEC],
  ])('of %s are as many as OpenSpec would count, and its marks under way', (name, path) => {
    const text = sharedFixture(`agents/markdown-checklists/${name}`);
    const counted = text.split('\n').filter((line) => /^\s*[-*]\s*\[([\sxX-])\]\s*(.*)/.test(line)).length;
    expect(counted).toBeGreaterThan(0);
    expect(boxes(text, path)).toHaveLength(counted);
  });

  it('are read from any text at all', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(KIRO, OPENSPEC, SPEC_KIT, TODO), (text, path) => {
        const task = taskOf(`${text}\n- [x] end`, path);
        expect(task?.steps.at(-1)).toMatchObject({ name: 'end', status: 'completed' });
      }),
    );
  });
});

describe('the task that a checklist is', () => {
  it.each([
    [KIRO, 'catalogue'],
    [OPENSPEC, 'add-fields'],
    ['/home/ann/shop/openspec/changes/a/b/tasks.md', 'a/b'],
    [SPEC_KIT, '008-realtime-socket'],
    ['/home/ann/008-realtime-socket/tasks.md', '008-realtime-socket'],
    [TODO, 'Things'],
  ])('%s is called %s', (path, name) => {
    expect(taskOf('# Things #\n\n- [ ] a', path)?.name).toBe(name);
  });

  it('is read fast, whatever a line contains', () => {
    const blanks = ' #'.repeat(500_000);
    expect(taskOf(`# A${blanks}x\n${blanks}\n${'- '.repeat(500_000)}\n- [ ] a`, TODO)?.name).toBe('A');
  });

  it('has the name of its file if there is no heading', () => {
    expect(taskOf('- [ ] a\n#b', TODO)).toMatchObject({ name: 'TODO.md', nativeId: 'TODO.md' });
  });

  it.each([
    ['- [x] a\n- [X] b', false, 'completed'],
    ['- [x] a\n- [X] b', true, 'completed'],
    ['- [x] a\n- [-] b', false, 'completed'],
    ['- [x] a\n- [ ] b', false, 'queued'],
    ['- [x] a\n- [ ] b', true, 'running'],
    ['- [ ] a\n- [/] b', false, 'running'],
  ])('%j, ticked lately: %s, is %s', (text, isActive, status) => {
    expect(taskOf(text, TODO, isActive)?.state.status).toBe(status);
  });
});
