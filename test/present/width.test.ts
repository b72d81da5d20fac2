import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { TASK_STATUSES, type TaskState } from '../../src/model/task.ts';
import { plainName, plainText } from '../../src/model/text.ts';
import { rowsBelow } from '../../src/present/below.ts';
import { layoutColumns, PARTS } from '../../src/present/columns.ts';
import { lineText } from '../../src/present/line.ts';
import type { RenderContext } from '../../src/present/render-context.ts';
import { headingRow, taskRow } from '../../src/present/row.ts';
import { HOSTILE_NAMES } from '../helpers/look-scenes.ts';
import { makeShownEstimate } from '../helpers/shown-estimate.ts';
import { makeEntry, makeStep, makeTask } from '../helpers/task.ts';

const NOW = 1_000_000_000_000;
/** All that a row is made of, trailing blanks included. */
const wholeText = ({ segments }: ReturnType<typeof taskRow>) => segments.map(({ text }) => text).join('');

/** Wide, combining, right-to-left, unassigned: single characters of every kind, beside names that are made of them. */
const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE_NAMES),
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc
    .array(
      fc.constantFrom('日', 'e\u0301', 'ש', '\u{1fae9}', '\u0378', '👩‍👩‍👧', '\u1100', '🇩', 'ﷺ', 'a', ' '),
      {
        maxLength: 80,
      },
    )
    .map((characters) => characters.join('')),
);
const moment = fc.option(fc.integer({ min: NOW - 100 * 86_400_000, max: NOW + 60_000 }));
const anyTask = fc.record({
  name: anyText.map(plainName),
  why: anyText.map(plainText),
  status: fc.constantFrom(...TASK_STATUSES),
  startedAt: moment,
  endedAt: moment,
  progress: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
  steps: fc.array(fc.tuple(anyText.map(plainName), fc.constantFrom('pending', 'running', 'completed')), {
    maxLength: 4,
  }),
  host: fc.option(anyText.map(plainName)),
});

describe('a row', () => {
  it('is exactly as wide as the terminal, whatever its task is called and says', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 40, max: 250 }),
      hasHosts: fc.boolean(),
      hasSources: fc.boolean(),
      ascii: fc.boolean(),
      isSelected: fc.boolean(),
      remainingMs: fc.integer({ min: 0, max: 90 * 86_400_000 }),
    });
    fc.assert(
      fc.property(anyTask, sizes, (given, size) => {
        const { name, why, status, startedAt, endedAt, progress, host } = given;
        const state = { status, reason: why, error: why, result: why, endedAt } as unknown as TaskState;
        const steps = given.steps.map(([step, as], index) =>
          makeStep(index, { name: step, status: as, progress }),
        );
        const task = makeTask('x', {
          name,
          state,
          startedAt,
          steps,
          host,
          reportedProgress: progress,
          lastLine: why,
        });
        const entry = makeEntry(task, { lastNewsAt: NOW });
        const context: RenderContext = {
          nowMs: NOW,
          width: size.width,
          ascii: size.ascii,
          stallAfterMs: 30_000,
          timeZone: 'UTC',
          estimate: () => makeShownEstimate({ remainingMs: size.remainingMs, lateAt: NOW + 1 }),
        };
        const columns = layoutColumns(size.width, size);
        const look = { isSelected: size.isSelected, isUnseen: false, isSettled: false };
        expect(stringWidth(wholeText(taskRow(entry, columns, context, look)))).toBe(size.width);
        expect(stringWidth(wholeText(headingRow(columns, context)))).toBe(size.width);
        for (const below of rowsBelow(entry, columns, context, 3))
          expect(stringWidth(lineText(below))).toBeLessThanOrEqual(size.width);
      }),
      { numRuns: 500 },
    );
  });

  it('has columns that follow from the width alone, and use all of it', () => {
    for (let width = 40; width <= 250; width += 1) {
      const { gap, ...parts } = layoutColumns(width, {
        hasHosts: width % 2 === 0,
        hasSources: width % 3 === 0,
      });
      expect(Object.values(PARTS).flat().sort()).toEqual(Object.keys(parts).sort());
      const shown = Object.values(parts).filter((part) => part > 0);
      expect(shown.reduce((sum, part) => sum + part + gap, 4 - gap)).toBe(width);
    }
  });
});
