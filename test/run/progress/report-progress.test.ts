import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import type { Report } from '../../../src/publish/report.ts';
import { createProgressReader } from '../../../src/run/progress/progress-reader.ts';
import { createProgressReport } from '../../../src/run/progress/report-progress.ts';

/** A report that writes down what it is told. */
function writtenReport() {
  const told: unknown[] = [];
  const report: Report = {
    signal: new AbortController().signal,
    setSteps: (names) => void told.push(names),
    step: (...step) => void told.push(step),
    tell() {},
    complete: async () => {},
    fail: async () => {},
    cancel: async () => {},
  };
  return { report, told };
}

function reportOn() {
  const { report, told } = writtenReport();
  const clock = createFakeClock();
  const createReader = (onProgress: () => void) => createProgressReader({ clock, onProgress });
  const progress = createProgressReport({ report, title: 'make', clock, createReader });
  const print = (text: string) => progress.read(Buffer.from(text), 'terminal');
  return { told, clock, print, end: progress.end };
}

describe('what is reported of the progress found in output', () => {
  it('is nothing, not even a step, before anything was found', () => {
    const { told, print, end } = reportOn();
    print('words\n');
    end();
    expect(told).toEqual([]);
  });

  it('is one step of the whole command if there are only figures', () => {
    const { told, clock, print } = reportOn();
    print('10%\n');
    clock.advance(200);
    print('[1/4]\n');
    clock.advance(200);
    expect(told).toEqual([['make'], [0, 'running', 10], [0, 'running', 25]]);
  });

  it('is the steps if these are named, the first known ones completed', () => {
    const { told, print, end } = reportOn();
    print('step 2 of 3: link');
    end();
    expect(told).toEqual([
      ['step 1', 'link', 'step 3'],
      [0, 'completed'],
      [1, 'running'],
    ]);
  });

  it('is the newest, at most five times a second, even of a line that has not ended', () => {
    const { told, clock, print, end } = reportOn();
    for (let at = 0; at <= 50; at += 1) {
      print(`\r${at}%`);
      clock.advance(10);
    }
    expect(told.length).toBeLessThan(6);
    clock.advance(300);
    expect(told.at(-1)).toEqual([0, 'running', 50]);
    print('\r60%');
    end();
    expect(told.at(-1)).toEqual([0, 'running', 60]);
  });

  it('is withdrawn if nothing is known any more', () => {
    const { told, clock, print } = reportOn();
    for (const file of ['a', 'b', 'c']) {
      print(`0%\r100% ${file}\n`);
      clock.advance(200);
    }
    expect(told.at(-1)).toEqual([]);
  });
});
