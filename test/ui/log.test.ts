import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { type LogLine, noLog, type OpenedLog } from '../../src/model/log.ts';
import { plainName, words } from '../../src/model/text.ts';
import { createMemorySource, type MemorySource } from '../../src/sources/kit/memory.ts';
import { closeScreens, HALF_PAST_TWO, openScreen } from '../helpers/screen.ts';
import { makeTask } from '../helpers/task.ts';

afterEach(closeScreens);

/** A task whose log is in the test's hands. */
function scene() {
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  let wake = () => {};
  let waiting: LogLine[] = [];
  async function* lines(signal: AbortSignal): AsyncGenerator<readonly LogLine[]> {
    let isOver = false;
    void over.then(() => {
      isOver = true;
      wake();
    });
    signal.addEventListener('abort', () => wake());
    while (!isOver && !signal.aborted) {
      if (waiting.length > 0) yield waiting.splice(0);
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const log = async (_id: string, { signal }: { signal: AbortSignal }): Promise<OpenedLog> => ({
    kind: 'opened',
    lines: lines(signal),
  });
  return {
    end,
    print(...texts: string[]) {
      waiting = [
        ...waiting,
        ...texts.map((text) => ({ at: HALF_PAST_TWO, stream: 'terminal', text }) as const),
      ];
      wake();
    },
    open:
      (given = log) =>
      (_clock: Clock): MemorySource[] => {
        const source = createMemorySource({ id: sourceId('runs') });
        source.put(makeTask('build', { name: plainName('Build') }));
        return [Object.assign(source, { log: given })];
      },
  };
}

/** The lines below the title of the log, without their times. */
const shown = (lines: string[]) =>
  lines
    .slice(lines.findIndex((line) => line.startsWith('log of')) + 1)
    .map((line) => line.trimEnd())
    .filter((line) => line.startsWith('  14:30'))
    .map((line) => line.replace(/^ {2}\S+ {2}/u, ''));
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`);

describe('the log of a task', () => {
  it('opens with l, is followed, and closed by esc', async () => {
    const world = scene();
    world.print('one', '\u001b[31mtwo\u001b[2J\u001b[0m');
    const { press, lines, text, settle } = await openScreen(world.open());
    await press('l');
    expect(text()).toContain('log of Build  2 lines, following');
    expect(shown(lines())).toEqual(['one', 'two']);
    world.print('three');
    await settle();
    expect(shown(lines())).toEqual(['one', 'two', 'three']);
    world.end();
    await settle();
    expect(text()).toMatch(/log of Build {2}3 lines *$/mu);
    await press('esc');
    expect(text()).not.toContain('log of');
  });

  it('keeps its end in sight until it is scrolled, and again from its end on', async () => {
    const world = scene();
    world.print(...numbered(100));
    const { press, lines, text, settle } = await openScreen(world.open());
    await press('l');
    expect(shown(lines()).at(-1)).toBe('line 99');
    await press('g');
    expect(shown(lines())[0]).toBe('line 0');
    world.print('new');
    await settle();
    expect(shown(lines())[0]).toBe('line 0');
    expect(text()).toContain('line 1 of 101');
    await press('j', 'pagedown');
    expect(shown(lines())[0]).not.toBe('line 0');
    await press('G');
    world.print('newer');
    await settle();
    expect(shown(lines()).at(-1)).toBe('newer');
  });

  it('is searched as it is typed, then with n and N', async () => {
    const world = scene();
    world.print(...numbered(100));
    const { press, lines, text } = await openScreen(world.open());
    await press('l', '/', 'N', 'e', ' ', '3');
    expect(text()).toContain('search: Ne 3_');
    await press('enter');
    expect(text()).toContain('search: Ne 3');
    expect(shown(lines())[0]).toBe('line 39');
    await press('N');
    expect(shown(lines())[0]).toBe('line 38');
    await press('n');
    expect(shown(lines())[0]).toBe('line 39');
    await press('n');
    expect(text()).toContain('no further line matches Ne 3');
  });

  it('shows long lines cut, or whole', async () => {
    const world = scene();
    world.print(`${'word '.repeat(30)}end`);
    const { press, text } = await openScreen(world.open());
    await press('l');
    expect(text()).not.toContain('end');
    await press('w');
    expect(text()).toContain('end');
  });

  it('is copied as far as it is in sight', async () => {
    const world = scene();
    world.print('one', 'two');
    const { press, copied, text } = await openScreen(world.open());
    await press('l', 'y');
    expect(copied).toEqual(['one\ntwo']);
    expect(text()).toContain('copied 2 lines');
  });

  it('says why there is none', async () => {
    const world = scene();
    const none = async () => noLog(words`Build has printed nothing`);
    const { press, text } = await openScreen(world.open(none));
    await press('l');
    expect(text()).toContain('kept no output: Build has printed nothing');
  });

  it('has keys that say what they need, if it is not open', async () => {
    const { press, text } = await openScreen(scene().open());
    await press('w');
    expect(text()).toContain('open a log first: l');
  });
});
