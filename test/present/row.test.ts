import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../src/model/id.ts';
import type { Task } from '../../src/model/task.ts';
import { plainName, plainText, words } from '../../src/model/text.ts';
import { linesBelow } from '../../src/present/below.ts';
import { layoutColumns } from '../../src/present/columns.ts';
import { detailLines } from '../../src/present/detail.ts';
import { widthOfAll } from '../../src/present/fit.ts';
import { lineText } from '../../src/present/line.ts';
import { errorLine } from '../../src/present/now.ts';
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
const columns = layoutColumns(context.width, { hasHosts: false, hasSources: true });
const USUAL = { isSelected: false, isUnseen: false, isSettled: false };
const row = (task: Task) => lineText(taskRow(makeEntry(task), columns, context, USUAL)).trimEnd();
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
    expect(row(running)).toMatch(/make all +test .* 57%$/u);
    expect(row(running).match(/make all/gu)).toHaveLength(1);
    expect(details(running)).not.toContain('steps');
    expect(linesBelow(running)).toBe(0);
  });

  it('does not look as if it had done nothing when it failed', () => {
    const state = { status: 'failed', endedAt: 0, error: plainText('exit code 2') } as const;
    const failed = command({ state }, { status: 'failed' });
    expect(details(failed).join('\n')).not.toContain('0%');
    expect(row(failed)).toMatch(/make all +test +exit code 2/u);
  });

  it('of steps with names of their own shows where it is', () => {
    const steps = [makeStep(0, { name: plainName('link'), status: 'running' })];
    const task = makeTask('run', { name: plainName('make all'), steps });
    expect(row(task)).toMatch(/make all +test +1\/1 link .* 0%$/u);
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
    expect(row(makeTask('run', { lastLine, steps }))).toMatch(/1\/1 link/u);
    const state = { status: 'failed', endedAt: 0, error: plainText('exit code 2') } as const;
    expect(row(makeTask('run', { lastLine, state }))).toMatch(/exit 2: linking main\.o/u);
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
    lineText(taskRow(makeEntry(given), columns, { ...context, ...more }, USUAL)).trim();

  it('says their names, cut to what there is room for', () => {
    expect(rowWith(waiting({ waitsFor: [first] }))).toMatch(
      /test +waits for Set up the server \(running\)$/u,
    );
    expect(rowWith(waiting({ waitsFor: [second] }))).toContain('waits for Write the schema of the');
    expect(rowWith(waiting({ waitsFor: [first, second] }))).toContain(
      'waits for Set up the server (running) and 1 more',
    );
  });

  it('says first what it waits for in vain', () => {
    const blocked = waiting({ waitsFor: [first, second], blockedBy: [second] });
    expect(rowWith(blocked)).toMatch(/blocked by Write the schema of the messages/u);
    expect(rowWith(blocked, {})).toMatch(/test +blocked by T2$/u);
  });

  it('says its ids where nobody knows names, and what its source says where it says something', () => {
    expect(rowWith(waiting({ waitsFor: [first] }), {})).toMatch(/test +waits for T1$/u);
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
  const failed = (error: string, given: Partial<Task> = {}) =>
    makeTask('x', { state: { status: 'failed', endedAt: 0, error: plainText(error) }, ...given });

  it.each([
    ['exit code 3', 'exit code 3'],
    ['exit code 1\nStep 4/5\ncat: /etc/nope.conf: No such file', 'exit 1: cat: /etc/nope.conf: No such file'],
    ['ended by SIGKILL\nlinking', 'ended by SIGKILL: linking'],
    ['no space left on device\n  while writing', 'no space left on device …'],
    ['\n\n', ''],
  ])('%j is told as %j', (error, told) => {
    expect(errorLine(failed(error))).toBe(told);
  });

  it('is the last line that was printed, where there is nothing else', () => {
    const lastLine = plainName('killed');
    expect(errorLine(failed('exit code 137', { lastLine }))).toBe('exit 137: killed');
    expect(errorLine(makeTask('x', { state: { status: 'failed', endedAt: 0, error: null }, lastLine }))).toBe(
      'killed',
    );
  });

  it('is told over the place of the bar, and how far it came beside it', () => {
    const error = 'block 33 of 56: the checksum is another one, read it again and again and again';
    const steps = [makeStep(0, { status: 'completed' }), makeStep(1)];
    expect(row(failed(error, { steps, startedAt: -9_000 }))).toMatch(
      /block 33 of 56: the checksum is a… +50% +took 9s · just now$/u,
    );
  });
});

describe('what has ended', () => {
  const ended = (given: Partial<Task>) =>
    makeTask('x', { state: { status: 'completed', endedAt: -120_000, result: null }, ...given });

  it('has no bar, but how long it took and how long ago that was', () => {
    expect(row(ended({ startedAt: -138_000 }))).toMatch(/took 18s · 2m ago$/u);
    expect(row(ended({ startedAt: -138_000 }))).not.toMatch(/[━─%]/u);
    expect(row(ended({}))).toMatch(/ 2m ago$/u);
  });

  it('is faint as a whole, but for what is marked', () => {
    const settled = { isSelected: false, isUnseen: true, isSettled: true };
    const { segments } = taskRow(makeEntry(ended({})), columns, context, settled);
    expect(segments.every(({ look }) => look === 'faint')).toBe(true);
    expect(segments[0]).toMatchObject({ text: ' •', tone: 'strong' });
  });

  it('shows that nobody has seen it beside that it is selected, or marked', () => {
    const lead = (look: object) => {
      const whole = { isSelected: true, isUnseen: true, isSettled: true, ...look };
      return lineText(taskRow(makeEntry(ended({})), columns, context, whole)).slice(0, 4);
    };
    expect(lead({})).toBe('›•✓ ');
    expect(lead({ isMarked: true })).toBe('■•✓ ');
    expect(lead({ isUnseen: false })).toBe('› ✓ ');
  });

  it('has a long name in the room of what has nothing to say, up to the next text', () => {
    const name = words`a name that is longer than the column that it has in this list of ours`;
    const alone = layoutColumns(context.width, { hasHosts: true, hasSources: false });
    const drawn = (given: Partial<Task>) =>
      lineText(taskRow(makeEntry(ended({ name, ...given })), alone, context, USUAL));
    expect(drawn({})).toContain('a name that is longer than the column that it has');
    expect(drawn({ host: words`web-2` })).toMatch(/a name that .{0,12}… +web-2 /u);
    const said = { status: 'completed', endedAt: -1, result: words`214 pages` } as const;
    expect(drawn({ state: said })).toMatch(/a name that is longer .{0,12}… +214 pages /u);
  });

  it('says that somebody has to look at it, and at the second try that it was one', () => {
    expect(row(ended({ review: true }))).toContain('for review');
    expect(row(ended({ attempts: 2 }))).toContain('2nd try');
  });
});

describe('what is not known', () => {
  it('has no bar and no figure: a command that tells nothing, and what has not begun', () => {
    expect(row(command({}, { status: 'running' }))).not.toMatch(/[━─%]/u);
    const queued = makeTask('q', { state: { status: 'queued', reason: null }, steps: [makeStep(0)] });
    expect(row(queued)).not.toMatch(/[━─%]/u);
  });
});

describe('the selected row', () => {
  it('is in reverse as a whole, up to the edge of the screen', () => {
    const selected = taskRow(makeEntry(command({}, { status: 'running' })), columns, context, {
      ...USUAL,
      isSelected: true,
    });
    expect(selected.segments.every(({ look }) => look === 'reverse')).toBe(true);
    expect(widthOfAll(selected.segments)).toBe(context.width);
  });
});

it('wide characters in what a task says move nothing behind them', () => {
  const at = (why: string) => {
    const task = makeTask('x', { state: { status: 'needs-input', reason: plainName(why) } });
    return stringWidth(
      lineText(taskRow(makeEntry({ ...task, reportedProgress: 3 }), columns, context, USUAL)),
    );
  };
  expect(at('どのライセンス')).toBe(at('which'));
});
