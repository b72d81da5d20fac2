import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../src/model/id.ts';
import { problem } from '../../src/model/problem.ts';
import { refused } from '../../src/model/refused.ts';
import { joined, type PlainText, plainName, words } from '../../src/model/text.ts';
import { segment, textLine } from '../../src/present/line.ts';

/** What only the compiler reads: a line that it lets pass although it should not is an error itself. */
function refusedByTheCompiler(raw: string, id: TaskId, anything: never[], isOne: boolean): unknown[] {
  const plain = plainName(raw);
  const parsed = JSON.parse(raw);
  return [
    // @ts-expect-error a string
    words`cannot read ${raw}`,
    // @ts-expect-error a string among others
    words`${plain} cannot read ${raw}: ${1}`,
    // @ts-expect-error a template, which is a string
    words`cannot read ${`the ${raw}`}`,
    // @ts-expect-error one of two that is a string
    words`${isOne ? plain : raw}`,
    // @ts-expect-error one of two that is a template
    words`${isOne ? 'a' : `the ${raw}`}`,
    // @ts-expect-error a string with another brand
    words`${id}`,
    // @ts-expect-error any
    words`${parsed}`,
    // @ts-expect-error what may be missing
    words`${anything[0]}`,
    // @ts-expect-error what was made of plain text by a function that may add anything
    words`${plain.concat(raw)}`,
    // @ts-expect-error replaced by a string
    words`${plain.replace(/a/u, raw)}`,
    // @ts-expect-error joined by a string
    joined([plain], raw),
    // @ts-expect-error strings, joined
    joined([raw], ', '),
    // @ts-expect-error a message
    problem('missing', 'down', `there is no ${raw}`),
    // @ts-expect-error a hint
    problem('missing', 'down', 'there is none', raw),
    // @ts-expect-error a refusal
    refused('not-allowed', raw),
    // @ts-expect-error a segment of the screen
    segment(raw),
    // @ts-expect-error a line of the screen
    textLine(`${raw}`),
  ];
}
void refusedByTheCompiler;

describe('words', () => {
  it('are what is written, with plain text, numbers and literals in the holes', () => {
    const count: number = 2;
    const name: PlainText = plainName('a\u001b[31m name');
    const told = words`${count} ${count === 1 ? 'job' : 'jobs'} of ${name}${count > 1 ? words`, ${count}` : ''}`;
    expect(told).toBe('2 jobs of a name, 2');
    expect(words`\u2026\\`).toBe('…\\');
    expect(words``).toBe('');
  });

  it('are joined by words', () => {
    expect(joined([words`a`, plainName('b')], ', ')).toBe('a, b');
    expect(joined(['x', 'y'] as const, '\n')).toBe('x\ny');
  });

  it('stay plain when they are cut, padded and changed', () => {
    const parts: PlainText[] = words`Ab cd`.padEnd(6).toUpperCase().split(' ');
    const first: PlainText | undefined = parts[0]?.slice(0, 1).padStart(3, '0').replace(/0/gu, '-');
    expect(first).toBe('--A');
  });
});
