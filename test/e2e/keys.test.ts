import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

/** What only keys may do is tried with the whole program in a terminal: bytes go in, and nothing may come of them. */

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let terminal: Terminal;

beforeEach(async () => {
  directory = await temporaryDirectory();
  await mkdir(directory.file('home/dismissed.json'), { recursive: true }); // so that no dismissal can be kept
  await writeFile(directory.file('state.json'), JSON.stringify(STATE));
  terminal = openTerminal(process.execPath, [PROGRAM, 'state.json'], {
    cols: 100,
    rows: 24,
    cwd: directory.path,
    env: { TASKGLASS_HOME: directory.file('home') },
  });
  await terminal.until(/› ✗ Beta tests/u);
});
afterEach(async () => {
  terminal.dispose();
  await directory[Symbol.asyncDispose]();
});

const task = (taskId: string, taskName: string, status: string) => ({
  taskId,
  taskName,
  status,
  currentStep: 0,
  totalSteps: 1,
  startedAt: 1_795_000_000_000,
  ...(status === 'running' ? {} : { completedAt: 1_795_000_001_000 }),
  steps: [{ index: 0, name: 'read', status, progress: 40, startedAt: 1_795_000_000_000 }],
});
const STATE = {
  version: 1,
  timestamp: 1,
  widgets: {},
  errors: {},
  loading: { isLoading: false, loadingAgents: [] },
  activeTasks: [task('a', 'Alpha build', 'running'), task('b', 'Beta tests', 'failed')],
};

/** What was asked of the emitter: the command files. */
async function asked(): Promise<string[]> {
  const names = await readdir(directory.file('state.json.commands')).catch(() => []);
  const texts = await Promise.all(
    names.map((name) => readFile(directory.file(`state.json.commands/${name}`), 'utf8').catch(() => '')),
  );
  return texts.filter((text) => text.includes('"command"'));
}

/** Sends each piece as a read of its own: the program has taken one before the next is sent. */
async function send(...pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    terminal.type(piece);
    await new Promise((resolve) => setTimeout(resolve, 60)); // the slow line itself
  }
}

const ESC = '\u001b';

describe('nothing acts that nobody pressed', () => {
  it.each([
    ['a background colour', [`${ESC}]11;rgb:1c1c/1e1e/2626\u0007`]],
    ['a background colour, cut', [`${ESC}]11;rgb:1c1c/1e1e/262`, '6\u0007']],
    ['the name of the terminal', [`${ESC}P>|XTerm(390)${ESC}\\`]],
    ['the name of the terminal, cut at each character', [...`${ESC}P>|rDd${ESC}\\`]],
    ['an image protocol', [`${ESC}_Gi=31;OKrd${ESC}\\`]],
    ['a clipboard', [`${ESC}]52;c;cnJy${ESC}`, '\\']],
    ['device attributes, cut', [ESC, '[?62', ';22', 'c']],
    ['a left arrow on a slow line', [ESC, '[', 'D']],
    ['a left arrow of a keypad', [ESC, 'O', 'D']],
    ['an old mouse report', [`${ESC}[M cq`, `${ESC}[M `, 'rd']],
    ['a mouse report', [`${ESC}[<0;100`, ';114M']],
    ['an unmarked paste', ['cypress']],
    ['an unmarked paste with a tail', ['cypres', 's', 'd']],
    ['a marked paste', [`${ESC}[200~r`, 'd', `q${ESC}[201~`]],
    ['a key let go', [`${ESC}[114;1:3u`]],
  ])('%s', async (_what, pieces) => {
    await send(...pieces);
    terminal.type(`${ESC}[B`); // a real key: all before it has been taken
    await terminal.until(/› ⠋ Alpha build/u);
    expect(await asked()).toEqual([]);
    expect(terminal.output).not.toContain('dismissed');
    expect(terminal.screen()).toContain('Beta tests');
  });

  it('a key does: r asks for a retry', async () => {
    terminal.type('r');
    await expect.poll(asked).toEqual([expect.stringContaining('"retry"')]);
  });

  it('D asks, and the read that raised the question does not answer it', async () => {
    terminal.type(`D${ESC}[121u`);
    await terminal.until('dismiss 1 ended task? y/n');
    terminal.type('y');
    await terminal.until('dismissed Beta tests');
  });

  it('no key ends the view, whatever the disk says', async () => {
    terminal.type('d');
    await terminal.until('dismissals cannot be saved: ');
    terminal.type('u');
    await terminal.until(/✗ Beta tests/u);
    terminal.type('q');
    expect(await terminal.exitCode).toBe(0);
  });

  it('Esc closes what is open, all the same', async () => {
    terminal.type('?');
    await terminal.until('dismiss all that ended');
    terminal.type(ESC);
    await terminal.until(/› ✗ Beta tests/u);
  });
});
