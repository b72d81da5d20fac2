import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { sourceId } from '../../../src/model/id.ts';
import { createBacklogSource } from '../../../src/sources/backlog/source.ts';
import { findSources } from '../../../src/sources/open/find-sources.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, openView, type WorldStatus } from '../source-contract.ts';
import { criteria, SETTINGS, taskFile } from './sample.ts';

/** The usual columns, and for what has failed a word that is in none. */
const COLUMNS: Record<WorldStatus, string> = {
  queued: 'To Do',
  running: 'In Progress',
  completed: 'Done',
  failed: 'Cancelled',
};

async function makeBacklog() {
  const directory = await temporaryDirectory();
  const backlog = directory.file('backlog');
  const tasks = join(backlog, 'tasks');
  await mkdir(tasks, { recursive: true });
  await writeFile(join(backlog, 'config.yml'), SETTINGS);
  const pathOf = async (id: string) => {
    const name = (await readdir(tasks)).find((one) => one.startsWith(`${id.toLowerCase()} - `));
    return join(tasks, name ?? 'none');
  };
  return { directory, backlog, tasks, pathOf };
}

describeSourceContract('the backlog source', async () => {
  const { directory, backlog, tasks, pathOf } = await makeBacklog();
  let added = 0;
  return {
    source: createBacklogSource({ id: sourceId('plan'), path: backlog, clock: hurriedClock }),
    failedIs: 'cancelled',
    async add({ name, status }) {
      added += 1;
      const file = join(tasks, `task-${added} - ${name.replaceAll(' ', '-')}.md`);
      await writeFile(file, taskFile(`TASK-${added}`, name, COLUMNS[status]));
      return `TASK-${added}`;
    },
    async change(nativeId, status) {
      const path = await pathOf(nativeId);
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace(/^status: .*$/mu, `status: ${COLUMNS[status]}`));
    },
    remove: async (nativeId) => rm(await pathOf(nativeId)),
    breakDown: () => rename(backlog, `${backlog}.away`),
    async mend() {
      await rm(backlog, { force: true, recursive: true });
      await rename(`${backlog}.away`, backlog);
    },
    async close() {
      await directory[Symbol.asyncDispose]();
    },
  };
});

it('follows ticks, columns and what is completed', async () => {
  const { directory, backlog, tasks, pathOf } = await makeBacklog();
  await using _ = directory;
  const drawn = taskFile('TASK-1', 'Draw', 'In Progress', { body: criteria('x a', '  b') });
  await writeFile(join(tasks, 'task-1 - Draw.md'), drawn);
  const front = 'dependencies:\n  - TASK-1';
  await writeFile(join(tasks, 'task-2 - Paint.md'), taskFile('TASK-2', 'Paint', 'To Do', { front }));
  const view = openView(createBacklogSource({ id: sourceId('b'), path: backlog, clock: hurriedClock }));
  await view.live();
  expect(view.statuses()).toEqual({ 'TASK-1': 'running', 'TASK-2': 'waiting' });
  const one = await pathOf('TASK-1');
  await writeFile(one, drawn.replace('- [ ]', '- [x]'));
  const ticked = () => view.task('TASK-1').steps.filter(({ status }) => status === 'completed').length;
  await eventually(() => expect(ticked()).toBe(2));

  await writeFile(one, '---\nid: TASK-1\nti');
  await eventually(() => expect(view.record().problem?.message).toMatch(/has no front matter/u));
  expect(view.record().status).toBe('live');
  expect(view.statuses()).toEqual({ 'TASK-1': 'running', 'TASK-2': 'waiting' });

  await mkdir(join(backlog, 'completed'));
  await rename(one, join(backlog, 'completed', 'task-1 - Draw.md'));
  await eventually(() => expect(view.statuses()).toEqual({ 'TASK-2': 'queued' }));
  expect(view.record().problem).toBeNull();

  await writeFile(join(backlog, 'config.yml'), 'statuses: [Ideas, "To Do", Shipped]\n');
  await writeFile(await pathOf('TASK-2'), taskFile('TASK-2', 'Paint', 'shipped'));
  await eventually(() => expect(view.statuses()).toEqual({ 'TASK-2': 'completed' }));
  await view.close();
});

it('is found by its settings or by its tasks, under any name, and nothing else in it is', async () => {
  await using directory = await temporaryDirectory();
  const put = async (name: string, text: string) => {
    await mkdir(dirname(directory.file(name)), { recursive: true });
    await writeFile(directory.file(name), text);
  };
  await put('a/backlog/config.yml', SETTINGS);
  await mkdir(directory.file('a/backlog/tasks'));
  await put('a/backlog/completed/tasks.md', '- [ ] a\n');
  await put('b/.backlog/tasks/task-1 - x.md', taskFile('TASK-1', 'x', 'To Do'));
  await put('c/backlog.config.yml', SETTINGS);
  await put('c/backlog/tasks/README.md', '# Tasks\n');
  await put('d/planning/tasks/back-7.1 - x.md', taskFile('BACK-7.1', 'x', 'Done'));
  await put('e/backlog/tasks/notes.md', '# Notes\n\n- [ ] a\n');
  await put('f/config.yml', 'statuses: 1\n');
  await put('g/tasks/task-1 - x.md', '- [ ] a\n');
  const { files } = await findSources(directory.path);
  expect(files).toEqual(
    ['a/backlog', 'b/.backlog', 'c/backlog', 'd/planning'].map((path) => ({
      path: directory.file(path),
      format: 'backlog',
    })),
  );
  expect((await findSources(directory.file('a/backlog'))).files).toHaveLength(1);
});
