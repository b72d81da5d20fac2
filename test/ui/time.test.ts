import { afterEach, describe, expect, it } from 'vitest';
import { createScreen } from '../../src/ui/screen.ts';
import { createPaint } from '../../src/ui/theme.ts';
import { everything, nothing, silent } from '../helpers/scenes.ts';
import { closeScreens, openScreen, SCREEN_OPTIONS, type TestScreen } from '../helpers/screen.ts';
import { makeTask } from '../helpers/task.ts';

afterEach(closeScreens);

const SECOND = 1_000;
const HOUR = 3_600_000;

/** What a screen that was opened just now would show. */
function drawnAfresh({ monitor, clock }: TestScreen): string {
  const screen = createScreen({
    monitor,
    clock,
    options: SCREEN_OPTIONS,
    dismissals: { load: () => ({}), save: () => {} },
    paint: createPaint({ color: false, ascii: false }),
    terminal: { copy: () => {}, isBusy: () => false, onceReady: () => {}, quit: () => {} },
    size: { columns: 80, rows: 24 },
  });
  const text = screen.getFrame().join('\n');
  screen.close();
  return text;
}

const trimmed = (text: string) => text.replace(/ +$/gmu, '');

describe('as time passes', () => {
  it('the screen never shows a time that was over a second ago', async () => {
    for (const scene of [silent(5), everything]) {
      const test = await openScreen(scene);
      for (let second = 0; second < 900; second += 1) {
        test.clock.advance(SECOND);
        if (second % 7 === 0) expect(trimmed(test.text())).toBe(trimmed(drawnAfresh(test)));
      }
    }
  });

  it('twenty silent tasks are drawn anew at most once a second, less often the longer they last', async () => {
    const { clock, frames } = await openScreen(silent(20), { columns: 120, rows: 40 });
    const during = (ms: number) => {
      const before = frames();
      for (let passed = 0; passed < ms; passed += 100) clock.advance(100);
      return frames() - before;
    };
    expect(during(60 * SECOND)).toBeLessThanOrEqual(60);
    during(2 * HOUR);
    expect(during(60 * SECOND)).toBeLessThanOrEqual(21);
  });

  it('a screen on which nothing runs does nothing at all', async () => {
    const { clock, frames } = await openScreen(nothing);
    let timers = 0;
    const { after } = clock;
    clock.after = (...given) => {
      timers += 1;
      return after(...given);
    };
    clock.advance(HOUR);
    expect([frames(), timers]).toEqual([1, 0]);
  });

  it('a remark goes away by itself', async () => {
    const { press, text, pass } = await openScreen(everything);
    await press('y');
    expect(text()).toContain('copied backup');
    await pass(11 * SECOND);
    expect(text()).not.toContain('copied');
  });

  it.each([-HOUR, 3 * HOUR, 30 * 24 * HOUR])(
    'a clock that is set by %d ms marks nothing as silent, keeps no remark, and is shown within a minute',
    async (byMs) => {
      const test = await openScreen(everything);
      const { clock, text, press, pass } = test;
      await pass(50 * SECOND);
      const before = /! \d+ stalled/u.exec(text())?.[0];
      await press('y');
      clock.set(byMs);
      await pass(11 * SECOND);
      expect(text()).not.toContain('copied');
      expect(/! \d+ stalled/u.exec(text())?.[0]).toBe(before);
      await pass(60 * SECOND);
      expect(trimmed(text())).toBe(trimmed(drawnAfresh(test)));
    },
  );

  it('a silent task is marked and counted', async () => {
    const { lines, pass, sources, settle, clock } = await openScreen(silent(1));
    const source = sources[0];
    for (let update = 0; update < 30; update += 1) {
      clock.advance(20 * SECOND);
      source?.put(makeTask('n0', { startedAt: 0, updatedAt: clock.now(), reportedProgress: update }));
      await settle();
    }
    expect(lines().join('\n')).not.toContain('silent 1');
    await pass(90 * SECOND);
    expect(lines().join('\n')).not.toContain('stalled');
    await pass(20 * SECOND);
    expect(lines()[1]).toContain('! 1 stalled');
    expect(lines().join('\n')).toMatch(/silent 1m, usual/u);
  });
});

describe('news', () => {
  it('are drawn at once, then no more often than the frame rate', async () => {
    const { sources, frames, settle, clock, text } = await openScreen(
      nothing.length === 0 ? silent(1) : silent(1),
    );
    await settle();
    clock.advance(SECOND);
    const before = frames();
    for (let update = 1; update <= 100; update += 1) {
      sources[0]?.put(makeTask('n0', { reportedProgress: update }));
      for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (update === 1) expect(text()).toContain('  1%');
      clock.advance(10);
    }
    expect(frames() - before).toBeGreaterThan(15);
    expect(frames() - before).toBeLessThanOrEqual(32);
    clock.advance(40);
    expect(text()).toContain('100%');
  });

  it('wait for a slow terminal, which then gets the newest', async () => {
    const { sources, frames, settle, terminal, text } = await openScreen(silent(1));
    terminal.isBusy = true;
    const before = frames();
    for (const progress of [10, 20, 30]) {
      sources[0]?.put(makeTask('n0', { reportedProgress: progress }));
      await settle();
    }
    expect(frames()).toBe(before);
    terminal.isBusy = false;
    terminal.ready();
    expect(frames()).toBe(before + 1);
    expect(text()).toContain(' 30%');
  });

  it('turn the spinner; time does not', async () => {
    const { sources, settle, text, pass } = await openScreen(silent(1));
    const spinner = () => /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏](?= )/u.exec(text().split('\n').slice(2).join('\n'))?.[0];
    expect(spinner()).toBe('⠋');
    await pass(20 * SECOND);
    expect(spinner()).toBe('⠋');
    sources[0]?.put(makeTask('n0'));
    await settle();
    expect(spinner()).toBe('⠙');
  });
});

describe('who looks away', () => {
  it('finds what ended meanwhile first, under a heading', async () => {
    const { press, pass, sources, lines, text } = await openScreen(silent(3));
    await pass(120 * SECOND);
    sources[0]?.put(makeTask('n0', { state: { status: 'completed', endedAt: null, result: null } }));
    await pass(SECOND);
    expect(text()).not.toContain('since you looked');
    await pass(20 * SECOND);
    expect(lines()[4]).toMatch(/^── since you looked · 1 ──/u);
    expect(lines()[5]).toContain('✓ task n0');
    expect(text()).toContain('── all others · 2 ──');
    await press('j');
    expect(text()).toContain('since you looked');
    await pass(61 * SECOND);
    expect(text()).not.toContain('since you looked');
  });
});
