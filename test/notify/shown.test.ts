import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { plainName } from '../../src/model/text.ts';
import { createProgress } from '../../src/notify/channels/progress.ts';
import { createTitle } from '../../src/notify/channels/title.ts';
import type { Summary } from '../../src/notify/summary.ts';
import type { KnownTerminal } from '../../src/notify/terminal/known-terminal.ts';
import { createTerminalLink } from '../../src/notify/terminal/terminal-link.ts';

const never = new AbortController().signal;
const IDLE: Summary = {
  needsYou: 0,
  failed: 0,
  running: 0,
  progress: null,
  isUnderWay: false,
  hasFailed: false,
};
const BUSY: Summary = { ...IDLE, running: 2, progress: 41.9, isUnderWay: true };

/** A terminal, and what it was sent. */
function terminal({
  isTTY = true,
  multiplexer = null,
}: {
  isTTY?: boolean;
  multiplexer?: 'tmux' | null;
} = {}) {
  const sent: string[] = [];
  const stdout = { isTTY, write: (text: string) => sent.push(text) } as unknown as NodeJS.WriteStream;
  const known = { name: plainName('xterm'), hasProgress: false, multiplexer, problems: [] };
  const link = createTerminalLink(
    { stdout, env: { TERM: 'xterm' } },
    async () => known as unknown as KnownTerminal,
    multiplexer,
  );
  const taken = () => sent.splice(0).join('');
  return { link, taken };
}

describe('the title of a window', () => {
  it('says how many wait, have failed and run while the terminal is ours, and is then restored', () => {
    const { link, taken } = terminal();
    const title = createTitle(link, false);
    title.show?.(BUSY);
    expect(taken()).toBe('');
    expect(title.modes?.enter()).toBe('\u001b[22;2t\u001b]2;⠋2 taskglass\u0007');
    title.show?.({ ...BUSY, needsYou: 1, failed: 3 });
    expect(taken()).toBe('\u001b]2;?1 ✗3 ⠋2 taskglass\u0007');
    title.show?.({ ...BUSY, needsYou: 1, failed: 3, progress: 80 });
    expect(taken()).toBe('');
    title.show?.(IDLE);
    expect(taken()).toBe('\u001b]2;taskglass\u0007');
    expect(title.modes?.leave()).toBe('\u001b]2;\u0007\u001b[23;2t');
    expect(title.modes?.leave()).toBe('');
    title.show?.(BUSY);
    expect(taken()).toBe('');
  });

  it('is ASCII if that is asked for, and nothing if there is no terminal', async () => {
    const { link, taken } = terminal();
    const title = createTitle(link, true);
    title.modes?.enter();
    title.show?.({ ...BUSY, failed: 1 });
    expect(taken()).toMatch(/^\p{ASCII}+$/u);
    const none = createTitle(terminal({ isTTY: false }).link, false);
    expect([none.modes?.enter(), none.modes?.leave()]).toEqual(['', '']);
    expect(await none.check(never)).toHaveLength(1);
    expect(await title.check(never)).toEqual([]);
  });
});

describe('the progress bar of a terminal', () => {
  function bar(options?: Parameters<typeof terminal>[0]) {
    const clock = createFakeClock();
    const { link, taken } = terminal(options);
    return { clock, taken, progress: createProgress(link, clock) };
  }

  it('shows how far everything is, in whole percents, and is removed when nothing is under way', () => {
    const { progress, taken } = bar();
    expect(progress.modes?.enter()).toBe('');
    progress.show?.(BUSY);
    expect(taken()).toBe('\u001b]9;4;1;41\u0007');
    progress.show?.({ ...BUSY, progress: 41.2 });
    expect(taken()).toBe('');
    progress.show?.({ ...BUSY, needsYou: 1 });
    expect(taken()).toBe('\u001b]9;4;4;41\u0007');
    progress.show?.({ ...BUSY, needsYou: 1, hasFailed: true });
    expect(taken()).toBe('\u001b]9;4;2;41\u0007');
    progress.show?.({ ...BUSY, progress: null });
    expect(taken()).toBe('\u001b]9;4;3;\u0007');
    progress.show?.(IDLE);
    expect(taken()).toBe('\u001b]9;4;0;\u0007');
  });

  it('is renewed while it is shown, and by no timer once it is gone or the terminal is not ours', () => {
    const { progress, taken, clock } = bar();
    progress.modes?.enter();
    progress.show?.(BUSY);
    taken();
    clock.advance(15_000);
    expect(taken()).toBe('\u001b]9;4;1;41\u0007'.repeat(3));
    expect(progress.modes?.leave()).toBe('\u001b]9;4;0;\u0007');
    progress.show?.({ ...BUSY, progress: 60 });
    clock.advance(60_000);
    expect(taken()).toBe('');
    expect(progress.modes?.enter()).toBe('\u001b]9;4;1;60\u0007');
    clock.advance(5_000);
    expect(taken()).toBe('\u001b]9;4;1;60\u0007');
    progress.show?.(IDLE);
    taken();
    clock.advance(60_000);
    expect(taken()).toBe('');
    expect(progress.modes?.leave()).toBe('');
  });

  it('passes through a multiplexer, and is reported as missing if it is not known', async () => {
    const { progress, taken } = bar({ multiplexer: 'tmux' });
    progress.modes?.enter();
    progress.show?.(BUSY);
    expect(taken()).toBe('\u001bPtmux;\u001b\u001b]9;4;1;41\u0007\u001b\\');
    const plain = bar().progress;
    expect(await plain.check(never)).toMatchObject([{ message: expect.stringContaining('xterm') }]);
    const none = bar({ isTTY: false }).progress;
    expect(none.modes?.enter()).toBe('');
    none.show?.(BUSY);
    expect(await none.check(never)).toHaveLength(1);
  });
});
