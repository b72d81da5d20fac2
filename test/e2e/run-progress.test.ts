import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DashboardState } from '../../src/model/dashboard-state.ts';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM, run } from '../helpers/program.ts';
import { openTerminal } from '../helpers/terminal.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'run-progress-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function readTask() {
  const state: DashboardState = JSON.parse(await readFile(path.join(cwd, 'p.json'), 'utf8'));
  return state.activeTasks[0];
}

describe('a program that speaks of its status', () => {
  it('is answered before anything else is typed, and its question is the task’s', async () => {
    const script = [
      'stty raw -echo',
      String.raw`printf 'a\033]7501;?\033\\b\033[c'`,
      'head -c 10 > reply',
      String.raw`printf '\033]7501;state=blocked:kind=question:progress=40:msg=%s\033\\' "$(printf Deploy? | base64)"`,
      String.raw`printf 'c\033]9;4;1;80\033\\d env=%s\r\n' "$CARGO_TERM_PROGRESS_TERM_INTEGRATION"`,
      'while ! test -e go; do sleep 0.02; done',
    ].join('; ');
    const args = [PROGRAM, 'run', '--to', 'p.json', '--', 'sh', '-c', script];
    const terminal = openTerminal(process.execPath, args, {
      cwd,
      env: { TASKGLASS_HOME: path.join(cwd, '.home') },
    });
    await terminal.until('abcd env=true');
    await eventually(async () =>
      expect(await readTask()).toMatchObject({
        question: { text: 'question: Deploy?' },
        steps: [{ status: 'running', progress: 40 }],
      }),
    );
    expect(await readFile(path.join(cwd, 'reply'), 'latin1')).toBe('\u001b]7501;?\u001b\\');
    await writeFile(path.join(cwd, 'go'), '');
    await terminal.exitCode;
    expect(await readTask()).toMatchObject({ status: 'completed' });
    terminal.dispose();
  });
});

describe('a command that fails', () => {
  it('has not completed the step at which it failed, though that was the last one', async () => {
    const script = 'echo "[1/2] compile"; echo "[2/2] link"; exit 1';
    await run(['run', '--to', 'p.json', '--', 'sh', '-c', script], { cwd });
    expect(await readTask()).toMatchObject({ status: 'failed', progress: 50 });
  });
});

describe('a search for progress', () => {
  it('is switched off by --no-progress', async () => {
    const script = 'echo "[3/9] x"; exit 1';
    for (const [options, steps] of [
      [[], 1],
      [['--no-progress'], 0],
    ] as const) {
      await run(['run', '--to', 'p.json', ...options, '--', 'sh', '-c', script], { cwd });
      expect((await readTask())?.steps).toHaveLength(steps);
    }
  });
});
