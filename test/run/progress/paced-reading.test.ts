import { describe, expect, it } from 'vitest';
import { type Clock, createFakeClock } from '../../../src/clock.ts';
import { createProgressReader } from '../../../src/run/progress/progress-reader.ts';

/** A clock by which each look at it takes long: all reading is too dear. */
function slowClock(): Clock {
  let at = 0;
  return {
    ...createFakeClock(),
    monotonic() {
      at += 20;
      return at;
    },
  };
}

function readFlood(pieces: readonly string[], before: readonly string[] = []) {
  const reader = createProgressReader({ clock: slowClock(), onProgress() {}, rows: 24 });
  const spent = Array.from({ length: 40 }, () => 'words\n');
  for (const text of [...spent, ...before, ...pieces]) {
    reader.read(Buffer.from(text), 'terminal');
  }
  reader.end();
  return reader.progress.steps;
}

const FILLER = 'nothing that tells anything\n'.repeat(2_000);
const running = (percent: number) => [{ name: null, status: 'running', percent }];

describe('a flood', () => {
  it('ends with the newest progress, whatever was left out', () => {
    const bars = Array.from({ length: 60 }, (_, at) => `${FILLER}copied ${at}%\n`);
    expect(readFlood(bars)).toEqual(running(59));
  });

  it('is read from the first row of a group on', () => {
    const frame = (at: number) => `a: ${at}%\nb: ${at / 2}%\nc: 0%\n\u001b[3A`;
    const frames = Array.from({ length: 2_000 }, (_, at) => frame(Math.floor(at / 50)).repeat(3));
    expect(readFlood(frames)).toEqual(running(19.5));
  });

  it('leaves out no report of the program itself', () => {
    expect(readFlood([FILLER, FILLER], [`\u001b]9;4;1;42\u0007${FILLER}`])).toEqual(running(42));
  });

  it('leaves out no change to a screen of its own', () => {
    expect(readFlood([FILLER, `${FILLER}copied 50%\n`], [`\u001b[?1049h${FILLER}`])).toEqual([]);
  });
});
