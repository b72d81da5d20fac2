import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { allEntries } from '../../src/store/state.ts';
import { openKeyboard } from '../../src/ui/keyboard.ts';
import { putOnTerminal, type ScreenOnTerminal } from '../../src/ui/on-terminal.ts';
import { emulateTerminal } from '../helpers/emulated-terminal.ts';
import { eventually } from '../helpers/eventually.ts';
import { everything } from '../helpers/scenes.ts';
import { closeScreens, openScreen, type TestScreen } from '../helpers/screen.ts';

const shown: ScreenOnTerminal[] = [];
afterEach(async () => {
  for (const each of shown.splice(0)) each.close();
  await closeScreens();
});

function mount({ screen, clock }: TestScreen) {
  const terminal = emulateTerminal(100, 30);
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const keyboard = openKeyboard(stdin as unknown as NodeJS.ReadStream, clock);
  const view = putOnTerminal({ stdout: terminal.stdout, screen, keyboard, clock, inlineRows: null });
  shown.push(view);
  view.take();
  const shows = (wanted: string | RegExp) =>
    eventually(async () => expect((await terminal.lines()).join('\n')).toMatch(wanted));
  return { view, terminal, stdin, shows };
}

describe('a screen on a terminal', () => {
  it('shows the lines as they are, empty ones too', async () => {
    const test = await openScreen(everything, { columns: 100, rows: 30 });
    const { terminal } = mount(test);
    const lines = (await terminal.lines()).map((line) => line.trimEnd());
    expect(lines).toEqual(test.lines().map((line) => line.trimEnd()));
    expect(terminal.emulator.buffer.active.type).toBe('alternate');
  });

  it('hands keys on, one that is held down and escapes among them', async () => {
    const test = await openScreen(everything, { columns: 100, rows: 30 });
    const { stdin, shows } = mount(test);
    stdin.write('jj');
    await shows(/^› ⠋ Translate/mu);
    stdin.write('\u001b[A');
    await shows(/^› ✗ Nightly/mu);
    stdin.write('/');
    await shows('filter: _');
    stdin.write('film\r');
    await shows(/^› ⠋ Encode/mu);
  });

  it('takes no pasted text for keys, marked or not: "cy" would cancel a task; a filter takes it', async () => {
    const test = await openScreen(everything, { columns: 100, rows: 30 });
    const { stdin, shows } = mount(test);
    stdin.write('/\u001b[200~ holiday\u001b[31m\nfilm \u001b[201~');
    await shows('filter: holiday film_');
    stdin.write('\r\u001b[200~policy\nquit, cy\u001b[201~');
    await shows('paste ignored: press / to filter first');
    stdin.write('c\u001b[200~y\u001b[201~');
    await shows(/cancel "Encode the holiday film"\? y\/n/u);
    stdin.write('n');
    await shows('cancel: not sent');
    stdin.write('policy\nquit, cy\r');
    await shows('paste ignored: press / to filter first');
    const asked = allEntries(test.monitor.getState()).filter(({ pending }) => pending);
    expect({ asked, quits: test.quits }).toEqual({ asked: [], quits: [] });
  });

  it('is drawn anew over whatever a resize has left, also where its lines are the same', async () => {
    const test = await openScreen(everything, { columns: 100, rows: 30 });
    const { terminal, view } = mount(test);
    const before = await terminal.cells();
    terminal.stdout.write('\u001b[H\u001b[31mrubbish\r\n\n\nrubbish\u001b[m');
    expect(await terminal.cells()).not.toEqual(before);
    view.redraw();
    expect(await terminal.cells()).toEqual(before);
  });

  it('writes nothing on a terminal that was given back, and all of it when it is taken again', async () => {
    const test = await openScreen(everything, { columns: 100, rows: 30 });
    const { terminal, view } = mount(test);
    view.giveBack();
    await terminal.lines();
    const { bytes } = terminal;
    await test.press('j');
    expect(await terminal.lines()).toEqual(Array.from({ length: 30 }, () => ''));
    expect(terminal.bytes).toBe(bytes);
    view.take();
    const lines = (await terminal.lines()).map((line) => line.trimEnd());
    expect(lines).toEqual(test.lines().map((line) => line.trimEnd()));
  });
});
