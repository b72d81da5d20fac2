import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../src/model/id.ts';
import type { Task } from '../../src/model/task.ts';
import { plainName, plainText } from '../../src/model/text.ts';
import { linesBelow } from '../../src/present/below.ts';
import { layoutColumns } from '../../src/present/columns.ts';
import { detailLines } from '../../src/present/detail.ts';
import { lineText } from '../../src/present/line.ts';
import type { RenderContext } from '../../src/present/render-context.ts';
import { taskRow } from '../../src/present/row.ts';
import { EMPTY_STATE } from '../../src/store/state.ts';
import { makeEntry, makeStep, makeTask } from '../helpers/task.ts';

const context: RenderContext = {
  nowMs: 0,
  width: 100,
  ascii: false,
  stallAfterMs: 30_000,
  estimate: () => null,
};
const columns = layoutColumns(context.width, { name: 20, source: 4 });
const row = (task: Task) => lineText(taskRow(makeEntry(task), columns, context, false)).trimEnd();
const details = (task: Task) => detailLines(makeEntry(task), EMPTY_STATE, context).map(lineText);

/** What `taskglass run -- make all` reports: one step of the command's own name. */
const command = (given: Partial<Task>, step: Parameters<typeof makeStep>[1]) =>
  makeTask('run', {
    name: plainName('make all'),
    steps: [makeStep(0, { name: plainName('make all'), ...step })],
    ...given,
  });

describe('a command that was run', () => {
  it('is named once while it runs', () => {
    const running = command({}, { status: 'running', progress: 57 });
    expect(row(running)).toMatch(/make all .* 57% +test$/u);
    expect(row(running).match(/make all/gu)).toHaveLength(1);
    expect(details(running)).not.toContain('steps');
    expect(linesBelow(running)).toBe(0);
  });

  it('does not look as if it had done nothing when it failed', () => {
    const state = { status: 'failed', endedAt: 0, error: plainText('exit code 2') } as const;
    const failed = command({ state }, { status: 'failed' });
    expect(details(failed).join('\n')).not.toContain('0%');
    expect(row(failed)).toMatch(/make all +exit code 2/u);
  });

  it('of steps with names of their own shows where it is', () => {
    const steps = [makeStep(0, { name: plainName('link'), status: 'running' })];
    const task = makeTask('run', { name: plainName('make all'), steps });
    expect(row(task)).toMatch(/make all .* 0% +1\/1 +link/u);
    expect(details(task)).toContain('steps');
  });
});

describe('what was printed last', () => {
  const lastLine = plainName('linking main.o');

  it('is told where there is nothing better', () => {
    expect(row(makeTask('run', { lastLine }))).toMatch(/linking main\.o/u);
    const state = { status: 'completed', endedAt: 0, result: null } as const;
    expect(row(makeTask('run', { lastLine, state }))).toMatch(/linking main\.o/u);
  });

  it('gives way to the step, and to what went wrong', () => {
    const steps = [makeStep(0, { name: plainName('link'), status: 'running' })];
    expect(row(makeTask('run', { lastLine, steps }))).toMatch(/1\/1 +link/u);
    const state = { status: 'failed', endedAt: 0, error: plainText('exit code 2') } as const;
    expect(row(makeTask('run', { lastLine, state }))).toMatch(/exit code 2/u);
  });
});

describe('a task that waits for others', () => {
  const [first, second] = [makeTask('T1').id, makeTask('T2').id];
  const waiting = (given: Partial<Task>) =>
    makeTask('c', { state: { status: 'waiting', reason: null }, ...given });
  const names = new Map([
    [first, 'Set up the server (running)'],
    [second, 'Write the schema of the messages (queued)'],
  ]);
  const nameTask = (id: TaskId) => plainName(names.get(id) ?? id);
  const rowWith = (given: Task, more: Partial<RenderContext> = { nameTask }) =>
    lineText(taskRow(makeEntry(given), columns, { ...context, ...more }, false)).trim();

  it('says their names, cut to what there is room for', () => {
    expect(rowWith(waiting({ waitsFor: [first] }))).toMatch(
      /waits for Set up the server \(running\) +test$/u,
    );
    expect(rowWith(waiting({ waitsFor: [second] }))).toContain('waits for Write the schema of the');
    expect(rowWith(waiting({ waitsFor: [first, second] }))).toContain(
      'waits for Set up the server (running) and 1 more',
    );
  });

  it('says first what it waits for in vain', () => {
    const blocked = waiting({ waitsFor: [first, second], blockedBy: [second] });
    expect(rowWith(blocked)).toMatch(/blocked by Write the schema of the messages/u);
    expect(rowWith(blocked, {})).toMatch(/blocked by T2 +test$/u);
  });

  it('says its ids where nobody knows names, and what its source says where it says something', () => {
    expect(rowWith(waiting({ waitsFor: [first] }), {})).toMatch(/waits for T1 +test$/u);
    const told = waiting({
      waitsFor: [first],
      state: { status: 'waiting', reason: plainName('waits for a key') },
    });
    expect(rowWith(told)).toContain('waits for a key');
  });

  it('says nothing of it any more once it has begun', () => {
    const begun = waiting({ waitsFor: [first], state: { status: 'running', reason: null } });
    expect(rowWith(begun)).not.toContain('waits');
  });
});

describe('what went wrong', () => {
  const error = plainText('block 33 of 56: the checksum is another one, read it again');
  const steps = [makeStep(0, { status: 'completed' }), makeStep(1)];

  it('is told as far as the place of the end reaches, which a failed task has not', () => {
    const failed = makeTask('x', { state: { status: 'failed', endedAt: 0, error }, steps });
    expect(row(failed)).toMatch(/50% +1\/2 +block 33 of 56: the checksum is another o… test$/u);
  });

  it('leaves the columns of other rows as they are', () => {
    const state = { status: 'completed', endedAt: 9_000, result: error } as const;
    const completed = makeTask('x', { state, startedAt: 0, steps });
    expect(row(completed)).toMatch(/block 33 of 56: the chec… +took 9s test$/u);
    expect(row(completed).indexOf('block')).toBe(
      row(makeTask('x', { state: { status: 'failed', endedAt: 0, error }, steps })).indexOf('block'),
    );
  });
});

it('wide characters in what a task says move nothing behind them', () => {
  const at = (why: string) => {
    const task = makeTask('x', { state: { status: 'needs-input', reason: plainName(why) } });
    return stringWidth(row(task));
  };
  expect(at('どのライセンス')).toBe(at('which'));
});
