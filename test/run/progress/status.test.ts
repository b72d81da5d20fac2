import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { announceBar, showsBar, showsStatus } from '../../../src/io/terminal-features.ts';
import { createProgressReader } from '../../../src/run/progress/progress-reader.ts';
import { createStatusFilter } from '../../../src/run/progress/status/status-filter.ts';
import { readStatusReport } from '../../../src/run/progress/status/status-report.ts';
import { readOutput, wholeOf } from '../../helpers/found-progress.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const status = (pairs: string, end = '\u0007') => `\u001b]7501;${pairs}${end}`;
const bar = (rest: string, end = '\u0007') => `\u001b]9;4;${rest}${end}`;

describe('a status report', () => {
  it.each([
    'state=working:progress=57:app=make',
    'state=working:progress=57:app=make:',
    'junk:state=idle:state=working:progress=1:progress=57:app=make:UP=1:later=a.b',
  ])('%s', (payload) => {
    expect(readStatusReport(payload)).toMatchObject({
      kind: 'record',
      id: '',
      record: { state: 'working', progress: 57, app: 'make' },
    });
  });

  it('reads titles and messages, with and without padding', () => {
    const message = 'Läuft: npm test?';
    for (const text of [base64(message), base64(message).replace(/=+$/u, '')]) {
      expect(readStatusReport(`state=blocked:kind=permission:msg=${text}`)).toMatchObject({
        record: { state: 'blocked', reason: 'permission', message },
      });
    }
  });

  it('has progress only while it works or is blocked, a kind only while it is blocked', () => {
    expect(readStatusReport('state=done:progress=150:kind=auth')).toMatchObject({
      record: { state: 'done', progress: null, reason: null },
    });
  });

  it.each([
    ['no state', 'progress=57'],
    ['another state', 'state=sleeping'],
    ['too much progress', 'state=working:progress=101'],
    ['a fraction', 'state=working:progress=5.5'],
    ['a long app', `state=working:app=${'a'.repeat(33)}`],
    ['an app with other signs', 'state=working:app=a/b'],
    ['a malformed id, which is not the root', 'state=working:id=a//b'],
    ['an empty id', 'state=working:id='],
    ['a deep id', `state=working:id=${'a/'.repeat(8)}a`],
    ['a long part of an id', `state=working:id=${'a'.repeat(33)}`],
    ['a long id', `state=working:id=${Array(5).fill('a'.repeat(30)).join('/')}`],
    ['a long title', `state=working:title=${base64('a'.repeat(193))}`],
    ['a long message', `state=working:msg=${base64('a'.repeat(2_049))}`],
    ['no base64', 'state=working:msg=abcde'],
    ['base64 of other signs', 'state=working:msg=a-_b'],
    ['no UTF-8', `state=working:msg=${Buffer.from([0xff, 0xfe]).toString('base64')}`],
    ['a control character', `state=working:msg=${base64('a\u001b[2Jb')}`],
    ['a line break', `state=working:title=${base64('a\nb')}`],
  ])('is ignored as a whole with %s', (_what, payload) => {
    expect(readStatusReport(payload)).toBeNull();
  });
});

