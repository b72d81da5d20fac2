import { afterEach, describe, expect, it } from 'vitest';
import { lineText } from '../../src/present/line.ts';
import { createScreen } from '../../src/ui/screen.ts';
import { everything, many, nothing, silent } from '../helpers/scenes.ts';
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
    seen: { load: () => ({}), save: () => {} },
    paint: lineText,
    terminal: { copy: () => {}, open: () => false, isBusy: () => false, onceReady: () => {}, quit: () => {} },
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
    expect(text()).toContain('copied licence');
    await pass(11 * SECOND);
    expect(text()).not.toContain('copied');
  });

  it.each([-HOUR, 3 * HOUR, 30 * 24 * HOUR])(
    'a clock that is set by %d ms marks nothing as silent, keeps no remark, and is shown within a minute',
    async (byMs) => {
      const test = await openScreen(everything);
      const { clock, text, press, pass } = test;
      await pass(50 * SECOND);
      const before = /!\d+/u.exec(text())?.[0];
      expect(before).toBeDefined();
      await press('y');
      clock.set(byMs);
      await pass(11 * SECOND);
      expect(text()).not.toContain('copied');
      expect(/!\d+/u.exec(text())?.[0]).toBe(before);
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
    expect(lines()[0]).toContain('! 1 stalled');
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

  it('that change everything are drawn less often, a single one and a key as ever', async () => {
    const { sources, frames, clock, press } = await openScreen(silent(30), { columns: 120, rows: 40 });
    const turn = async () => {
      for (let count = 0; count < 4; count += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const before = frames();
    for (let update = 1; update <= 20; update += 1) {
      for (let n = 0; n < 30; n += 1)
        sources[0]?.put(makeTask(`n${n}`, { startedAt: clock.now(), reportedProgress: update }));
      await turn();
      clock.advance(50);
    }
    expect(frames() - before).toBeGreaterThanOrEqual(10);
    expect(frames() - before).toBeLessThanOrEqual(18);
    const drawn = frames();
    await press('j');
    expect(frames()).toBeGreaterThan(drawn);
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
  it('finds what ended meanwhile marked and counted, and the order as ever', async () => {
    const { press, pass, settle, sources, lines, text } = await openScreen(silent(3));
    sources[0]?.put(makeTask('n1', { state: { status: 'completed', endedAt: null, result: null } }));
    await settle();
    await pass(120 * SECOND);
    sources[0]?.put(makeTask('n0', { state: { status: 'completed', endedAt: null, result: null } }));
    await pass(SECOND);
    const marked = () => lines().filter((line) => line.startsWith(' •'));
    expect(marked()).toEqual([expect.stringContaining('✓ task n0')]);
    expect(lines()[0]).toContain('• 1 unseen');
    expect(lines().findIndex((line) => line.includes('✓ task n0'))).toBeGreaterThan(
      lines().findIndex((line) => line.includes('silent task 2')),
    );
    await press('j');
    expect(lines()[0]).toContain('• 1 unseen');
    await pass(61 * SECOND);
    expect(text()).not.toContain('unseen');
  });

  it('finds failures marked until they were looked at or dismissed', async () => {
    const { press, pass, sources, lines, text } = await openScreen(silent(3));
    await pass(120 * SECOND);
    for (const id of ['n0', 'n1'])
      sources[0]?.put(makeTask(id, { state: { status: 'failed', endedAt: null, error: null } }));
    await pass(SECOND);
    await press('j');
    await pass(61 * SECOND);
    await press('g');
    expect(lines()[0]).toContain('• 2 unseen');
    await press('enter', 'esc');
    expect(lines()[0]).toContain('• 1 unseen');
    await press('g', 'd');
    expect(text()).not.toContain('unseen');
  });

  it('finds the view at the top again, and the selection where it was', async () => {
    const { press, pass, lines, text } = await openScreen(many(100));
    await press('G');
    const chosen = () => lines().find((line) => line.startsWith('›'));
    expect(chosen()).toContain('number 98 ');
    await pass(59 * SECOND);
    expect(chosen()).toContain('number 98 ');
    await pass(2 * SECOND);
    expect(text()).not.toContain('↑');
    expect(text()).not.toContain('›');
    await press('k', 'j');
    expect(chosen()).toContain('number 98 ');
  });
});

describe('a selected task that ends', () => {
  it('sinks, and the view stays where it is', async () => {
    const { press, settle, sources, lines, text } = await openScreen(many(100));
    const chosen = () => lines().find((line) => line.startsWith('›'));
    await press('g', ...Array(26).fill('j'));
    expect(chosen()).toContain('⠋');
    const id = /number (\d+)/u.exec(chosen() ?? '')?.[1];
    const above = /↑ \d+ more/u.exec(text())?.[0];
    sources[0]?.put(makeTask(`n${id}`, { state: { status: 'completed', endedAt: 1, result: null } }));
    await settle();
    expect(/↑ \d+ more/u.exec(text())?.[0]).toBe(above);
    expect(chosen()).toBeUndefined();
    await press('k', 'j');
    expect(chosen()).toContain(`✓ task n${id}`);
  });
});
