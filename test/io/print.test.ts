import { Terminal } from '@xterm/headless';
import { beforeEach, describe, expect, it } from 'vitest';
import { say, sayForNow } from '../../src/io/print.ts';
import { words } from '../../src/model/text.ts';

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal({ cols: 30, rows: 4, allowProposedApi: true });
});

const stderr = {
  write(text: string) {
    terminal.write(text.replaceAll('\n', '\r\n'));
    return true;
  },
};

async function screen(): Promise<string[]> {
  await new Promise<void>((resolve) => terminal.write('', resolve));
  const { active } = terminal.buffer;
  return Array.from(
    { length: active.length },
    (_, row) => active.getLine(row)?.translateToString(true) ?? '',
  ).filter((line) => line !== '');
}

describe('what is said for now', () => {
  it('stands on one row, and leaves no trace', async () => {
    stderr.write('$ ');
    const takeBack = sayForNow({ stderr }, words`the id of this run, which is a long one`);
    expect((await screen()).map((line) => line.slice(0, 12))).toEqual(['$ the id of ']);
    takeBack();
    stderr.write('ok');
    expect(await screen()).toEqual(['$ ok']);
  });

  it('gives way to what is said for good', async () => {
    const takeBack = sayForNow({ stderr }, words`the id of this run`);
    say({ stderr }, words`a reason`);
    takeBack();
    expect(await screen()).toEqual(['a reason']);
  });

  it.each([1, 9])('takes nothing away that a shell has written since, in %i lines', async (count) => {
    const takeBack = sayForNow({ stderr }, words`the id`);
    const written = Array.from({ length: count }, (_, index) => `the line ${index}`);
    for (const line of written) stderr.write(`${line}\n`);
    takeBack();
    stderr.write('more');
    expect(await screen()).toEqual([...written, 'more']);
  });
});