describe('program status', () => {
  it('tells progress, what it waits for and, when it is cleared, nothing', () => {
    const session = [
      status('?'),
      status(`state=working:app=claude-code:progress=33:msg=${base64('Adding the tokenizer')}`),
      status(`state=working:id=a1b2:title=${base64('Explore')}`),
      status(`state=blocked:kind=permission:app=claude-code:msg=${base64('Run npm test?')}`),
      status('state=clear:id=a1b2'),
      status(`state=done:app=claude-code:msg=${base64('14 tests pass')}`, '\u001b\\'),
      status('state=clear'),
    ];
    const upTo = (count: number) => readOutput(session.slice(0, count));
    expect(upTo(2).whole).toBe(33);
    expect(upTo(3)).toMatchObject({ whole: 33, steps: ['claude-code:r33', 'Explore:r'] });
    expect(upTo(4).standing).toEqual({ question: 'permission: Run npm test?', idle: null });
    expect(upTo(6).standing).toEqual({ question: null, idle: 'turn done: 14 tests pass' });
    expect(upTo(7)).toMatchObject({ whole: null, standing: { question: null, idle: null } });
  });

  it('reads the same wherever it is cut', () => {
    const output = Buffer.from(`a${status('state=working:progress=57', '\u001b\\')}b 3%\n`);
    for (let cut = 1; cut < output.length; cut += 1) {
      expect(readOutput([output.subarray(0, cut), output.subarray(cut)]).whole).toBe(57);
    }
  });

  it('replaces a record as a whole', () => {
    expect(readOutput([status('state=working:progress=57'), status('state=working')]).whole).toBeNull();
  });

  it('makes steps of what a program has started, and clears them with all below', () => {
    const children = ['build', 'build/x', 'builder'].map((id) =>
      status(`state=working:progress=40:id=${id}`),
    );
    expect(readOutput(children).steps).toEqual(['build:r40', 'x:r40', 'builder:r40']);
    expect(readOutput([...children, status('state=clear:id=build')]).steps).toEqual(['builder:r40']);
    expect(
      readOutput([...children, status('state=done:id=build'), status('state=error:id=builder')]).steps,
    ).toEqual(['build:c', 'x:r40', 'builder:f']);
  });

  it('forgets everything when the terminal is reset, and nothing on another screen', () => {
    expect(readOutput([status('state=working:progress=57'), '\u001bc']).whole).toBeNull();
    expect(readOutput(['\u001b[?1049h', status('state=working:progress=57')]).whole).toBe(57);
  });

  it('keeps 64 records, the ones that were updated last', () => {
    const reports = Array.from({ length: 65 }, (_, at) => status(`state=working:progress=10:id=n${at}`));
    const { steps } = readOutput([
      ...reports.slice(0, 64),
      status('state=working:progress=20:id=n0'),
      ...reports.slice(64),
    ]);
    expect(steps).toHaveLength(64);
    expect(steps[0]).toBe('n0:r20');
    expect(steps).not.toContain('n1:r10');
  });

  it('is silenced by nothing that is printed, and answered before anything else', () => {
    expect(readOutput([status('state=working:progress=57'), '90%\n', bar('1;80')]).whole).toBe(57);
    const replies: string[] = [];
    readOutput([status('?', '\u001b\\'), status('?:future=1')], { answer: (reply) => replies.push(reply) });
    expect(replies).toEqual(['\u001b]7501;?\u001b\\', '\u001b]7501;?\u0007']);
  });

  it('is no longer than 4,096 bytes', () => {
    const filled = (length: number) => {
      const start = '\u001b]7501;state=working:progress=57:later=';
      return `${start.padEnd(length - 1, 'a')}\u0007`;
    };
    expect(readOutput([filled(4_096)]).whole).toBe(57);
    expect(readOutput([filled(4_097), '3%\n']).whole).toBe(3);
  });
});

describe('a progress bar of the terminal (OSC 9;4)', () => {
  it.each([
    [bar('1;57'), 57, null],
    [bar('1;57', '\u001b\\'), 57, null],
    [bar('1;57', '\u009c'), 57, null],
    [bar('1;0'), 0, null],
    [bar('2;57'), 57, null],
    [bar('4;57'), 57, 'paused'],
    [bar('1;57') + bar('2'), 57, null],
    [bar('1;57') + bar('3'), null, null],
    [bar('1;57') + bar('3;'), null, null],
    [bar('1;57') + bar('0;'), null, null],
    [bar('7;57'), null, null],
    ['\u001b]9;4 of 5 tests passed\u0007', null, null],
    ['\u001b]9;A plain notification\u0007', null, null],
  ])('%j', (output, whole, idle) => {
    expect(readOutput([output])).toMatchObject({ whole, standing: { question: null, idle } });
  });

  it('ends with a single byte, too', () => {
    const bytes = Buffer.concat([Buffer.from('\u001b]9;4;1;57'), Buffer.from([0x9c]), Buffer.from('x')]);
    expect(readOutput([bytes]).whole).toBe(57);
  });

  it('is forgotten after 15 s without news; then what is printed counts', () => {
    const clock = createFakeClock();
    const reader = createProgressReader({ clock, onProgress: () => {} });
    const print = (text: string) => reader.read(Buffer.from(text), 'terminal');
    print(bar('1;57'));
    clock.advance(14_000);
    print(`${bar('1;58')}3%\n`);
    clock.advance(14_000);
    expect(wholeOf(reader.progress)).toBe(58);
    clock.advance(1_000);
    expect(wholeOf(reader.progress)).toBeNull();
    print('4%\n');
    expect(wholeOf(reader.progress)).toBe(4);
  });
});

