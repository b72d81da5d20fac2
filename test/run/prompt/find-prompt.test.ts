import { describe, expect, it } from 'vitest';
import {
  type ForegroundProcess,
  findPrompt,
  type PromptFacts,
  type TerminalModes,
} from '../../../src/run/prompt/find-prompt.ts';
import { descriptorRead, readsByPlace } from '../../../src/run/prompt/system-call.ts';
import { createUnfinishedLine } from '../../../src/run/prompt/unfinished-line.ts';

const BY_LINE = { isByLine: true, isEchoed: true };
const SECRET = { isByLine: true, isEchoed: false };
const BY_KEY = { isByLine: false, isEchoed: false };
const UNSEEN = 'waits for an answer at its terminal';
const asleep = (reads: ForegroundProcess['reads']): ForegroundProcess => ({ isAsleep: true, reads });
const shell = asleep('nothing');

/** Who runs, how its terminal is set, the line, and the question that follows. */
const CASES: [
  string,
  ForegroundProcess[],
  TerminalModes | null,
  string,
  string | null,
  Partial<PromptFacts>?,
][] = [
  ['read -p', [asleep('terminal')], BY_LINE, 'Name? ', 'Name? '],
  ['a reader below a shell', [shell, asleep('terminal')], BY_LINE, '> pick one ', '> pick one '],
  ['read at a terminal whose modes nobody tells', [asleep('terminal')], null, 'Name? ', 'Name? '],
  ['read -s', [asleep('terminal')], SECRET, 'Password: ', 'Password: '],
  [
    'sudo, which is not ours to look into',
    [asleep('unknown')],
    SECRET,
    '[sudo] password: ',
    '[sudo] password: ',
  ],
  ['ssh past a pipe', [asleep('/dev/tty')], SECRET, '', UNSEEN],
  ['npx', [asleep('nothing')], BY_KEY, 'Ok to proceed? (y) ', 'Ok to proceed? (y) '],
  ['apt below sudo', [asleep('unknown')], BY_KEY, 'Continue? [Y/n] ', 'Continue? [Y/n] '],
  ['a line editor', [asleep('terminal')], BY_KEY, 'Project name: ', 'Project name: '],

  ['sleep', [shell, asleep('nothing')], BY_LINE, 'Waiting: ', null],
  ['a reader of nothing said', [asleep('terminal')], BY_LINE, '', null],
  ['a shell’s own sign', [asleep('terminal')], BY_LINE, '$ ', null],
  ['one that nobody can look into', [asleep('unknown')], BY_LINE, 'Installing ', null],
  ['one that nobody can look into, at a terminal nobody knows', [asleep('unknown')], null, 'Key: ', null],
  ['one that hides keys while it works', [asleep('nothing')], SECRET, 'Burning: ', null],
  ['nobody in the foreground', [], SECRET, 'Name? ', null],
  ['less', [asleep('terminal')], BY_KEY, '/etc/services', null],
  ['less -X at its colon', [asleep('terminal')], BY_KEY, ':', null],
  ['top', [asleep('nothing')], BY_KEY, '1 root 0.0 0.3 0:01.93 ksoftirqd', null],
  ['a program that draws its own cursor', [asleep('terminal')], BY_KEY, 'Really? ', null, hidden()],
  ['a program that works', [{ isAsleep: false, reads: 'nothing' }], BY_KEY, 'Loading: ', null],
  ['vim', [asleep('terminal')], BY_KEY, 'Name? ', null, alternate()],
  ['a full-screen program that reads lines', [asleep('terminal')], BY_LINE, 'Name? ', null, alternate()],
];

function hidden(): Partial<PromptFacts> {
  return { screen: { isAlternate: false, isCursorHidden: true } };
}

function alternate(): Partial<PromptFacts> {
  return { screen: { isAlternate: true, isCursorHidden: false } };
}

describe('a prompt', () => {
  it.each(CASES)('%s', (_who, processes, modes, line, question, more = {}) => {
    const screen = { isAlternate: false, isCursorHidden: false };
    expect(findPrompt({ line, processes, modes, screen, ...more })).toBe(question);
  });
});

describe('what a thread waits to read', () => {
  it.each([
    ['0 0x0 0x55cf1c98ff40 0x1000', 'x64', 0],
    ['0 0x1f 0x55cf1c98ff40 0x1000', 'x64', 31],
    ['63 0x3 0xffff 0x1', 'arm64', 3],
    ['270 0x1 0x7ffe0ac4d520 0x0', 'x64', 0],
    ['270 0x4 0x7ffe0ac4d520 0x0', 'x64', null],
    ['1 0x1 0x55cf1c98ff40 0x1000', 'x64', null],
    ['45 0x6 0x7f66279f1ac0 0x1', 'x64', null],
    ['0 0x0 0x55cf1c98ff40 0x1000', 'arm64', null],
    ['running', 'x64', null],
    ['', 'x64', null],
  ])('%s on %s', (call, processor, fd) => {
    expect(descriptorRead(call, processor)).toBe(fd);
  });
});

describe('where threads wait', () => {
  it.each([
    [['n_tty_read'], true, true],
    [['futex_wait_queue', 'wait_woken'], false, true],
    [['wait_woken'], true, undefined],
    [['hrtimer_nanosleep'], false, false],
    [['0'], false, undefined],
    [[null, ''], false, undefined],
  ])('%j, with sockets: %s', (places, holdsSockets, reads) => {
    expect(readsByPlace(places, holdsSockets)).toBe(reads);
  });
});

describe('an unfinished line', () => {
  it.each([
    [['one\nName? '], 'Name? '],
    [['Na', 'me', '? '], 'Name? '],
    [['Name? \n'], ''],
    [['old line\r\u001b[KName: '], 'Name: '],
    [['\u001b[1m?\u001b[0m Project ', '\u001b[1G\u001b[0Jok? \u001b[5G'], 'ok? '],
    [['pass\b\b\b\bword: '], 'word: '],
  ])('%j', (pieces, text) => {
    const line = createUnfinishedLine();
    for (const piece of pieces) line.add(Buffer.from(piece), 'terminal');
    expect(line.text()).toBe(text);
  });

  it('is the one of the output that was printed to last', () => {
    const line = createUnfinishedLine();
    line.add(Buffer.from('half a'), 'stdout');
    line.add(Buffer.from('Name? '), 'stderr');
    expect(line.text()).toBe('Name? ');
  });

  it('knows what was made of the screen, wherever the output is cut', () => {
    const output = Buffer.from('é\u001b[?25;1049h\u001b[?2004h:\u001b[?1049l\u001b[?25l');
    for (let cut = 0; cut <= output.length; cut += 1) {
      const line = createUnfinishedLine();
      line.add(output.subarray(0, cut), 'terminal');
      line.add(output.subarray(cut), 'terminal');
      expect(line.screen).toEqual({ isAlternate: false, isCursorHidden: true });
      line.add(Buffer.from('\u001b[?47h\u001b[?25h'), 'terminal');
      expect(line.screen).toEqual({ isAlternate: true, isCursorHidden: false });
      line.add(Buffer.from('\u001bc'), 'terminal');
      expect(line.screen).toEqual({ isAlternate: false, isCursorHidden: false });
    }
  });
});
