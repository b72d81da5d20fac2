import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createDecoder } from '../../src/input/decoder.ts';
import { problemText } from '../../src/model/problem.ts';
import { ACTIONS } from '../../src/ui/actions.ts';
import { keyLabel, readKey } from '../../src/ui/key-names.ts';
import { createKeymap, keyTableMarkdown } from '../../src/ui/keymap.ts';
import { everything, many } from '../helpers/scenes.ts';
import { closeScreens, openScreen } from '../helpers/screen.ts';

afterEach(closeScreens);

const WHERE = '/home/alice/config.json: keys';
const keymapOf = (given: Record<string, unknown>) => createKeymap({ where: WHERE, given });
const NAMES = ACTIONS.flatMap(({ bindings }) => Object.keys(bindings));

describe('a key that is written', () => {
  it.each([
    ['x', 'x', 'x'],
    ['D', 'D', 'D'],
    ['shift+d', 'D', 'D'],
    ['ctrl+x', 'ctrl-x', 'Ctrl-X'],
    ['Ctrl-X', 'ctrl-x', 'Ctrl-X'],
    ['^x', 'ctrl-x', 'Ctrl-X'],
    ['C-x', 'ctrl-x', 'Ctrl-X'],
    ['ctrl+\\', 'ctrl-\\', 'Ctrl-\\'],
    ['ctrl+space', 'ctrl-space', 'Ctrl-space'],
    ['Return', 'enter', 'enter'],
    [' ', ' ', 'space'],
    ['space', ' ', 'space'],
    ['PgUp', 'pageup', 'PgUp'],
    ['F12', 'f12', 'F12'],
    ['ü', 'ü', 'ü'],
    ['-', '-', '-'],
    ['^', '^', '^'],
  ])('%j is %j, shown as %j', (written, key, label) => {
    expect(readKey(written)).toEqual({ key });
    expect(keyLabel(key)).toBe(label);
  });

  it.each([
    ['ctrl+c', 'always quits'],
    ['ctrl+z', 'always suspends'],
    ['ctrl+i', 'is what terminals send for tab: write tab'],
    ['ctrl+m', 'is what terminals send for enter: write enter'],
    ['ctrl+5', 'is not reported by every terminal: use ctrl with a letter'],
    ['ctrl+shift+x', 'is not reported by every terminal: use ctrl with a letter'],
    ['alt+x', 'cannot be told apart from esc and the next key'],
    ['shift+tab', 'is not reported by every terminal: write the character that it types'],
    ['f13', 'is not a key'],
    ['gg', 'is not a key'],
    ['\u0007', 'is not a character that can be typed on its own'],
    ['\u0301', 'is not a character that can be typed on its own'],
  ])('%j is refused: %s', (written, wrong) => {
    expect(readKey(written)).toEqual({ wrong: expect.stringContaining(wrong) });
  });

  it('is one that the decoder tells, if a terminal sends it', () => {
    const sent: Record<string, string> = {
      'ctrl+x': '\u0018',
      'ctrl+space': '\u0000',
      'ctrl+\\': '\u001c',
      tab: '\t',
      enter: '\r',
      home: '\u001b[H',
      pgdn: '\u001b[6~',
      f1: '\u001bOP',
      f5: '\u001b[15~',
      f12: '\u001b[24~',
      D: 'D',
    };
    for (const [written, bytes] of Object.entries(sent)) {
      const told = createDecoder().push(Buffer.from(bytes));
      const read = readKey(written);
      expect([written, told]).toEqual([written, [{ type: 'key', key: 'key' in read ? read.key : '' }]]);
    }
  });
});

