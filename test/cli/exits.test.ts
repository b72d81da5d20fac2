import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complain } from '../../src/cli/process/exit.ts';
import { print, say, sayLines } from '../../src/io/print.ts';
import { problem } from '../../src/model/problem.ts';
import { plainName, plainText, words } from '../../src/model/text.ts';
import { line, segment } from '../../src/present/line.ts';
import { createPaint } from '../../src/ui/theme.ts';
import { hostileText, UNSAFE } from '../helpers/hostile-text.ts';

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
      fc.property(hostileText, (raw) => {
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
      fc.property(hostileText, (raw) => {
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
