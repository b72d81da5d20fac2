import { describe, expect, it } from 'vitest';
import { createEscapeParser } from '../../../src/run/progress/escape-parser.ts';
import { createScreen } from '../../../src/run/progress/screen.ts';
import { readOutput } from '../../helpers/found-progress.ts';

/** The lines that are read off the screen. */
function linesOf(output: string): string[] {
  const lines: string[] = [];
  const screen = createScreen({
    line: ({ text, isRedrawn }) => lines.push(isRedrawn ? `*${text}` : text),
    frame: (rows) => lines.push(`[${rows.map(({ text }) => text).join(' | ')}]`),
  });
  const parser = createEscapeParser({ ...screen, osc: (payload) => lines.push(`osc ${payload}`) });
  for (const char of output) parser.push(char);
  screen.settle();
  return lines;
}

describe('the screen', () => {
  it.each([
    ['lines', 'a\r\nb\nc', ['a', 'b', 'c']],
    ['a line drawn again by CR', 'a 10%\ra 20%', ['a 10%', '*a 20%']],
    ['by backspaces', '  0%\b\b\b\b 55% x', ['  0%', '* 55% x']],
    ['by a column', '\u001b[1G0%\u001b[1G66%', ['0%', '*66%']],
    ['by a column 0, and erased', 'long 10%\u001b[0G\u001b[Ka 20%', ['long 10%', '*a 20%']],
    ['erased whole', '- 10%\u001b[2K\u001b[1G- 20%', ['- 10%', '*- 20%']],
    ['part of it', 'at 10% of it\u001b[4G20\n', ['at 10% of it', '*at 20% of it']],
    ['saved and restored', '\u001b7a 10%\u001b8a 20%', ['a 10%', '*a 20%']],
    ['by CSI s and u', '\u001b[sa 10%\u001b[ua 20%', ['a 10%', '*a 20%']],
    [
      'two rows, by moving up',
      'a 1%\nb 2%\n\u001b[2Aa 3%\nb 4%\n\u001b[2F\u001b[Ja 5%\nb 6%\n',
      ['a 1%', 'b 2%', '[a 3% | b 4%]', '[a 5% | b 6%]'],
    ],
    [
      'one row of several',
      'a 1%\nb 2%\n\u001b[2A\ra 9%\u001b[K\r\u001b[2B\u001b[1A\rb 8%\u001b[K\r\u001b[1B',
      ['a 1%', 'b 2%', '[a 9% | b 2%]', '[a 9% | b 8%]'],
    ],
    [
      'lines below rows that are drawn no more',
      'a 1%\nb 2%\n\u001b[2Aa 3%\nb 4%\nc\nd\ne\nf\n',
      ['a 1%', 'b 2%', 'c', 'd', 'e', 'f'],
    ],
    ['an absolute place', 'x\u001b[3;1Ha 1%\u001b[1;1Hb 2%', ['x', 'a 1%', '[b 2% | a 1%]']],
    ['titles, colours and links', '\u001b]0;57%\u0007\u001b[32ma\u001b[0m\n', ['osc 0;57%', 'a']],
    ['tabs', 'a\tb\n', ['a       b']],
  ])('reads %s', (_what, output, expected) => {
    expect(linesOf(output)).toEqual(expected);
  });

  it('keeps no more than the bottom of endless output', () => {
    const screen = createScreen({ line: () => {}, frame: () => {} }, 40);
    for (let line = 0; line < 1_000; line += 1) {
      screen.text('x'.repeat(10_000));
      screen.control(0x0a);
    }
    expect(linesOf(`${'x'.repeat(5_000)} 57%\nb 58%`)).toEqual(['b 58%']);
  });

  it('reads nothing from the alternate screen', () => {
    expect(readOutput(['a 10%\n\u001b[?1049hb 50%\n\u001b[?1049l']).whole).toBe(10);
    expect(readOutput(['\u001b[?1049hb 50%\n\u001b[?1049la 60%\n']).whole).toBe(60);
  });
});
