import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { allEntries } from '../../src/store/state.ts';
import { App } from '../../src/ui/app.tsx';
import { openKeyboard } from '../../src/ui/keyboard.ts';
import { eventually } from '../helpers/eventually.ts';
import { everything } from '../helpers/scenes.ts';
import { closeScreens, openScreen, type TestScreen } from '../helpers/screen.ts';

afterEach(async () => {
  cleanup();
  await closeScreens();
});

function mount({ screen, clock }: TestScreen) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const keyboard = openKeyboard(stdin as unknown as NodeJS.ReadStream, clock);
  const { lastFrame } = render(<App screen={screen} clock={clock} keyboard={keyboard} onResume={() => {}} />);
  return { stdin, lastFrame, shown: () => stripVTControlCharacters(lastFrame() ?? '') };
}

describe('App', () => {
  it('shows the lines of the screen as they are, empty ones too', async () => {
    const test = await openScreen(everything, { columns: 100, rows: 30 });
    const { lastFrame } = mount(test);
    const shown = (lastFrame() ?? '').split('\n').map((line) => line.trimEnd());
    expect(shown).toEqual(test.lines().map((line) => line.trimEnd()));
    expect(shown).toHaveLength(29);
  });

  it('hands keys on, one that is held down and escapes among them', async () => {
    const test = await openScreen(everything, { columns: 100, rows: 30 });
    const { stdin, shown } = mount(test);
    stdin.write('jj');
    await eventually(() => expect(shown()).toMatch(/^› ⠋ Translate/mu));
    stdin.write('\u001b[A');
    await eventually(() => expect(shown()).toMatch(/^› ✗ Nightly/mu));
    stdin.write('/');
    await eventually(() => expect(shown()).toContain('filter: _'));
    stdin.write('film\r');
    await eventually(() => expect(shown()).toMatch(/^› ⠋ Encode/mu));
  });

  it('takes no pasted text for keys, marked or not: "cy" would cancel a task; a filter takes it', async () => {
    const test = await openScreen(everything, { columns: 100, rows: 30 });
    const { stdin, shown } = mount(test);
    stdin.write('/\u001b[200~ holiday\u001b[31m\nfilm \u001b[201~');
    await eventually(() => expect(shown()).toContain('filter: holiday film_'));
    stdin.write('\r\u001b[200~policy\nquit, cy\u001b[201~');
    await eventually(() => expect(shown()).toContain('paste ignored: press / to filter first'));
    stdin.write('c\u001b[200~y\u001b[201~');
    await eventually(() => expect(shown()).toContain('cancel "Encode the holiday film"? y/n'));
    stdin.write('n');
    await eventually(() => expect(shown()).toContain('cancel: not sent'));
    stdin.write('policy\nquit, cy\r');
    await eventually(() => expect(shown()).toContain('paste ignored: press / to filter first'));
    const asked = allEntries(test.monitor.getState()).filter(({ pending }) => pending);
    expect({ asked, quits: test.quits }).toEqual({ asked: [], quits: [] });
  });
});
