import { afterEach, describe, expect, it } from 'vitest';
import type { InputEvent } from '../../src/input/event.ts';
import { allEntries } from '../../src/store/state.ts';
import { everything } from '../helpers/scenes.ts';
import { closeScreens, openScreen, type TestScreen } from '../helpers/screen.ts';

afterEach(closeScreens);

const key = (name: string): InputEvent => ({ type: 'key', key: name });
const typed = (text: string, continues = false): InputEvent => ({ type: 'typed', text, continues });
const paste = (text: string): InputEvent => ({ type: 'paste', text });

/** Takes what was read at once, and waits until all it leads to is drawn. */
async function read(test: TestScreen, ...events: InputEvent[]): Promise<void> {
  for (const event of events) test.screen.take(event);
  await test.settle();
}

/** What somebody's data would be changed by. */
function deeds({ monitor, quits, saved }: TestScreen) {
  const asked = allEntries(monitor.getState()).filter(({ pending }) => pending);
  return { asked: asked.map(({ task }) => task.nativeId), quits, saved };
}
const NOTHING = { asked: [], quits: [], saved: [] };

describe('a question', () => {
  it.each([
    ['by the read that raised it', [key('c'), key('y')]],
    ['by any key of it', [key('c'), key('n'), key('c'), key('y')]],
    ['by a paste of it', [key('c'), paste('y')]],
    ['by text of it', [key('c'), typed('yy')]],
    ['to put all away either', [key('D'), key('y')]],
  ])('is not answered %s', async (_what, events) => {
    const test = await openScreen(everything);
    await test.press('j', 'j');
    await read(test, ...events);
    expect(deeds(test)).toEqual(NOTHING);
    expect(test.text()).toMatch(/\? y\/n$/mu);
  });

  it('nor is a choice taken that was moved within the read that opened it', async () => {
    const test = await openScreen(everything);
    await test.press('/', ...'licence', 'enter');
    await read(test, key('t'), key('down'), key('enter'));
    expect(deeds(test)).toEqual(NOTHING);
    await read(test, key('down'), key('enter'));
    expect(test.text()).not.toMatch(/^status: /mu);
  });

  it('is not answered before the terminal has taken it', async () => {
    const test = await openScreen(everything);
    await test.press('j', 'j');
    test.terminal.isBusy = true;
    await read(test, key('c'));
    await read(test, key('y'));
    expect(deeds(test)).toEqual(NOTHING);
    test.terminal.isBusy = false;
    test.terminal.ready();
    await read(test, key('y'));
    expect(deeds(test).asked).toHaveLength(1);
  });

  it('does not keep Ctrl-C from leaving', async () => {
    const test = await openScreen(everything);
    await read(test, key('D'), key('ctrl-c'));
    expect(test.quits).toEqual(['SIGINT']);
  });
});

describe('text that came at once', () => {
  it.each(['cypress', 'cy', 'Dy', 'dd', 'rr', 'qq', 'jk', 'jjd', '/etc/passwd\rq'])(
    '%j does nothing, and is said to',
    async (text) => {
      const test = await openScreen(everything);
      const before = test.lines().slice(0, -2);
      await read(test, typed(text));
      expect(deeds(test)).toEqual(NOTHING);
      expect(test.lines().slice(0, -2)).toEqual(before);
      expect(test.text()).toMatch(/^paste ignored: press \/ to filter first/mu);
    },
  );

  it('moves as often as it says where a key that moves was held down', async () => {
    const test = await openScreen(everything);
    await read(test, typed('jjj'));
    await read(test, typed('kk'));
    expect(test.text()).toMatch(/^› ✗ Nightly/mu);
  });

  it('goes to the filter, up to the key that closes it', async () => {
    const test = await openScreen(everything);
    await test.press('/');
    await read(test, typed('filx\u007fm\rq'));
    expect(deeds(test)).toEqual(NOTHING);
    expect(test.text()).toMatch(/^› ⠋ Encode the holiday/mu);
    expect(test.text()).toMatch(/filter: film /mu);
  });

  it('and what was typed right after it is a key', async () => {
    const test = await openScreen(everything);
    await test.press('/');
    await read(test, typed('film\r'));
    await read(test, typed('c', true));
    expect(test.text()).toContain('cancel "Encode the holiday film"? y/n');
  });

  it('has a rest that does nothing either', async () => {
    const test = await openScreen(everything);
    await read(test, typed('cypres'));
    await read(test, typed('r', true));
    await read(test, typed('\r', true));
    expect(deeds(test)).toEqual(NOTHING);
    expect(test.text()).toMatch(/^paste ignored: /mu);
    expect(test.text()).toMatch(/^› \? Which licence/mu);
  });
});
