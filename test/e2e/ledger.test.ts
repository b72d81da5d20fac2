import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { run, start } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

it('several workers on one ledger: each task is given to one of them, and every word of theirs is kept', async () => {
  await using directory = await temporaryDirectory();
  const ledger = (...args: string[]) => run(['ledger', ...args], { cwd: directory.path });
  const definitions = Array.from({ length: 12 }, (_, index) => ({
    id: `part-${index}`,
    verification: 'true',
  }));
  await writeFile(directory.file('parts.json'), JSON.stringify(definitions));
  expect(await ledger('register', 'parts.json')).toMatchObject({ code: 0, stderr: '' });

  const work = async (): Promise<string[]> => {
    const { stdout } = await ledger('next-task', '--start', '--id');
    const id = stdout.trim();
    if (id === '') return [];
    expect(await ledger('complete-task', id)).toMatchObject({ code: 0, stderr: '' });
    return [id, ...(await work())];
  };
  const done = (await Promise.all([work(), work(), work()])).flat();
  expect(done.toSorted()).toEqual(definitions.map(({ id }) => id).toSorted());
  const tasks = JSON.parse((await ledger('list-tasks', '--json')).stdout);
  expect(tasks).toHaveLength(12);
  for (const task of tasks) expect(task).toMatchObject({ status: 'completed', version: 4 });
});

it('an interrupt ends the verification, and the task is as it was', async () => {
  await using directory = await temporaryDirectory();
  const ledger = (...args: string[]) => run(['ledger', ...args], { cwd: directory.path });
  await ledger('register', 'slow', '--verify', `touch ${directory.file('begun')}; sleep 60`);
  const completing = start(['ledger', 'complete-task', 'slow'], { cwd: directory.path });
  const status = async () => JSON.parse((await ledger('task-status', 'slow', '--json')).stdout);
  await eventually(async () => expect((await status()).status).toBe('completing'));
  completing.process.kill('SIGINT');
  expect(await completing.ended).toMatchObject({ code: 130, stdout: '' });
  expect(await status()).toMatchObject({ status: 'pending', history: [{}, {}, { event: 'refused' }] });
});
