import { mkdir, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { runHere } from '../../helpers/console.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

it('status asks for nobody because of what was looked at in a view', async () => {
  await using directory = await temporaryDirectory();
  const task = {
    taskName: 'Hash',
    status: 'failed',
    error: 'disk full',
    steps: [],
    startedAt: 1,
    completedAt: 2,
  };
  const tasks = ['a', 'b'].map((taskId) => ({ ...task, taskId, taskName: `Hash ${taskId}` }));
  await writeFile(directory.file('state.json'), JSON.stringify({ activeTasks: tasks }));
  const figures = async () => {
    const { stdout } = await runHere(['status', 'state.json', '--format', 'json'], { cwd: directory.path });
    const { failed, asking } = JSON.parse(stdout);
    return { failed, asking: asking.map(({ name }: { name: string }) => name) };
  };
  expect(await figures()).toEqual({ failed: 2, asking: ['Hash a', 'Hash b'] });
  await mkdir(directory.file('.home'), { recursive: true });
  const seen = { [`dashboard-state ${directory.file('state.json')} a`]: 'failed 1 2' };
  await writeFile(directory.file('.home/seen.json'), JSON.stringify({ seen }));
  expect(await figures()).toEqual({ failed: 2, asking: ['Hash b'] });
  const listed = await runHere(['state.json', '--once', '--plain', '--filter', 'is:needs-you'], {
    cwd: directory.path,
  });
  expect(listed.stdout).toContain('Hash b');
  expect(listed.stdout).not.toContain('Hash a');
});
