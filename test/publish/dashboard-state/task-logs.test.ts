import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '../../../src/clock.ts';
import { readLog } from '../../../src/io/log/read-log.ts';
import type { DashboardState } from '../../../src/model/dashboard-state.ts';
import { DashboardStateEmitter } from '../../../src/publish/dashboard-state/emitter.ts';
import { createStateFileReporter } from '../../../src/publish/dashboard-state/reporter.ts';
import { logPlaceOf, logsDirectoryOf } from '../../../src/publish/dashboard-state/task-logs.ts';
import { track } from '../../../src/publish/track.ts';
import { eventually } from '../../helpers/eventually.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

async function logOf(file: string, taskId: string): Promise<string[]> {
  const lines: string[] = [];
  const { signal } = new AbortController();
  for await (const batch of readLog(logPlaceOf(file, taskId), { signal }, systemClock))
    lines.push(...batch.map(({ stream, text }) => `${stream}: ${text}`));
  return lines;
}

async function taskIn(file: string) {
  const state: DashboardState = JSON.parse(await readFile(file, 'utf8'));
  return state.activeTasks[0];
}

describe('what a task prints', () => {
  it('is kept beside the state file, and its last line is in the state', async () => {
    await using folder = await temporaryDirectory();
    const file = folder.file('state.json');
    const emitter = new DashboardStateEmitter({ file });
    emitter.startTask('a/b ü', 'Work');
    emitter.output?.write('a/b ü', Buffer.from('one\n\u001b[31mtwo\u001b[0m\n\n'), 'terminal');
    emitter.log('a/b ü', 'three  words');
    await emitter.close();
    expect(await logOf(file, 'a/b ü')).toEqual([
      'terminal: one',
      'terminal: \u001b[31mtwo\u001b[0m',
      'terminal: ',
      'log: three  words',
    ]);
    expect(await taskIn(file)).toMatchObject({ lastLine: 'three words' });
  });

  it('is nothing if nothing is printed', async () => {
    await using folder = await temporaryDirectory();
    const emitter = new DashboardStateEmitter({ file: folder.file('state.json') });
    emitter.startTask('a', 'Work');
    await emitter.close();
    expect(await readdir(folder.path)).toEqual(['state.json']);
  });

  it('goes with its task, and with those of an earlier process', async () => {
    await using folder = await temporaryDirectory();
    const file = folder.file('state.json');
    const { directory, name } = logPlaceOf(file, 'before');
    await mkdir(directory);
    await writeFile(join(directory, `${name}.1.log`), '');
    await writeFile(join(directory, 'somebody.1.log'), '');
    const emitter = new DashboardStateEmitter({ file });
    for (const id of ['a', 'b']) {
      emitter.startTask(id, 'Work');
      emitter.log(id, `of ${id}`);
      await emitter.output?.settle(id);
    }
    emitter.removeTask('a');
    await eventually(async () => {
      expect((await readdir(directory)).sort()).toEqual(
        [`${logPlaceOf(file, 'b').name}.1.log`, 'somebody.1.log'].sort(),
      );
    });
    await emitter.close();
    expect(await logOf(file, 'b')).toEqual(['log: of b']);
  });

  it('is complete before its end is reported', async () => {
    await using folder = await temporaryDirectory();
    const file = folder.file('state.json');
    const reporter = createStateFileReporter({ file, taskId: 'run' });
    const report = await reporter.start({ title: 'Run', steps: [] });
    report.output?.(Buffer.from('without an end'), 'stdout');
    await report.fail('exit code 1');
    expect(await taskIn(file)).toMatchObject({ status: 'failed', lastLine: 'without an end' });
    expect(await logOf(file, 'run')).toEqual(['stdout: without an end']);
    await reporter.close();
  });

  it('is said by `log` in tracked work', async () => {
    await using folder = await temporaryDirectory();
    const file = folder.file('state.json');
    const reporter = createStateFileReporter({ file, taskId: 'work' });
    await track('Work', ['step'], async ({ log }) => log('halfway'), { to: [reporter] });
    await reporter.close();
    expect(await logOf(file, 'work')).toEqual(['log: halfway']);
  });

  it('ends with one line if it cannot be kept, and the work continues', async () => {
    await using folder = await temporaryDirectory();
    const file = folder.file('state.json');
    await writeFile(logsDirectoryOf(file), 'no directory');
    const problems: string[] = [];
    const emitter = new DashboardStateEmitter({ file, onProblem: ({ message }) => problems.push(message) });
    emitter.startTask('a', 'Work');
    for (const line of ['one', 'two']) {
      emitter.log('a', line);
      await emitter.output?.settle('a');
    }
    await emitter.close();
    expect(problems).toEqual([expect.stringMatching(/^output is no longer saved: .*state\.json\.logs/u)]);
    expect(await taskIn(file)).toMatchObject({ status: 'running', lastLine: 'two' });
  });
});

describe('what was printed until the end of a task', () => {
  it('is kept at once, by a program that says nothing more', async () => {
    await using folder = await temporaryDirectory();
    const file = folder.file('state.json');
    const emitter = new DashboardStateEmitter({ file, clock: createFakeClock() }); // no timer ever fires
    emitter.startTask('a', 'Work');
    emitter.log('a', 'the last word');
    emitter.completeTask('a');
    await eventually(async () => {
      expect(await logOf(file, 'a')).toEqual(['log: the last word']);
      expect(await taskIn(file)).toMatchObject({ status: 'completed', lastLine: 'the last word' });
    });
  });
});
