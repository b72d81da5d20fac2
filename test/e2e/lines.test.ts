import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn } from '@lydell/node-pty';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM, run, start } from '../helpers/program.ts';
import { openTerminal } from '../helpers/terminal.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'lines-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe('lines about tasks', () => {
  const ASCII = /^[\t\n\r\x20-\x7e]*$/u;
  beforeEach(() => {
    const task = {
      taskId: 'a',
      taskName: 'Größe · 価格',
      status: 'failed',
      error: 'ended – at once',
      steps: [],
    };
    return writeFile(path.join(cwd, 'state.json'), JSON.stringify({ activeTasks: [task] }));
  });

  it.each(['--once', '--plain', '--accessible'])(
    'of %s are ASCII on a terminal of such a locale',
    async (output) => {
      const terminal = openTerminal(process.execPath, [PROGRAM, output, 'state.json'], {
        cwd,
        env: { LANG: 'C', LC_ALL: undefined, LC_CTYPE: undefined, TASKGLASS_HOME: path.join(cwd, '.home') },
      });
      try {
        await terminal.until('Gro?e - ????');
        expect(terminal.output).toMatch(ASCII);
      } finally {
        terminal.dispose();
      }
    },
  );

  it('are ASCII wherever they go if that was asked for, and the names as they are if not', async () => {
    const env = { LANG: 'C', LC_ALL: undefined, LC_CTYPE: undefined };
    const asked = await run(['--once', '--ascii', 'state.json'], { cwd, env });
    expect(asked.stdout).toMatch(ASCII);
    expect((await run(['--once', 'state.json'], { cwd, env })).stdout).toContain('Größe · 価格');
  });
});

describe('a terminal that is gone', () => {
  it('ends what follows a log, though SIGHUP is ignored', async () => {
    const script = 'setInterval(() => console.log("tick"), 5)';
    const running = start(['run', '--name', 'Ticking', '--', process.execPath, '-e', script], { cwd });
    const follow = `trap '' HUP; "${process.execPath}" "${PROGRAM}" logs -f Ticking & echo $! > pid; wait`;
    await eventually(async () => expect((await run(['logs', 'Ticking'], { cwd })).stdout).toContain('tick'));
    const pty = spawn('/bin/sh', ['-c', follow], {
      cwd,
      env: { ...process.env, TASKGLASS_HOME: path.join(cwd, '.home') },
    });
    const told = { text: '' };
    pty.onData((data) => {
      told.text += data;
    });
    await eventually(() => expect(told.text).toContain('tick'));
    const pid = Number(readFileSync(path.join(cwd, 'pid'), 'utf8'));
    (pty as unknown as { destroy(): void }).destroy();
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow());
    running.process.kill();
  });
});
