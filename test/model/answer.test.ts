import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANSWER_LIMIT_BYTES, readAnswer } from '../../src/model/answer.ts';
import { plainName } from '../../src/model/text.ts';
import { hostileText, UNSAFE } from '../helpers/hostile-text.ts';

const asking = (...choices: string[]) => ({
  text: plainName('Which?'),
  choices: choices.map(plainName),
  askedAt: null,
});

describe('an answer', () => {
  it.each([
    ['2', ['red', 'blue'], 'blue'],
    [' 2 ', ['red', 'blue'], 'blue'],
    ['blue', ['red', 'blue'], 'blue'],
    ['green', ['red', 'blue'], 'green'],
    ['3', ['red', 'blue'], '3'],
    ['0', ['red', 'blue'], '0'],
    ['2', [], '2'],
    ['1', ['2', '1'], '1'],
    ['two\nlines', [], 'two\nlines'],
  ])('%j to %j is %j', (raw, choices, answer) => {
    expect(readAnswer(raw, asking(...choices))).toBe(answer);
  });

  it('holds nothing that a terminal would act on', () => {
    fc.assert(
      fc.property(hostileText, (raw) => {
        const answer = readAnswer(raw, asking());
        const shown = typeof answer === 'string' ? answer : answer.message;
        expect(shown.replaceAll('\n', ' ')).not.toMatch(UNSAFE);
      }),
    );
  });

  it.each([undefined, '', ' \n ', '\u0007'])('is not empty: %j', (raw) => {
    expect(readAnswer(raw, asking('red', 'blue'))).toMatchObject({
      hint: 'choose from 1 to 2, or write a text',
    });
  });

  it('is no document', () => {
    expect(readAnswer('é'.repeat(ANSWER_LIMIT_BYTES / 2), asking())).toHaveLength(ANSWER_LIMIT_BYTES / 2);
    expect(readAnswer('é'.repeat(ANSWER_LIMIT_BYTES / 2 + 1), asking())).toMatchObject({ kind: 'too-large' });
  });
});
