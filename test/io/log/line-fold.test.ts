import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineFold } from '../../../src/io/log/line-fold.ts';

/** What is kept of output that comes in these pieces, line by line. */
function kept(...pieces: string[]): string[] {
  const fold = new LineFold();
  const text = pieces.map((piece) => fold.push(piece)).join('') + fold.end();
  return text === '' ? [] : text.replace(/\n$/u, '').split('\n');
}

const RED = '\u001b[31m';
const RESET = '\u001b[0m';

describe('what is kept of output', () => {
  it.each<[string, string[], string[]]>([
    ['nothing', [''], []],
    ['lines, a last one without an end', ['one\ntwo\n\nthree'], ['one', 'two', '', 'three']],
    ['a line in pieces', ['on', 'e\ntw', 'o\n'], ['one', 'two']],
    ['a terminal’s line ends, in two pieces too', ['one\r\ntwo\r', '\nthree\r\n'], ['one', 'two', 'three']],
    ['a bar that redraws its line', [' 10%\r 50%', '\r100%\n'], ['100%']],
    ['a shorter text over a longer one', ['downloading\rdone\n'], ['doneloading']],
    ['a line that is erased first', ['downloading\r\u001b[Kdone\n'], ['done']],
    ['a spinner that goes back', ['work |\b/\b-\b\\\b \n'], ['work']],
    [
      'several bars, drawn anew together',
      ['a 1\nb 1\n\u001b[2Aa 2\nb 2\n', '\u001b[2Fa 3\nb 3\nend\n'],
      ['a 3', 'b 3', 'end'],
    ],
    ['colours', [`${RED}bad${RESET} good\n`], [`${RED}bad${RESET} good`]],
    [
      'a colour that goes on in the next line',
      [`${RED}one\ntwo${RESET}\nthree\n`],
      [`${RED}one${RESET}`, `${RED}two${RESET}`, 'three'],
    ],
    [
      'a colour that goes on, in pieces',
      [`${RED}one\ntw`, `o${RESET}\nthree\n`],
      [`${RED}one${RESET}`, `${RED}two${RESET}`, 'three'],
    ],
    ['colours that are printed over', [`${RED}abc${RESET}\rx\n`], [`x${RED}bc${RESET}`]],
    ['a sequence in two pieces', ['a\u001b', '[31mb\u001b[', '0mc\n'], [`a${RED}b${RESET}c`]],
    [
      'sequences that only end like a colour or a move',
      ['one\ntwo\u001b[ m\u001b[1 A\u001b[!p!\n'],
      ['one', 'two!'],
    ],
    [
      'a link',
      ['\u001b]8;;http://x/\u001b\\here\u001b]8;;\u001b\\\n'],
      ['\u001b]8;;http://x/\u001b\\here\u001b]8;;\u001b\\'],
    ],
    ['a link in two pieces', ['\u001b]8;;http://x/\u001b', '\\here\n'], ['\u001b]8;;http://x/\u001b\\here']],
    ['a title over several lines', ['\u001b]0;a\nb\u0007c\n'], ['c']],
    [
      'a full-screen program',
      ['before\n\u001b[?1049h\u001b[Hmany\nlines', '\u001b[2J\u001b[?1049lafter\n'],
      ['before', 'after'],
    ],
    [
      'a status bar at the bottom',
      ['one\n\u001b7\u001b[24;0f\u001b[42m 20%\u001b[0m\u001b8two\n'],
      ['one', 'two'],
    ],
    [
      'a screen that is drawn anew',
      ['before\n\u001b[2J\u001b[HA 1\nB 1\n', '\u001b[2J\u001b[HA 2\nB 2\n'],
      ['before', 'A 2', 'B 2'],
    ],
    ['binary', ['a\u0000b\u001ec\u0007\u007fd\n'], ['abcd']],
  ])('%s', (_, pieces, lines) => {
    expect(kept(...pieces)).toEqual(lines);
  });

  it('is one line of ten thousand drawings', () => {
    const drawings = Array.from({ length: 10_000 }, (_, n) => `\r${n}/10000 ${'#'.repeat(n % 60)}\u001b[K`);
    expect(kept(...drawings, '\r10000/10000\u001b[K\n')).toEqual(['10000/10000']);
  });

  it('is bounded where a line is not', () => {
    const lines = kept('x'.repeat(1_000_000), 'y'.repeat(1_000_000), '\nnext\n');
    expect(lines).toEqual([`${'x'.repeat(65_536)}… (1934464 more characters)`, 'next']);
  });

  it('is bounded where one that is drawn anew is not', () => {
    const [line = ''] = kept('x'.repeat(50_000), '\r', 'y'.repeat(40_000), '\u001b[999999@\u001b[999999Cz\n');
    expect(line.length).toBeLessThanOrEqual(4_096);
  });

  it('is handed on as soon as nothing can be drawn over it, or was for a while', () => {
    const fold = new LineFold();
    expect(fold.push('a\nb')).toBe('a\n');
    expect(fold.push('\nbar 1\n\u001b[1Abar 2\n')).toBe('b\n');
    expect(fold.holdsBack).toBe(true);
    expect(fold.settle()).toBe(''); // it has just been drawn
    expect(fold.settle()).toBe('bar 2\n');
    expect(fold.holdsBack).toBe(false);
  });
});

