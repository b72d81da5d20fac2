import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTail } from '../../src/run/tail.ts';

function linesOf(...pieces: readonly string[]): string[] {
  const tail = createTail();
  for (const piece of pieces) tail.add(Buffer.from(piece), 'terminal');
  return tail.lines();
}

describe('the end of a command’s output', () => {
  it.each([
    [
      'a bar by carriage returns',
      'error: why\n\r cleaning 1\r cleaning 2\r cleaning 3',
      ['error: why', ' cleaning 3'],
    ],
    ['a bar that is wiped at the end', 'error: why\n 50%\r 100%\r   \r\n', ['error: why', ' 100%']],
    ['a bar by backspaces', '  0%\b\b\b\b 55%', [' 55%']],
    ['a bar by cursor moves', '\u001b[1G0% | 0/100\u001b[1G66% | 66/100', ['66% | 66/100']],
    ['a line that is erased', 'wait\u001b[2K\u001b[1Gdone\n', ['done']],
    [
      'colours that erase to the end of their line',
      '\u001b[31m\u001b[Kerror:\u001b[m\u001b[K why\n',
      ['error: why'],
    ],
    ['lines that end in CR LF', 'one\r\ntwo\r\n', ['one', 'two']],
    ['blank lines', 'one\n\n   \ntwo\n', ['one', 'two']],
  ])('reads %s as a person would', (_what, output, lines) => {
    expect(linesOf(output)).toEqual(lines);
  });

  it('keeps the reason above a thousand redraws', () => {
    const redraws = Array.from({ length: 1000 }, (_, index) => `\r cleaning ${index}`);
    expect(linesOf('error: why\n', ...redraws)).toEqual(['error: why', ' cleaning 999']);
  });

  it('keeps the lines of two streams apart', () => {
    const tail = createTail();
    tail.add(Buffer.from('copied 1'), 'stdout');
    tail.add(Buffer.from('no space\n'), 'stderr');
    tail.add(Buffer.from('2 files\n'), 'stdout');
    expect(tail.lines()).toEqual(['no space', 'copied 12 files']);
  });

  it('is the same however the output is cut', () => {
    const part = fc.constantFrom(
      'a',
      'bc',
      '\u001b[2K',
      '\u001b[1G',
      '\r',
      '\n',
      '\r\n',
      '\b',
      ' ',
      'error: why',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), fc.nat(40), (parts, cut) => {
        const output = parts.join('');
        expect(linesOf(output.slice(0, cut), output.slice(cut))).toEqual(linesOf(output));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is bounded whatever is printed', () => {
    const lines = linesOf(...Array.from({ length: 50 }, () => 'x'.repeat(100_000)));
    expect(lines.join('').length).toBeLessThan(10_000);
  });
});
