import { describe, expect, it } from 'vitest';
import { decodeTaskMaster } from '../../../src/sources/task-master/format.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { TAGGED, task } from './sample.ts';

const read = (document: unknown, tag: string | null = null) => {
  const reading = decodeTaskMaster(document, tag);
  return { ...reading, byId: Object.fromEntries(reading?.tasks.map((one) => [one.nativeId, one]) ?? []) };
};
const statuses = (document: unknown, tag: string | null = null) =>
  decodeTaskMaster(document, tag)?.tasks.map(({ nativeId, state }) => `${nativeId} ${state.status}`);

describe('a task-master file', () => {
  it('shows each status in the one vocabulary', () => {
    expect(statuses(TAGGED)).toEqual([
      '1 completed',
      '2 running',
      '3 waiting',
      '4 queued',
      '5 waiting',
      '6 needs-input',
      '7 waiting',
      '8 waiting',
      '9 cancelled',
      '10 completed',
      '11 waiting',
    ]);
  });

  it('waits for the open ones of its dependencies, subtasks among them', () => {
    const { byId } = read(TAGGED);
    expect(byId['3']).toMatchObject({ dependencies: ['1', '2'], waitsFor: ['2'] });
    expect(byId['4']).not.toHaveProperty('waitsFor');
    expect(byId['5']).toMatchObject({ dependencies: ['2'], waitsFor: ['2'] });
    expect(byId['11']).toMatchObject({ waitsFor: ['9'], blockedBy: ['9'] });
  });

  it('has its subtasks as steps', () => {
    const { steps, labels, priority } = read(TAGGED).byId['2'] ?? {};
    expect(steps?.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'Tokens completed',
      'Tree running',
      'Old grammar skipped',
      'Errors pending',
    ]);
    expect(labels).toEqual({ tag: 'master', priority: 'critical', complexity: '7' });
    expect(priority).toBe(0);
  });

  it.each([
    ['the current tag', 'loop', 'loop'],
    ['master where the current one is gone', 'gone', 'master'],
    ['master where none is noted', null, 'master'],
  ])('shows %s', (_, current, shown) => {
    expect(read(TAGGED, current).tag).toBe(shown);
  });

  it('shows the first tag where there is no master', () => {
    expect(read({ loop: TAGGED.loop, other: { tasks: [] } }).tag).toBe('loop');
  });

  it('may have no tags, and beside its tasks some metadata', () => {
    expect(statuses({ tasks: [task(1, 'x', 'pending')], metadata: {} }, 'loop')).toEqual(['1 queued']);
  });

  it('survives anything', () => {
    for (const document of [null, 5, 'x', [], {}, { tasks: {} }, { master: { tasks: 3 } }])
      expect(decodeTaskMaster(document, null)).toBeNull();
    const odd = { tasks: [3, null, { title: 'no id' }, { id: 1 }, { id: 2, status: 'on the moon' }] };
    const { tasks, problem } = read(odd);
    expect(tasks?.map(({ name, state }) => [name, state.status])).toEqual([
      ['1', 'queued'],
      ['2', 'queued'],
    ]);
    expect(problem).not.toBeNull();
    const wild = { tasks: [{ id: 1, dependencies: [{}, null, ''], subtasks: [1, null, {}], status: 7 }] };
    expect(read(wild).byId['1']).toMatchObject({ dependencies: [], steps: [{ name: 'subtask 1' }] });
  });

  it.runIf(hasSharedFixtures)('is read whole where a real program wrote it', () => {
    const upstream = JSON.parse(sharedFixture('agents/task-master/upstream-tasks.json'));
    const { currentTag } = JSON.parse(sharedFixture('agents/task-master/upstream-state.json'));
    const loop = decodeTaskMaster(upstream, currentTag);
    expect([loop?.tag, loop?.tasks.length, loop?.problem]).toEqual(['loop', 18, null]);
    expect(loop?.tasks.flatMap(({ steps }) => steps)).toHaveLength(70);
    expect(decodeTaskMaster(upstream, 'master')).toMatchObject({ problem: null });
    expect(decodeTaskMaster(upstream, 'tm-core-phase-1')).toMatchObject({ problem: null });
  });
});
