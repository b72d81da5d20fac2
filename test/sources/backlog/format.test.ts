import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBacklog, readStatuses, readTaskFile } from '../../../src/sources/backlog/format.ts';
import { USUAL_STATUSES } from '../../../src/sources/backlog/statuses.ts';
import { hostileText, UNSAFE } from '../../helpers/hostile-text.ts';
import { hasSharedFixtures, sharedFixturePath } from '../../helpers/shared-fixtures.ts';
import { criteria, SETTINGS, taskFile } from './sample.ts';

function decode(texts: Readonly<Record<string, string>>, statuses: readonly string[] = USUAL_STATUSES) {
  const files = Object.entries(texts).flatMap(([name, text]) => readTaskFile(name, text) ?? []);
  return decodeBacklog(files, statuses);
}

function taskOf(text: string, statuses?: readonly string[]) {
  const [task] = decode({ 'task-1 - x.md': text }, statuses).tasks;
  return task;
}

describe('a task of a backlog', () => {
  it('has what its front matter says, and its acceptance criteria as steps', () => {
    const list = criteria('x One shelf', '  Two shelves', 'X Three');
    const body = `## Description\n\n- [ ] no criterion\n\n${list}\n## Notes\n\n- [ ] nor this\n`;
    const front = 'updated_date: 2026-11-30 05:20\nlabels:\n  - ui\n  - door\npriority: high\nmilestone: m-1';
    expect(taskOf(taskFile('TASK-1', 'Draw: the "shelves"', 'In Progress', { front, body }))).toMatchObject({
      nativeId: 'TASK-1',
      name: 'Draw: the "shelves"',
      state: { status: 'running', reason: null },
      updatedAt: Date.UTC(2026, 10, 30, 5, 20),
      priority: 1,
      labels: { priority: 'high', labels: 'ui, door', milestone: 'm-1' },
      steps: [
        { name: 'One shelf', status: 'completed' },
        { name: 'Two shelves', status: 'pending' },
        { name: 'Three', status: 'completed' },
      ],
    });
  });

  it.each([
    ['To Do', 'queued', null],
    ['"Done"', 'completed', undefined],
    ["'In Progress'", 'running', null],
    ['in progress', 'running', null],
    ['Blocked', 'waiting', 'Blocked'],
    ['Somewhere', 'queued', 'Somewhere'],
    ['', 'queued', null],
  ])('with the status %s is %s', (word, status, reason) => {
    const state = taskOf(taskFile('TASK-1', 'x', word))?.state;
    expect(state).toMatchObject(reason === undefined ? { status } : { status, reason });
  });

  it.each([
    ['Ideas', 'queued'],
    ['Doing', 'running'],
    ['Review', 'running'],
    ['Blocked', 'waiting'],
    ['Shipped', 'completed'],
  ])('on a board with columns of its own, in %s, is %s', (word, status) => {
    const statuses = ['Ideas', 'Doing', 'Review', 'Blocked', 'Shipped'];
    expect(taskOf(taskFile('TASK-1', 'x', word), statuses)?.state.status).toBe(status);
  });

  it('waits for its dependencies, however their ids are written, and not for what is not on the board', () => {
    const front = 'dependencies:\n  - task-2\n  - BACK-03\n  - task-9';
    const { tasks } = decode({
      'a.md': taskFile('BACK-1', 'a', 'To Do', { front }),
      'b.md': taskFile('BACK-2', 'b', 'To Do'),
      'c.md': taskFile('back-3', 'c', 'Done'),
    });
    expect(tasks[0]).toMatchObject({
      state: { status: 'waiting' },
      dependencies: ['BACK-2', 'back-3', 'task-9'],
      waitsFor: ['BACK-2'],
    });
    expect(tasks[1]?.state.status).toBe('queued');
  });

  it('shows nobody’s address', () => {
    const front = 'reporter: Bo <bo@example.org>';
    const text = taskFile('T-1', 'x', 'To Do', { front });
    const task = taskOf(text.replace('assignee: []', 'assignee: [@ann, "bo@example.org"]'));
    expect(task?.labels.assignee).toBe('@ann');
    expect(JSON.stringify(task)).not.toContain('example.org');
    expect(taskOf(text.replace('assignee: []', 'assignee: @ann'))?.labels.assignee).toBe('@ann');
  });

  it('reports oddities: a word that is not a column, an id that is used twice', () => {
    const { problem } = decode({ 'a.md': taskFile('T-1', 'x', 'Odd'), 'b.md': taskFile('T-1', 'y', 'Done') });
    expect(problem?.message).toBe('tasks[0]: unknown status "Odd": shown as queued (and 1 more like this)');
  });

  it('is read as far as YAML goes: what breaks it, expands or is too deep does no harm', () => {
    const bomb = `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: [*a, *a]`).join('\n')}`;
    const deep = `a: ${'['.repeat(20_000)}`;
    for (const front of [bomb, deep, 'a: [', 'a: "', '\tb: c', '? - : -', `a: ${'x'.repeat(70_000)}`])
      expect(() => taskOf(taskFile('T-1', 'x', 'To Do', { front }))).not.toThrow();
    for (const text of [
      '',
      '---',
      '---\n---\n',
      '---\n- a\n---\n',
      'id: T-1',
      '---\nid: []\ntitle: {}\n---\n',
    ])
      expect(readTaskFile('task-1 - x.md', text)).toBeNull();
  });

  it('is plain text, whatever the file contains', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (any, hostile) => {
        const front = `labels: [${JSON.stringify(hostile)}]\nassignee: ${any}`;
        const body = criteria(`  ${hostile}`, `x ${any}`);
        const text = taskFile(JSON.stringify(hostile), any, JSON.stringify(any), { front, body });
        for (const { name, labels, steps } of decode({ 'task-1 - x.md': text }).tasks) {
          for (const shown of [name, ...Object.values(labels), ...steps.map((step) => step.name)])
            expect(shown).not.toMatch(UNSAFE);
        }
      }),
    );
  });
});

describe('the columns of a board', () => {
  it.each([
    [SETTINGS, ['To Do', 'In Progress', 'Done']],
    ['statuses:\n  - Ideas\n  - "Shipped"\n', ['Ideas', 'Shipped']],
    ['statuses: []', USUAL_STATUSES],
    ['', USUAL_STATUSES],
    ['[', USUAL_STATUSES],
  ])('of %j are %j', (settings, statuses) => {
    expect(readStatuses(settings)).toEqual(statuses);
  });
});

describe.runIf(hasSharedFixtures)('the recorded backlog', () => {
  const directory = sharedFixturePath('agents/backlog-md');
  const names = hasSharedFixtures ? readdirSync(directory).filter((name) => name.endsWith('.md')) : [];
  const textIn = (name: string) => readFileSync(join(directory, name), 'utf8');

  it('is read', () => {
    const { tasks, problem } = decode(
      Object.fromEntries(names.sort().map((name) => [name, textIn(name)])),
      readStatuses(textIn('config.yml')),
    );
    expect(problem).toBeNull();
    expect(tasks.map(({ nativeId, state, steps }) => [nativeId, state.status, steps.length])).toEqual([
      ['BACK-1', 'completed', 5],
      ['BACK-200', 'queued', 8],
      ['BACK-4.5', 'completed', 4],
    ]);
  });

  it.each(names)('is read wherever it is cut: %s', (name) => {
    const text = textIn(name);
    for (let at = 0; at < text.length; at += 256) expect(() => taskOf(text.slice(0, at))).not.toThrow();
  });
});
