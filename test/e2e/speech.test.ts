import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal } from '../helpers/terminal.ts';

const state = (status: string) =>
  JSON.stringify({
    version: 1,
    timestamp: 1_795_000_000_000,
    activeTasks: [{ taskId: 'box', taskName: 'Pack the box', status, steps: [] }],
  });

it.each([['ACCESSIBLE'], ['INK_SCREEN_READER']])(
  '%s=1: sentences, no cursor moves, lines are taken',
  async (name) => {
    await using directory = await temporaryDirectory();
    const path = directory.file('state.json');
    await writeFile(path, state('running'));
    const terminal = openTerminal(process.execPath, [PROGRAM, path], {
      env: { [name]: '1', TASKGLASS_HOME: directory.file('home') },
    });
    try {
      await terminal.until('Type help and Enter');
      await writeFile(path, state('completed'));
      await terminal.until('Pack the box completed.');
      terminal.type('list\r');
      await terminal.until('1. Pack the box completed.');
      terminal.type('quit\r');
      expect(await terminal.exitCode).toBe(0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what must not be there
      expect(terminal.output).not.toMatch(/[\u001b\u009b]/u);
      expect(terminal.output.match(/Pack the box completed\./gu)).toHaveLength(2);
    } finally {
      terminal.dispose();
    }
  },
);

it('says what was found, and not before that that there is nothing', async () => {
  await using directory = await temporaryDirectory();
  await writeFile(directory.file('state.json'), state('running'));
  const terminal = openTerminal(process.execPath, [PROGRAM, '--accessible'], {
    cwd: directory.path,
    env: { HOME: directory.file('home'), TASKGLASS_HOME: directory.file('home') },
  });
  try {
    await terminal.until('Type help and Enter');
    expect(terminal.output).toContain('found here: 1 state file');
    expect(terminal.output).not.toContain('no source named');
  } finally {
    terminal.dispose();
  }
});

it('notifies who listens, but is somewhere else', async () => {
  await using directory = await temporaryDirectory();
  const [path, told] = [directory.file('state.json'), directory.file('told')];
  await writeFile(path, state('running'));
  const channel = `exec:cat > ${told}=completed`;
  const args = [PROGRAM, path, '--accessible', '--notify', channel, '--notify-after', '0'];
  const terminal = openTerminal(process.execPath, args, { env: { TASKGLASS_HOME: directory.file('home') } });
  try {
    await terminal.until('Type help and Enter');
    await writeFile(path, state('completed'));
    await terminal.until('Pack the box completed.');
    await eventually(async () => expect(await readFile(told, 'utf8')).toContain('Pack the box completed'));
  } finally {
    terminal.dispose();
  }
});
