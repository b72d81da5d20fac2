import { afterEach, describe, expect, it } from 'vitest';
import { words } from '../../src/model/text.ts';
import type { NamedView } from '../../src/store/named-view.ts';
import { everything } from '../helpers/scenes.ts';
import { closeScreens, openScreen } from '../helpers/screen.ts';

afterEach(closeScreens);

const message = (lines: string[]) => (lines.at(-2) ?? '').trimEnd();
const VIEWS: NamedView[] = [
  { name: words`films`, filter: words`film | photo`, sort: 'name', group: 'status' },
  { name: words`by source`, filter: words``, sort: 'urgency', group: 'source' },
];

describe('the digits', () => {
  it('go to what needs somebody, what runs, has failed and has ended, and back', async () => {
    const { press, lines, text } = await openScreen(everything, { columns: 120, rows: 40 });
    const plain = text();
    const titles: string[] = [];
    for (const digit of ['1', '2', '3', '4']) {
      await press(digit);
      titles.push(/view: [^()]+\(\d+ hidden\)/u.exec(lines()[0] ?? '')?.[0] ?? '');
    }
    expect(titles).toEqual([
      'view: needs you (8 hidden)',
      'view: running (7 hidden)',
      'view: failed (9 hidden)',
      'view: ended (7 hidden)',
    ]);
    await press('0');
    expect(text()).toBe(plain);
    await press('3', 'esc');
    expect(text()).toBe(plain);
  });

  it('go to those that are configured, with their order and groups', async () => {
    const { press, lines, text } = await openScreen(everything, { columns: 120, rows: 40, views: VIEWS });
    await press('1');
    expect(lines()[0]).toContain(' view: films (');
    expect(message(lines())).toContain('by name · grouped by status');
    expect(text()).toContain('Encode the holiday film');
    await press('2');
    expect(lines()[0]).toContain(' view: by source ');
    expect(lines()[0]).not.toContain('hidden');
    expect(message(lines())).toContain('grouped by source');
    await press('7');
    expect(message(lines())).toMatch(/^no view 7: they are 1 to 2 \(setting views\)/u);
    expect(lines()[0]).toContain(' view: by source ');
  });

  it('are a view of their own no more once it is changed by hand', async () => {
    const { press, lines } = await openScreen(everything, { columns: 120, rows: 40, views: VIEWS });
    await press('1', 's');
    expect(lines()[0]).not.toContain('view:');
    expect(lines()[0]).toContain(' filter: film | photo (');
    await press('0');
    expect(lines()[0]).not.toContain('filter:');
    expect(message(lines())).not.toContain('grouped');
  });

  it('go back to the order that was asked for', async () => {
    const { press, lines } = await openScreen(everything, { columns: 120, sort: 'name' });
    await press('2', '0');
    expect(message(lines())).toContain('by name');
  });

  it('are typed where something is typed', async () => {
    const { press, lines } = await openScreen(everything, { columns: 120 });
    await press('/', '3', 'enter');
    expect(lines()[0]).toContain(' filter: 3 (');
    expect(lines()[0]).not.toContain('view:');
  });

  it('stand in the help and are found by name', async () => {
    const { press, lines, text } = await openScreen(everything, { columns: 80, rows: 24, views: VIEWS });
    await press('?');
    expect(text()).toContain('views:  1 films  2 by source  0 plain list');
    await press('?', ':', ...'films');
    expect(message(lines())).toContain('[view: films (1)]');
    await press('enter');
    expect(lines()[0]).toContain('films');
  });
});
