import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { words } from '../../src/model/text.ts';
import type { Segment } from '../../src/present/line.ts';
import { type Addressing, IN_PLACE, ON_WHOLE_SCREEN } from '../../src/ui/addressing.ts';
import { cellsOf } from '../../src/ui/cells.ts';
import { createPainter } from '../../src/ui/painter.ts';
import { createPaint } from '../../src/ui/theme.ts';
import { emulateTerminal } from '../helpers/emulated-terminal.ts';

const COLUMNS = 40;
const ROWS = 6;
/** Lines of the terminal beside those that are drawn on. */
const HISTORY = 2;
const paint = createPaint({ color: true, ascii: false });

const segments = fc.record({
  text: fc
    .constantFrom(
      'task',
      '日本語',
      '한글',
      ' ',
      '━━━━',
      '42%',
      '›',
      '⠋',
      '✗ ',
      'é',
      'a\u0301',
      '🫨',
      'ᄀᄀ',
      'Ж',
    )
    .map((text) => words`${text}` as Segment['text']),
  tone: fc.constantFrom<Segment['tone']>('plain', 'strong', 'dim', 'ok', 'bad', 'busy', 'ask', 'wait'),
  look: fc.constantFrom<Segment['look']>(undefined, 'faint', 'reverse'),
});
const rows = fc
  .array(segments, { maxLength: 8 })
  .map((parts) => paint({ segments: parts as Segment[], until: 0 }));
const frames = fc.array(fc.array(rows, { minLength: 1, maxLength: ROWS }), { minLength: 1, maxLength: 6 });

/** A terminal on which a painter has drawn some frames, one after the other. */
function drawn(all: readonly (readonly string[])[], addressing: Addressing = ON_WHOLE_SCREEN, above = '') {
  const terminal = emulateTerminal(COLUMNS, ROWS + HISTORY);
  terminal.stdout.write(`${above}\u001b[?7l`);
  const painter = createPainter((text) => void terminal.stdout.write(text), addressing);
  for (const frame of all) painter.draw(frame);
  return terminal;
}

describe('what a painter has drawn piece by piece', () => {
  it('is what it would have drawn as a whole, sign by sign and style by style', async () => {
    await fc.assert(
      fc.asyncProperty(frames, async (all) => {
        expect(await drawn(all).cells()).toEqual(await drawn(all.slice(-1)).cells());
      }),
      { numRuns: 300 },
    );
  });

  it('is the same in place, below what stood there, wherever that ends', async () => {
    const lines = fc.integer({ min: 0, max: ROWS + HISTORY + 3 });
    await fc.assert(
      fc.asyncProperty(frames, lines, async (all, count) => {
        const above = Array.from({ length: count }, (_, index) => `before ${index}\r\n`).join('');
        const [pieces, whole] = [drawn(all, IN_PLACE, above), drawn(all.slice(-1))];
        const [last = []] = all.slice(-1);
        const cells = await pieces.cells();
        const { cursorY, cursorX, baseY } = pieces.emulator.buffer.active;
        expect(cursorX).toBe(0);
        expect(cells.slice(cursorY, cursorY + last.length)).toEqual(
          (await whole.cells()).slice(0, last.length),
        );
        // Nothing that stood there was lost or written over.
        const kept = await pieces.emulator.buffer.active;
        const texts = Array.from({ length: baseY + cursorY }, (_, row) =>
          kept.getLine(row)?.translateToString(true),
        );
        expect(texts).toEqual(Array.from({ length: count }, (_, index) => `before ${index}`));
      }),
      { numRuns: 100 },
    );
  });

  it('is nothing where nothing changed', async () => {
    await fc.assert(
      fc.asyncProperty(frames, async (all) => {
        const [once, twice] = [drawn(all), drawn([...all, ...all.slice(-1)])];
        await Promise.all([once.cells(), twice.cells()]);
        expect(twice.bytes).toBe(once.bytes);
      }),
      { numRuns: 50 },
    );
  });

  it('covers what stood there before it was told to forget', async () => {
    const terminal = emulateTerminal(COLUMNS, ROWS);
    const painter = createPainter((text) => void terminal.stdout.write(text));
    painter.draw(['one', 'two', 'three']);
    terminal.stdout.write('\u001b[2;1H\u001b[7mrubbish\u001b[m\u001b[5;5Hmore of it');
    painter.forget();
    painter.draw(['one', '2']);
    expect(await terminal.lines()).toEqual(['one', '2', '', '', '', '']);
  });

  it('is only the columns that differ', () => {
    const written: string[] = [];
    const painter = createPainter((text) => written.push(text));
    const row = (sign: string, percent: string) =>
      `\u001b[94m${sign}\u001b[39m a task with a name    \u001b[2m━━━━━━━━\u001b[22m  ${percent}`;
    painter.draw(['head', row('⠋', '41%')]);
    painter.draw(['head', row('⠙', '42%')]);
    expect(written[1]).toBe('\u001b[?2026h\u001b[2H\u001b[94m⠙\u001b[m\u001b[2;36H2\u001b[?2026l');
  });

  it('is whole rows where terminals may disagree about a column', () => {
    const written: string[] = [];
    const painter = createPainter((text) => written.push(text));
    for (const row of ['🫨 1%', '🫨 2%', 'plain 2%']) painter.draw([row]);
    expect(written[1]).toBe('\u001b[?2026h\u001b[1H\u001b[K  \r🫨\r\u001b[2C 2%\u001b[?2026l');
    expect(written[2]).toBe('\u001b[?2026h\u001b[1H\u001b[Kplain 2%\u001b[?2026l');
  });
});

