import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/model/task.ts';
import { plainName, plainText } from '../../src/model/text.ts';
import { linesBelow } from '../../src/present/below.ts';
import { layoutColumns } from '../../src/present/columns.ts';
import { detailLines } from '../../src/present/detail.ts';
import { lineText } from '../../src/present/line.ts';
import type { Look } from '../../src/present/look.ts';
import { taskRow } from '../../src/present/row.ts';
import { EMPTY_STATE } from '../../src/store/state.ts';
import { makeEntry, makeStep, makeTask } from '../helpers/task.ts';

const look: Look = { nowMs: 0, width: 100, ascii: false, stallAfterMs: 30_000, estimate: () => null };
const columns = layoutColumns(look.width, { name: 20, source: 4 });
const row = (task: Task) => lineText(taskRow(makeEntry(task), columns, look, false)).trimEnd();
const details = (task: Task) => detailLines(makeEntry(task), EMPTY_STATE, look).map(lineText);

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
    expect(row(task)).toMatch(/make all .* 0% +0\/1 +link/u);
    expect(details(task)).toContain('steps');
  });
});