describe('what our terminal gets', () => {
  const output = `a\u001b[1m${status('?')}b${status('state=working', '\u001b\\')}c${bar('1;57')}d\u001b]9;4 new\u0007\u001b]9;hi\u0007\u001b]0;t\u0007e\u001b`;

  function filtered(leaveOut: { status: boolean; bar: boolean; query?: boolean }): string[] {
    const bytes = Buffer.from(output);
    return Array.from({ length: bytes.length }, (_, cut) => {
      const filter = createStatusFilter({ query: true, ...leaveOut, status: () => leaveOut.status });
      return Buffer.concat([filter(bytes.subarray(0, cut)), filter(bytes.subarray(cut))]).toString();
    });
  }

  it.each([
    [{ status: true, bar: true }, 'a\u001b[1mbcd\u001b]9;4 new\u0007\u001b]9;hi\u0007\u001b]0;t\u0007e'],
    [
      { status: true, bar: false },
      `a\u001b[1mbc${bar('1;57')}d\u001b]9;4 new\u0007\u001b]9;hi\u0007\u001b]0;t\u0007e`,
    ],
    [
      { status: false, bar: true },
      `a\u001b[1mb${status('state=working', '\u001b\\')}cd\u001b]9;4 new\u0007\u001b]9;hi\u0007\u001b]0;t\u0007e`,
    ],
    [{ status: false, query: false, bar: false }, output.slice(0, -1)],
  ])('%j', (leaveOut, expected) => {
    for (const text of filtered(leaveOut)) expect(text).toBe(expected);
  });

  it('is byte for byte what the command writes, except for that', () => {
    const filter = createStatusFilter({ status: () => true, query: true, bar: true });
    const bytes = Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7) % 256));
    expect(filter(bytes).equals(bytes)).toBe(true);
    const endless = Buffer.from(`\u001b]7501;${'a'.repeat(5_000)}`);
    expect(filter(endless).equals(endless)).toBe(true);
  });
});

describe('what programs are told', () => {
  it.each([
    [{}, false, false],
    [{ TERM_PROGRAM: 'ghostty' }, true, true],
    [{ TERM_PROGRAM: 'WezTerm' }, true, false],
    [{ TERM_FEATURES: 'T3CwLrMSc7UUw9Ts3BFGsSyHNoSxF' }, false, false],
    [{ TERM_FEATURES: 'T3CwLrP' }, true, false],
    [{ KONSOLE_VERSION: '260400' }, true, false],
    [{ KONSOLE_VERSION: '230804' }, false, false],
    [{ PTYXIS_VERSION: '48.1' }, true, false],
    [{ WT_SESSION: 'x' }, true, false],
  ])('%j', (env, bars, statuses) => {
    expect([showsBar(env), showsStatus(env)]).toEqual([bars, statuses]);
  });

  it('keeps what the user has set', () => {
    expect(announceBar({ TERM_FEATURES: 'T3', CARGO_TERM_PROGRESS_TERM_INTEGRATION: 'false' })).toEqual({
      CARGO_TERM_PROGRESS_TERM_INTEGRATION: 'false',
      TERM_FEATURES: 'T3P',
    });
  });
});
