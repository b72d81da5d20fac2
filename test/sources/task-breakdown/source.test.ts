import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { sourceId } from '../../../src/model/id.ts';
import { createTaskBreakdownSource } from '../../../src/sources/task-breakdown/source.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, type WorldStatus } from '../source-contract.ts';

const WORDS: Record<WorldStatus, string> = {
  queued: 'pending',
  running: 'in_progress',
  completed: 'completed',
  failed: 'failed',
};

describeSourceContract('the task breakdown source', async () => {
  const directory = await temporaryDirectory();
  const path = directory.file('task-breakdown.json');
  let added = 0;

  /** As the original does: read, change, write in place. */
  const edit = async (change: (tasks: Record<string, unknown>[]) => Record<string, unknown>[]) => {
    const { tasks } = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ total_tasks: tasks.length, tasks: change(tasks) }, null, 2));
  };
  await writeFile(path, '{"total_tasks": 0, "tasks": []}');

  return {
    source: createTaskBreakdownSource({ id: sourceId('plan'), path, clock: hurriedClock }),
    async add({ name, status }) {
      added += 1;
      const id = `T${added}`;
      await edit((tasks) => [...tasks, { id, description: name, module: 'core', status: WORDS[status] }]);
      return id;
    },
    change: (nativeId, status) =>
      edit((tasks) =>
        tasks.map((task) => (task.id === nativeId ? { ...task, status: WORDS[status] } : task)),
      ),
    remove: (nativeId) => edit((tasks) => tasks.filter((task) => task.id !== nativeId)),
    breakDown: () => rename(path, `${path}.away`),
    async mend() {
      await rm(path, { force: true });
      await rename(`${path}.away`, path);
    },
    // The file itself obeys: it is what the command changes.
    obey: async () => {},
    async close() {
      await directory[Symbol.asyncDispose]();
    },
  };
});
