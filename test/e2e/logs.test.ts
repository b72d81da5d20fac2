import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { run, start } from '../helpers/program.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'logs-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe('taskglass logs', () => {
  it('prints what a run has printed, a bar that was drawn 10,000 times as one line', async () => {
    const script = `
      for (let n = 0; n <= 10000; n += 1) process.stdout.write('\\r' + n + ' of 10000');
      console.log('\\n\\u001b[32mdone\\u001b[0m\\u001b]0;title\\u0007');
      console.error('a warning');`;
    await run(['run', '--name', 'Build', '--', process.execPath, '-e', script], { cwd });
    const { code, stdout, stderr } = await run(['logs', 'Build'], { cwd });
    expect({ code, lines: stdout.trimEnd().split('\n').sort(), stderr }).toEqual({
      code: 0,
      lines: ['10000 of 10000', 'a warning', 'done'],
      stderr: '',
    });
    const runs = path.join(cwd, '.home', 'runs');
    const [directory = ''] = (await readdir(runs)).filter((name) => name.endsWith('.logs'));
    const [segment = ''] = await readdir(path.join(runs, directory));
    expect((await stat(path.join(runs, directory, segment))).mode & 0o777).toBe(0o600);
  });

  it('prints whole lines of a run that was killed, and follows it no longer', async () => {
    const script = 'let n = 0; setInterval(() => console.log("line", n++), 5)';
    const running = start(['run', '--name', 'Killed', '--', process.execPath, '-e', script], { cwd });
    await eventually(async () => {
      expect((await run(['logs', 'Killed'], { cwd })).stdout).toMatch(/^line 0\nline 1\n/u);
    });
    running.process.kill('SIGKILL');
    await once(running.process, 'exit');
    const { code, stdout } = await run(['logs', 'Killed', '-f'], { cwd });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toEqual(lines.map((_, n) => `line ${n}`));
  });

  it('keeps nothing where that is not wanted', async () => {
    await run(['run', '--no-log', '--name', 'Secret', '--', 'echo', 'secret'], { cwd });
    const { code, stdout, stderr } = await run(['logs', 'Secret'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^taskglass: kept no output: Secret has printed nothing/u);
  });
});