describe('configured keys', () => {
  it('take the place of the usual ones', () => {
    const { find, actions, problems } = keymapOf({
      cancel: 'ctrl+x',
      copy: ['f5', 'Y'],
      sort: 'none',
      up: 'w',
    });
    expect(problems).toEqual([expect.objectContaining({ severity: 'degraded' })]); // w was wrap's
    expect(find('ctrl-x')?.binding).toBe('cancel');
    expect(find('c')).toBeUndefined();
    expect([find('f5')?.binding, find('Y')?.binding, find('y')]).toEqual(['copy', 'copy', undefined]);
    expect(find('s')).toBeUndefined();
    expect([find('w')?.binding, find('down')?.binding]).toEqual(['up', 'down']);
    expect(actions.find(({ name }) => name === 'move')?.shown).toBe('w ↓ j');
    expect(actions.find(({ name }) => name === 'sort')?.shown).toBe('');
  });

  it.each([
    [{ cancle: 'x' }, [`${WHERE}.cancle: no such action (did you mean cancel?)`]],
    [{ 'fly away': 'x' }, [`${WHERE}.fly away: no such action (taskglass config keys lists the names)`]],
    [{ cancel: 'ctrl+c' }, [`${WHERE}.cancel: "ctrl+c" always quits (until then its default key applies)`]],
    [
      { cancel: 7 },
      [`${WHERE}.cancel: "7" is not a key: write it as a string (until then its default key applies)`],
    ],
    [
      { cancel: 'X', retry: 'X' },
      [`${WHERE}.retry: X is bound to cancel already (give one of them another key)`],
    ],
    [
      { cancel: 'x' },
      [`${WHERE}.raw: it has no key any more: cancel has taken x (give it another, or say "none")`],
    ],
    [{ cancel: 'x', raw: 'none' }, []],
    [{ cancel: 'd', dismiss: 'c' }, []],
    [
      { cancel: ['ctrl+x', 'x', 'alt+x'], raw: 'X' },
      [expect.stringContaining('.cancel: "alt+x" cannot be told')],
    ],
  ])('%j: %j', (given, said) => {
    expect(keymapOf(given).problems.map(problemText)).toEqual(said);
  });

  it('leave the rest as it was, and one way out at least', async () => {
    const { press, quits, lines, monitor } = await openScreen(many(8), {
      keys: { where: WHERE, given: { quit: 'none', close: 'none', down: 'ctrl+i', dismiss: 'Q' } },
    });
    expect(monitor.getState().problems.map(({ message }) => message)).toEqual([
      `${WHERE}.down: "ctrl+i" is what terminals send for tab: write tab`,
    ]);
    await press('q', 'j', 'Q');
    expect(quits).toEqual([]);
    expect((lines().at(-2) ?? '').trim()).toMatch(/not ended yet|dismissed/u);
    await press('ctrl-c');
    expect(quits).toEqual(['SIGINT']);
  });

  it('stand in footer, help, palette, messages and table', async () => {
    const keys = { where: WHERE, given: { undo: 'ctrl+u', filter: 'ctrl+f', cancel: 'f8', help: 'f1' } };
    const { press, text, lines, screen, settle } = await openScreen(everything, {
      columns: 120,
      rows: 40,
      keys,
    });
    expect(lines().at(-1)).toContain('Ctrl-F filter');
    expect(lines().at(-1)).toContain('F1 help');
    await press('f1');
    expect(text()).toMatch(/Ctrl-F +filter as you type/u);
    expect(text()).toMatch(/F8 +cancel/u);
    await press('esc', ':', ...'cancel');
    expect(text()).toContain('[cancel (F8)]');
    await press('esc');
    screen.take({ type: 'paste', text: 'pasted' });
    await settle();
    expect(text()).toContain('paste ignored: press Ctrl-F to filter first');
    await press('ctrl-f', ...'status:failed', 'enter', 'd');
    expect(text()).toContain('(Ctrl-U brings it back)');
    expect(keyTableMarkdown(createKeymap(keys))).toContain('| `Ctrl-U` | undo dismiss |');
  });

  it('do not change how a question is answered', async () => {
    const keys = { where: WHERE, given: { cancel: 'y', copy: 'c', 'view-2': 'n' } };
    const { press, lines, text, pass } = await openScreen(everything, { keys });
    const message = () => (lines().at(-2) ?? '').trim();
    await press('/', ...'film', 'enter', 'y');
    expect(message()).toBe('cancel "Encode the holiday film"? y/n');
    await press('n');
    expect(message()).toMatch(/^cancel: not sent/u);
    await press('y', 'y');
    await pass(1_500);
    expect(text()).toContain('⊘ Encode');
  });

  it('whatever they are: each key means one thing, nothing throws, and Ctrl-C is free', () => {
    const key = fc.oneof(
      fc.constantFrom(
        'x',
        'c',
        'ctrl+x',
        'ctrl+c',
        'f5',
        'none',
        '',
        ' ',
        'q',
        '1',
        'esc',
        null,
        3,
        true,
        {},
      ),
      fc.string(),
    );
    const names = fc.oneof(fc.constantFrom(...NAMES), fc.string());
    fc.assert(
      fc.property(fc.dictionary(names, fc.oneof(key, fc.array(key, { maxLength: 3 }))), (given) => {
        const { actions, find } = keymapOf(given);
        const bound = actions.flatMap(({ bindings }) => Object.values(bindings).flat());
        expect(new Set(bound).size).toBe(bound.length);
        expect(find('ctrl-c')).toBeUndefined();
        expect(actions.length).toBe(ACTIONS.length);
      }),
    );
  });
});
