import { describe, expect, it } from 'vitest';
import { readBarReport } from '../../../src/run/progress/status/progress-bar.ts';
import { readStatusReport } from '../../../src/run/progress/status/status-report.ts';
import { createOutputWatch } from '../../../src/run/terminal-status/output-watch.ts';
import {
  createProtocolWriter,
  type ToldStatus,
  writeBar,
} from '../../../src/run/terminal-status/sequences.ts';
import { createToldWork } from '../../../src/run/terminal-status/told-work.ts';

const OSC = '\u001b]';
const ST = '\u001b\\';
const WORKING: ToldStatus = { state: 'working', percent: 57, message: null };

/** What stands between the introducer and the end, which must be there. */
function payloadOf(sequence: string, start: string): string {
  expect(sequence.startsWith(`${OSC}${start}`)).toBe(true);
  expect(sequence.endsWith(ST)).toBe(true);
  return sequence.slice(OSC.length + start.length, -ST.length);
}

describe('a status in the Program Status Protocol', () => {
  const write = createProtocolWriter('make', 'Nightly build');

  it('is written as terminals read it', () => {
    expect(write(WORKING)).toBe(
      `${OSC}7501;state=working:progress=57:app=make:title=TmlnaHRseSBidWlsZA==${ST}`,
    );
    expect(write({ state: 'clear', percent: null, message: null })).toBe(`${OSC}7501;state=clear${ST}`);
  });

  it.each([
    [WORKING, { state: 'working', progress: 57 }],
    [
      { ...WORKING, percent: null },
      { state: 'working', progress: null },
    ],
    [
      { state: 'blocked', percent: 3, message: 'Name?' },
      { state: 'blocked', reason: 'question', progress: 3 },
    ],
    [
      { state: 'done', percent: 100, message: null },
      { state: 'done', progress: null },
    ],
    [
      { state: 'error', percent: null, message: 'exit code 3' },
      { state: 'error', message: 'exit code 3' },
    ],
  ] as [ToldStatus, object][])('%j', (told, record) => {
    expect(readStatusReport(payloadOf(write(told), '7501;'))).toMatchObject({
      kind: 'record',
      id: '',
      record: { app: 'make', title: 'Nightly build', ...record },
    });
  });

  it.each([
    ['', 'x'],
    ['a b/c:;=d', 'x\u001b]0;y\u0007\n'],
    ['ü'.repeat(99), '🙂'.repeat(999)],
    ['a'.repeat(99), 'é'.repeat(5_000)],
  ])('breaks no limit for %j', (program, text) => {
    const sequence = createProtocolWriter(program, text)({ state: 'blocked', percent: 1, message: text });
    expect(Buffer.byteLength(sequence)).toBeLessThanOrEqual(4_096);
    expect(readStatusReport(payloadOf(sequence, '7501;'))).toMatchObject({ kind: 'record', id: '' });
  });
});

describe('a status as a progress bar', () => {
  it.each([
    [WORKING, '1;57'],
    [{ ...WORKING, percent: null }, '3;'],
    [{ state: 'blocked', percent: 57, message: 'Name?' }, '4;57'],
    [{ state: 'blocked', percent: null, message: 'Name?' }, '4;'],
    [{ state: 'done', percent: 100, message: null }, '0;'],
    [{ state: 'error', percent: 57, message: null }, '0;'],
    [{ state: 'clear', percent: null, message: null }, '0;'],
  ] as [ToldStatus, string][])('%j', (told, payload) => {
    expect(writeBar(told)).toBe(`${OSC}9;4;${payload}${ST}`);
    expect(readBarReport(`4;${payload}`)).not.toBeNull();
  });
});

describe('work that is reported', () => {
  it('has the whole’s progress, whole, if any is known, and what it asks', () => {
    const work = createToldWork(() => {});
    expect(work.status).toEqual({ state: 'working', percent: null, message: null });
    work.setSteps(['a', 'b'], [1, 2]);
    work.step(0, 'running');
    expect(work.status.percent).toBeNull();
    work.step(0, 'completed');
    work.step(1, 'running', 50.5);
    expect(work.status.percent).toBe(67);
    work.setSteps(['a', 'b', 'c'], [1, 2, 3]);
    expect(work.status.percent).toBe(33);
    work.tell({ idle: 'turn done' });
    work.tell({ question: 'Name?' });
    expect(work.status).toMatchObject({ state: 'blocked', message: 'Name?' });
    work.tell({ question: null });
    expect(work.status).toMatchObject({ state: 'idle', message: 'turn done' });
  });
});

describe('a watch over what a command prints', () => {
  const PASSED = { bar: true, status: true };
  const take = (text: string, passed = PASSED) => {
    const watch = createOutputWatch(passed);
    for (const byte of Buffer.from(text)) watch.take(Buffer.from([byte]), 'terminal');
    return watch;
  };

  it.each([
    ['abc\r\n', true],
    ['\u001b[1m', true],
    ['a\u001b', false],
    ['a\u001b[3', false],
    [`${OSC}0;title`, false],
    [`${OSC}0;title${ST}`, true],
    ['é🙂', true],
  ])('tells whether %j has ended', (text, isBetween) => {
    expect(take(text).isBetween).toBe(isBetween);
  });

  it.each([
    ['é', [0xc3]],
    ['價', [0xe5, 0x83]],
    ['🙂', [0xf0, 0x9f, 0x99]],
  ])('waits for the rest of %s', (character, begun) => {
    const watch = createOutputWatch(PASSED);
    for (let end = 1; end <= begun.length; end += 1) {
      const fresh = createOutputWatch(PASSED);
      fresh.take(Buffer.from(begun.slice(0, end)), 'stdout');
      expect(fresh.isBetween).toBe(false);
    }
    watch.take(Buffer.from(begun), 'stdout');
    watch.take(Buffer.from(character).subarray(begun.length), 'stdout');
    expect(watch.isBetween).toBe(true);
  });

  it.each([
    [`${OSC}9;4;1;5${ST}`, 'bar'],
    [`${OSC}9;4;3\u0007`, 'bar'],
    [`${OSC}9;4;1;5${ST}${OSC}9;4;0;${ST}`, null],
    [`${OSC}9;hello${ST}`, null],
    [`${OSC}7501;?${ST}`, null],
    [`${OSC}7501;state=idle${ST}`, 'status'],
    [`${OSC}7501;state=idle${ST}${OSC}7501;state=clear:id=a${ST}`, 'status'],
    [`${OSC}7501;state=idle${ST}${OSC}7501;state=clear${ST}`, null],
    [`${OSC}7501;state=idle${ST}\u001bc`, null],
  ])('tells by what it speaks: %j', (text, speaks) => {
    expect(take(text).speaks).toBe(speaks);
    expect(take(text, { bar: false, status: false }).speaks).toBeNull();
  });
});
