import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/model/task.ts';
import { plainName } from '../../src/model/text.ts';
import { layoutColumns } from '../../src/present/columns.ts';
import { detailLines } from '../../src/present/detail.ts';
import { lineText, NEVER } from '../../src/present/line.ts';
import type { RenderContext } from '../../src/present/render-context.ts';
import { stepRows } from '../../src/present/steps.ts';
import { EMPTY_STATE } from '../../src/store/state.ts';
import { makeEntry, makeStep, makeTask } from '../helpers/task.ts';

const M = 60_000;
const context: RenderContext = {
  nowMs: 60 * M,
  width: 100,
  ascii: false,
  stallAfterMs: 30_000,
  estimate: () => null,
};
const columns = layoutColumns(context.width, { hasHosts: false, hasSources: false });
const longName = plainName('Load the data into the warehouse');
const rowsOf = (...steps: Step[]) =>
  stepRows(makeEntry(makeTask('x', { steps })), columns, context, 9).map((each) => lineText(each).trimEnd());

describe('the steps below a row', () => {
  it('are named in full where no figures stand beside them', () => {
    expect(rowsOf(makeStep(0, { name: longName }))).toEqual([`    ○ ${longName}`]);
  });

  it('have their times below each other, with figures and without', () => {
    const times = { startedAt: 50 * M, endedAt: 53 * M };
    const done = makeStep(0, { name: longName, status: 'completed', ...times });
    const running = makeStep(1, { name: longName, status: 'running', startedAt: 53 * M, progress: 40 });
    const [above = '', below = ''] = rowsOf(done, running);
    expect(above).toMatch(/✓ Load the data into the warehouse {2,}3m00s$/u);
    expect(below).toMatch(/⠋ Load the data int… +━+─+ +40% +7m$/u);
    expect(above).toHaveLength(below.length);
  });
});

describe('a step that was under way when its task ended', () => {
  const step = makeStep(0, { status: 'running', startedAt: 50 * M, progress: 85 });
  const state = { status: 'cancelled', reason: null, endedAt: 52 * M } as const;
  const entry = makeEntry(makeTask('x', { state, steps: [step] }), { newsCount: 3 });

  it('stands still, with the sign of the task and the time it had', () => {
    const rows = stepRows(entry, columns, context, 9);
    expect(rows.map(lineText)).toEqual([expect.stringMatching(/⊘ step 1 .*85% +2m00s *$/u)]);
    expect(rows.map(({ until }) => until)).toEqual([NEVER]);
    expect(detailLines(entry, EMPTY_STATE, context).map(lineText).join('\n')).toMatch(
      /⊘ step 1 +2m00s +85%/u,
    );
  });
});
