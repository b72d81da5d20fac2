import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundleScreen } from '../helpers/bundle-screen.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal, paint, type Terminal, type TerminalOptions } from '../helpers/terminal.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let program = '';
let terminal: Terminal;

beforeAll(async () => {
  directory = await temporaryDirectory();
  program = await bundleScreen(directory.path);
});
afterAll(() => directory[Symbol.asyncDispose]());
afterEach(() => terminal.dispose());

async function open(options: object = {}, given: TerminalOptions = {}): Promise<void> {
  terminal = openTerminal(process.execPath, [program, JSON.stringify(options)], {
    cols: 80,
    rows: 24,
    ...given,
  });
  // The mark at the end of a frame; and with the first one the terminal is asked to mark pastes.
  const isWhole = () =>
    terminal.output.includes('\u001b[?2004h') && /\[\?(?:2026l|2004h)$/u.test(terminal.output);
  await terminal.until((screen) => screen.includes('q quit') && !screen.includes('connecting') && isWhole());
}

/** The control sequences, by their last character, that mosh's terminal takes. */
const MOVES_OF_MOSH = 'ABCDGHJKLMPX@cdfghlmnr`';

const rows = () => terminal.screen().split('\n');

describe('in a real terminal', () => {
  it('wide characters, emoji and combining ones keep the columns', async () => {
    await open({}, { cols: 120, rows: 40 });
    const { active } = terminal.emulator.buffer;
    const columnOf = (row: string, sign: string) => {
      const y = rows().findIndex((text) => text.includes(row));
      const line = active.getLine(active.baseY + y);
      return Array.from({ length: 120 }, (_, x) => line?.getCell(x)?.getChars()).indexOf(sign);
    };
    expect(columnOf('Translate the manual', '━')).toBe(columnOf('Encode the holiday', '━'));
    expect(columnOf('Translate the manual', '%')).toBe(columnOf('Encode the holiday', '%'));
  });

  it('every size from 40x10 to 250x80 is filled and nothing else is left, whatever was before', async () => {
    await open({ newsEveryMs: 50 });
    for (const [cols, size] of [
      [250, 80],
      [40, 10],
      [120, 40],
      [60, 12],
      [41, 30],
      [100, 10],
      [80, 24],
    ] as const) {
      terminal.resize(cols, size);
      await terminal.until((screen) => {
        const lines = screen.split('\n');
        return (
          lines.length === size &&
          /q quit$/u.test(lines.at(-1) ?? '') &&
          lines.filter((line) => line.includes('q quit')).length === 1
        );
      });
      await terminal.until((screen) => screen.match(/\bdown\b/gu)?.length === 1);
    }
  });

  it('a quiet screen writes nothing', async () => {
    await open({ scene: 'nothing' });
    const before = terminal.bytes;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(terminal.bytes - before).toBe(0);
  });

  it('one changed row of many costs at most 300 bytes', async () => {
    await open({ scene: 'many', count: 60, newsEveryMs: 200 }, { cols: 120, rows: 40 });
    const from = terminal.output.length;
    await terminal.until(() => terminal.output.slice(from).split('\u001b[?2026h').length > 12);
    const frames = terminal.output.slice(from).split('\u001b[?2026h').slice(1, -1);
    const sizes = frames.map((frame) => Buffer.byteLength(frame) + 8).sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(300);
  });

  it('draws by moves that every terminal knows: mosh has no more', async () => {
    await open({ scene: 'many', count: 60, newsEveryMs: 50 });
    for (const keys of ['j', 'G', 'g']) {
      const from = terminal.output.length;
      terminal.type(keys);
      await terminal.until(() => terminal.output.slice(from).split('\u001b[?2026l').length > 1);
    }
    const drawn = terminal.output;
    expect(await paint(drawn, MOVES_OF_MOSH)).toBe(await paint(drawn));
  });

  it('y copies by OSC 52 without disturbing the screen', async () => {
    await open();
    terminal.type('y');
    await terminal.until('copied licence');
    expect(terminal.output).toContain(`\u001b]52;c;${Buffer.from('licence').toString('base64')}\u0007`);
    terminal.type('/');
    await terminal.until('filter: _');
    terminal.type('\u001b');
    await terminal.until((screen) => screen.includes('enter details') && !screen.includes('filter: _'));
    expect(terminal.screen().split('\n').at(3)).toMatch(/^› \? Which licence/u);
  });

  it('without colours there is no colour, and everything is still told apart', async () => {
    await open({ app: { color: false } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
    expect(terminal.output).not.toMatch(/\u001b\[(?:[\d;]*;)?[349]\d[\d;]*m/u);
    for (const weight of [1, 2, 7]) expect(terminal.output).toContain(`\u001b[${weight}m`);
    expect(terminal.screen()).toContain('› ? Which licence');
    expect(terminal.screen()).toContain('  ✗ Nightly backup');
  });

  it('in ASCII there is nothing but ASCII', async () => {
    await open({ app: { ascii: true } });
    expect(terminal.screen()).toMatch(/^[\x20-\x7e\n]*$/u);
    expect(terminal.screen()).toContain('> ? Which licence');
  });

  it('keys come from the terminal where standard input carries data', async () => {
    terminal = openTerminal(
      '/bin/sh',
      ['-c', `echo '{}' | "${process.execPath}" "${program}"; echo code $?`],
      { cols: 80, rows: 24 },
    );
    await terminal.until('Nightly backup');
    terminal.type('j');
    await terminal.until(/› ✗ Nightly/u);
    terminal.type('q');
    await terminal.until('code 0');
    expect(terminal.screen()).toContain('ended by quit');
  });
});
