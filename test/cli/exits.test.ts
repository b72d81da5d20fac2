import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complain } from '../../src/cli/process/exit.ts';
import { print, say, sayLines } from '../../src/io/print.ts';
import { problem } from '../../src/model/problem.ts';
import { plainName, plainText, words } from '../../src/model/text.ts';
import { line, segment } from '../../src/present/line.ts';
import { createPaint } from '../../src/ui/theme.ts';

/** Escape sequences, C0 and C1, what reorders, what breaks a line, halves of characters: alone and among letters. */
const HOSTILE = [
  '\u001b[2J',
  '\u001b]52;c;cm0gLXJm\u0007',
  '\u001b]0;title\u001b\\',
  '\u001bP1$r\u001b\\',
  '\u009b31m',
  '\u009d0;title\u009c',
  '\u0000',
  '\b\b',
  '\r',
  '\n',
  '\u0085',
  '\u2028',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\ud800',
  '\u{e0041}',
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 4 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));
/** What must not reach a terminal within a line. */
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|\p{Cs}/u;

function streams() {
  const written = { stdout: '', stderr: '' };
  const into = (name: keyof typeof written) => ({
    write(text: string | Uint8Array) {
      written[name] += String(text);
      return true;
    },
  });
  return { written, io: { stdout: into('stdout'), stderr: into('stderr') } };
}

/** The lines that were written; there is one for each that was asked for, and no more. */
function linesOf(text: string): string[] {
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

describe('what comes from outside leaves by no exit as it came', () => {
  it.each<[string, (raw: string, io: ReturnType<typeof streams>['io']) => void]>([
    [
      'a problem',
      (raw, io) =>
        complain(
          io as never,
          problem('missing', 'down', words`no ${plainName(raw)}`, words`see ${plainName(raw)}`),
        ),
    ],
    [
      'a problem of several lines',
      (raw, io) => complain(io as never, problem('refused', 'down', plainText(raw), plainText(raw))),
    ],
    ['a line on stderr', (raw, io) => say(io, words`it said ${plainText(raw)}`)],
    ['a line on stdout', (raw, io) => print(io, words`it said ${plainName(raw)}`)],
    ['lines on stderr', (raw, io) => sayLines(io, ...plainText(raw).split('\n').slice(0, 1))],
  ])('%s', (_exit, leave) => {
    fc.assert(
      fc.property(hostile, (raw) => {
        const { written, io } = streams();
        leave(raw, io);
        const lines = linesOf(written.stdout + written.stderr);
        expect(lines).toHaveLength(1);
        expect(lines[0]).not.toMatch(UNSAFE);
      }),
    );
  });

  it('a segment, painted without colour', () => {
    const paint = [true, false].map((ascii) => createPaint({ color: false, ascii }));
    fc.assert(
      fc.property(hostile, (raw) => {
        const drawn = line([
          segment(plainName(raw), 'bad'),
          segment('  '),
          segment(words`(${plainName(raw)})`),
        ]);
        for (const each of paint) expect(each(drawn)).not.toMatch(UNSAFE);
      }),
    );
  });
});
