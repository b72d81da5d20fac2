import { rename, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PROGRAM } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

const NAMES = [
  `Beta ${'ᄀ'.repeat(60)}`,
  `vowels ${'ᅡ'.repeat(30)}`,
  `tower e${'\u0301'.repeat(300)}`,
  'flags 🇩🇪🇫🇷🇩',
  'family 👨‍👩‍👧‍👦 👍🏽 1️⃣ ❤️',
  'to come \u0378 \u{1fae8}\u{1fac6}\u{1fbff}',
  'signs \u0600\u06dd \u{e0041}\u{e007f} \u{e01ef} \u3164',
  'own \ue000\uf8ff \uffff',
  '﷽﷽ 𒐫𒐫 ꧅꧅ क्षत्रिय',
  'last of all',
];

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let terminal: Terminal;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  terminal.dispose();
  await directory[Symbol.asyncDispose]();
});

/** As a careful writer does: in one piece. */
async function put(progress: number): Promise<void> {
  const activeTasks = NAMES.map((taskName, index) => ({
    taskId: `t${index}`,
    taskName,
    status: 'running',
    steps: [{ index: 0, name: `step of ${taskName}`, status: 'running', progress }],
  }));
  await writeFile(directory.file('new'), JSON.stringify({ activeTasks }));
  await rename(directory.file('new'), directory.file('state.json'));
}

it('names of any characters keep to their rows, whatever the terminal measures', async () => {
  await put(10);
  terminal = openTerminal(process.execPath, [PROGRAM, 'state.json'], {
    cols: 80,
    rows: 24,
    cwd: directory.path,
    env: { TASKGLASS_HOME: directory.file('home') },
  });
  await terminal.until(/last of all.* 10%/u);
  for (const progress of [25, 50, 75]) {
    await put(progress);
    // Steps tell it, too: all have it once nothing tells another figure.
    const isAll = (screen: string) => screen.match(/\d+%/gu)?.every((figure) => figure === `${progress}%`);
    await terminal.until(
      (screen) => screen.split(` ${progress}%`).length > NAMES.length && isAll(screen) === true,
    );
  }
  const rows = terminal.screen().split('\n');
  expect(rows).toHaveLength(24);
  expect(rows[0]).toMatch(/^taskglass/u);
  expect(rows[23]).toMatch(/q quit$/u);
  for (const name of NAMES) {
    const word = name.split(' ')[0] ?? '';
    const of = rows.filter((row) => row.slice(0, 12).includes(` ${word} `));
    expect(of).toHaveLength(1);
    expect(of[0]?.match(/\d+%/gu)).toEqual(['75%']);
  }
});
