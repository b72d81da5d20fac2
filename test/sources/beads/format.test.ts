import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineReader } from '../../../src/io/json-lines.ts';
import { decodeBeads } from '../../../src/sources/beads/format.ts';
import { hostileText, UNSAFE } from '../../helpers/hostile-text.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { bead, depends, lines } from './sample.ts';

const taskOf = (raw: unknown) => decodeBeads([raw]).tasks[0];
const stateOf = (status: string, more: object = {}) => taskOf(bead('bd-1', 'x', status, more))?.state;

describe('an issue', () => {
  it.each([
    ['open', { status: 'queued', reason: null }],
    ['in_progress', { status: 'running', reason: null }],
    ['hooked', { status: 'running', reason: null }],
    ['blocked', { status: 'waiting', reason: 'blocked' }],
    ['deferred', { status: 'waiting', reason: 'deferred' }],
    ['pinned', { status: 'queued', reason: 'pinned' }],
    ['closed', { status: 'completed', endedAt: Date.UTC(2026, 10, 30, 9, 0, 0, 123), result: null }],
    ['triage', { status: 'queued', reason: 'triage' }],
  ])('that is %s is %j', (status, state) => {
    expect(stateOf(status)).toEqual(state);
  });

  it('is hidden once it was deleted', () => {
    expect(decodeBeads([bead('bd-1', 'x', 'tombstone'), bead('bd-2', 'y', 'open')]).tasks).toHaveLength(1);
  });

  it('has its times, its reason, its priority and its kind, and nobody’s address', () => {
    const task = taskOf(
      bead('bd-1', 'Draw', 'closed', {
        close_reason: 'Drawn at last',
        started_at: '2026-11-30T08:00:00+01:00',
        priority: 0,
        labels: ['ui', 'door'],
        assignee: 'Bo <bo@example.org>',
        comments: [
          {
            id: 1,
            issue_id: 'bd-1',
            author: 'c@example.org',
            text: 'Look',
            created_at: '2026-11-30T08:30:00Z',
          },
        ],
      }),
    );
    expect(task).toMatchObject({
      state: { status: 'completed', result: 'Drawn at last' },
      startedAt: Date.UTC(2026, 10, 30, 7),
      updatedAt: Date.UTC(2026, 10, 30, 10, 0, 0, 500),
      priority: 0,
      labels: { type: 'task', labels: 'ui, door', assignee: 'Bo' },
      notes: [{ at: Date.UTC(2026, 10, 30, 8, 30), text: 'Look' }],
    });
    expect(JSON.stringify(task)).not.toContain('example.org');
    expect(stateOf('deferred', { defer_until: '2026-12-24T00:00:00Z' })).toMatchObject({
      reason: 'deferred until 2026-12-24',
    });
  });

  it('waits for open blockers alone, of the kinds that block', () => {
    const { tasks } = decodeBeads([
      bead('bd-1', 'a', 'open', {
        dependencies: [
          depends('bd-1', 'bd-2'),
          depends('bd-1', 'bd-3', 'waits-for'),
          depends('bd-1', 'bd-4', 'related'),
          depends('bd-1', 'bd-5', 'discovered-from'),
          depends('bd-1', 'bd-6'),
          depends('bd-1', 'external:x:y'),
        ],
      }),
      bead('bd-2', 'b', 'closed'),
      bead('bd-3', 'c', 'in_progress'),
      bead('bd-4', 'd', 'open'),
      bead('bd-5', 'e', 'open', { dependencies: [depends('bd-5', 'bd-2')] }),
      bead('bd-6', 'f', 'tombstone'),
    ]);
    expect(tasks[0]).toMatchObject({ state: { status: 'waiting' }, waitsFor: ['bd-3'] });
    expect(tasks.at(-1)?.state.status).toBe('queued');
  });

  it('has its children as steps, told by its dependencies or by their ids, in the order of their numbers', () => {
    const { tasks } = decodeBeads([
      bead('bd-1', 'epic', 'open', { issue_type: 'epic' }),
      bead('bd-1.10', 'tenth', 'open'),
      bead('bd-1.2', 'second', 'in_progress'),
      bead('bd-7', 'other', 'closed', { dependencies: [depends('bd-7', 'bd-1', 'parent-child')] }),
      bead('bd-1.3', 'gone', 'tombstone'),
    ]);
    expect(tasks[0]?.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'second running',
      'tenth pending',
      'other completed',
    ]);
    expect(tasks[3]).toMatchObject({ labels: { parent: 'bd-1' }, dependencies: [], steps: [] });
  });

  it('is read as bd prints it, too', () => {
    const task = decodeBeads([
      bead('bd-1', 'a', 'open', { dependencies: [{ id: 'bd-2', title: 'b', dependency_type: 'blocks' }] }),
      bead('bd-2', 'b', 'open', { parent: 'bd-9' }),
    ]).tasks;
    expect(task.map(({ waitsFor, labels }) => [waitsFor, labels.parent])).toEqual([
      [['bd-2'], undefined],
      [undefined, 'bd-9'],
    ]);
  });

  it('is plain text, whatever it contains, and read whatever its types are', () => {
    const any = fc.oneof(hostileText, fc.jsonValue());
    const issue = fc.record(
      Object.fromEntries(
        [
          ...Object.keys(bead('a', 'b', 'closed')),
          'dependencies',
          'comments',
          'labels',
          'assignee',
          'parent',
          'defer_until',
        ].map((key) => [key, any]),
      ),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(issue, (raw) => {
        for (const { name, labels, notes, state } of decodeBeads([{ ...raw, id: 'a' }]).tasks)
          for (const text of [
            name,
            ...Object.values(labels),
            ...('reason' in state ? [state.reason ?? ''] : []),
          ]) {
            expect(text).not.toMatch(UNSAFE);
            expect(notes.length).toBeLessThan(100);
          }
      }),
    );
  });

  it('reports oddities, and continues', () => {
    const { tasks, problem } = decodeBeads([1, {}, bead('bd-1', 'x', 'odd'), bead('bd-1', 'y', 'open')]);
    expect(tasks).toHaveLength(1);
    expect(problem?.message).toBe('issues[0] is left out: it is not a JSON object (and 3 more like this)');
  });
});