describe('what stands behind a sign that the terminal counts differently', () => {
  const names = [
    '🫨 🪿',
    '👍👍',
    'a 👨',
    '🏴',
    '❤ ⌚',
    'ab🧑',
    '🇩🇪🇫🇷',
    'क्षि ज्ञ',
    'กำ',
    'e\u0301',
    'ا',
    '日🫱日',
    '⸻',
    '𒐫',
  ];

  it.each(names)('keeps its column: %s', async (name) => {
    for (const addressing of [ON_WHOLE_SCREEN, IN_PLACE]) {
      const row = `> ${name}\u001b[2m |\u001b[22m 42%`;
      const terminal = drawn([['first'], [`\u001b[7m${'x'.repeat(COLUMNS)}\u001b[27m`], [row]], addressing);
      const [line = ''] = await terminal.cells();
      const cells = terminal.emulator.buffer.active.getLine(0);
      const column = 2 + stringWidth(name) + 1;
      expect(cells?.getCell(column)?.getChars()).toBe('|');
      expect(cells?.getCell(column)?.isDim()).not.toBe(0);
      expect(cells?.getCell(column + 4)?.getChars()).toBe('%');
      expect(line).not.toContain('x');
    }
  });

  it('leaves no hole in the selected row', async () => {
    const terminal = drawn([[`\u001b[7m> 🫨 | 42%${' '.repeat(COLUMNS - 10)}\u001b[27m`]]);
    await terminal.lines();
    const line = terminal.emulator.buffer.active.getLine(0);
    const columns = Array.from({ length: COLUMNS }, (_, column) => line?.getCell(column)?.isInverse() !== 0);
    expect(columns).not.toContain(false);
  });
});

describe('the cells of a row', () => {
  it('are as many as it has columns, for every character whose width is certain', () => {
    for (let code = 0x20; code < 0x1_0000; code += 1) {
      const sign = String.fromCharCode(code);
      const cells = cellsOf(sign);
      if (cells) expect([sign, cells.signs.length]).toEqual([sign, stringWidth(sign)]);
    }
  });

  it('have no certain place for controls, joiners, and what joins the sign before it', () => {
    for (const text of [
      '\t',
      '\u0007',
      '\u001b]8;;x\u0007',
      'a\u0301',
      '\u200d',
      'か\u3099',
      '👍🏽',
      '\u{1f1e6}',
      '\ufe0f',
    ])
      expect(cellsOf(text)).toBeNull();
  });
});