describe('the last line', () => {
  function lastLine(...pieces: string[]): string | null {
    const fold = new LineFold();
    for (const piece of pieces) fold.push(piece);
    return fold.takeLastLine();
  }

  it.each<[string, string[], string | null]>([
    ['is the one that ended last', ['one\ntwo\nthr'], 'two'],
    ['is none that says nothing', ['one\n\n  \n------\n\u001b[31m\u001b[0m\n'], 'one'],
    ['is none that was drawn anew', ['one\n 10%\r 20%\r\n'], 'one'],
    ['is none where none has ended', ['one'], null],
  ])('%s', (_, pieces, line) => {
    expect(lastLine(...pieces)).toBe(line);
  });

  it('is told once', () => {
    const fold = new LineFold();
    fold.push('one\n');
    expect([fold.takeLastLine(), fold.takeLastLine()]).toEqual(['one', null]);
  });
});

describe('what is kept', () => {
  const TOKEN = fc.constantFrom(
    ...[
      'abc',
      'x',
      'längér',
      '\t',
      '\n',
      '\r\n',
      '\r',
      '\b',
      '\u001b[32m',
      '\u001b[0m',
      '\u001b]0;title\u0007',
    ],
    ...['\u001b[K', '\u001b[1K', '\u001b[2K', '\u001b[2P', '\u001b[2@', '\u001b[2X', '\u001b[J'],
    ...['\u001b[3D', '\u001b[2C', '\u001b[5G', '\u001b[1A', '\u001b[2A', '\n\u001b[1A\u001b[1B', '\u001b[1F'],
    ...['\u001b7abc\u001b8', '\u001b[sabc\u001b[u'],
  );

  it('is what a terminal shows in the end', async () => {
    const lines = fc.array(
      TOKEN.filter((token) => token !== '\t'),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (tokens) => {
        const text = tokens.join('');
        expect(withoutLastBlanks(kept(text).map(printed))).toEqual(withoutLastBlanks(await shown(text)));
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on where the output is cut into pieces, but for lines that are handed on', () => {
    const pieces = fc.array(
      fc.array(TOKEN, { maxLength: 6 }).map((tokens) => tokens.join('')),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 7 }), (all, size) => {
        const text = all.join('').replaceAll('\n', '');
        const parts = text.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [];
        expect(kept(...parts).map(printed)).toEqual(kept(text).map(printed));
      }),
    );
  });

  it('holds no control character but those of sequences, whatever is printed', () => {
    const piece = fc.string({
      unit: fc.constantFrom(...'\u001b\u001e\u0000\r\n\b\u009b\u0007[]0;mAHJK?1049hlx 7'),
    });
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        for (const line of kept(...pieces)) expect(withoutSequences(line)).not.toMatch(CONTROL);
      }),
      { numRuns: 500 },
    );
  });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what may not be there
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/u;

function withoutSequences(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours and links are kept
  return line.replace(/\u001b(?:\[[0-9;:]*m|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/gu, '');
}

const printed = (line: string) => withoutSequences(line).trimEnd();

/** The lines of a terminal in which nothing wraps. */
async function shown(text: string): Promise<string[]> {
  const terminal = new Terminal({ cols: 300, rows: 150, convertEol: true, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  return Array.from({ length: 150 }, (_, y) => active.getLine(y)?.translateToString(true) ?? '');
}

function withoutLastBlanks(lines: readonly string[]): string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}