describe('the lines of a file', () => {
  it('are the same objects as before if they did not change, and broken ones are reported', () => {
    const read = createLineReader();
    const first = read(lines([bead('bd-1', 'a', 'open'), bead('bd-2', 'b', 'open')]));
    const second = read(`\uFEFF${lines([bead('bd-1', 'a', 'open'), bead('bd-2', 'b', 'closed')])}\n{"id":`);
    expect(second.issues[0]).toBe(first.issues[0]);
    expect(second).toMatchObject({ broken: [4], isCut: true });
    expect(read('x\n{}\n')).toMatchObject({ broken: [1], isCut: false });
    expect(read('')).toEqual({ issues: [], broken: [], isCut: false });
  });

  const samples = ['skyhook-issues.jsonl', 'atari-issues-extract.jsonl'];
  it.runIf(hasSharedFixtures).each(samples)('of %s are issues, wherever the file is cut', (name) => {
    const bytes = Buffer.from(sharedFixture(`agents/beads/${name}`));
    const whole = createLineReader()(bytes.toString());
    const { tasks, problem } = decodeBeads(whole.issues);
    expect([tasks.length, problem, whole.broken]).toEqual([whole.issues.length, null, []]);
    for (let at = 0; at < bytes.length; at += 1024) {
      const { issues, broken } = createLineReader()(bytes.subarray(0, at).toString());
      expect(broken.length).toBeLessThan(2);
      expect(decodeBeads(issues).tasks).toHaveLength(issues.length);
    }
  });

  it.runIf(hasSharedFixtures)('tell an epic and how far its children are', () => {
    const { issues } = createLineReader()(sharedFixture('agents/beads/skyhook-issues.jsonl').toString());
    const { tasks } = decodeBeads(issues);
    expect(tasks[0]).toMatchObject({ nativeId: 'skyhook-gld', state: { status: 'queued' } });
    expect(tasks[0]?.steps.map(({ status }) => status)).toEqual(Array(6).fill('completed'));
  });
});
