import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sourceId } from '../../../src/model/id.ts';
import { createTaskMasterSource } from '../../../src/sources/task-master/source.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, type WorldStatus } from '../source-contract.ts';
import { task } from './sample.ts';

type RawTask = ReturnType<typeof task>;

/** The program knows no failure: what nobody goes on with is cancelled. */
const WORDS: Record<WorldStatus, string> = {
  queued: 'pending',
  running: 'in-progress',
  completed: 'done',
  failed: 'cancelled',
};

describeSourceContract('the task-master source', async () => {
  const directory = await temporaryDirectory();
  const path = directory.file('.taskmaster/tasks/tasks.json');
  let added = 0;
  await mkdir(dirname(path), { recursive: true });

  /** As the program does: written beside, and renamed into place. */
  const write = async (tasks: readonly RawTask[]) => {
    await writeFile(`${path}.tmp`, JSON.stringify({ master: { tasks, metadata: {} } }, null, 2));
    await rename(`${path}.tmp`, path);
  };
  const edit = async (change: (tasks: RawTask[]) => RawTask[]) =>
    write(change(JSON.parse(await readFile(path, 'utf8')).master.tasks));
  await write([]);

  return {
    source: createTaskMasterSource({ id: sourceId('plan'), path, clock: hurriedClock }),
    failedIs: 'cancelled',
    async add({ name, status }) {
      added += 1;
      const id = added;
      await edit((tasks) => [...tasks, task(id, name, WORDS[status])]);
      return String(id);
    },
    change: (nativeId, status) =>
      edit((tasks) =>
        tasks.map((one) => (String(one.id) === nativeId ? { ...one, status: WORDS[status] } : one)),
      ),
    remove: (nativeId) => edit((tasks) => tasks.filter(({ id }) => String(id) !== nativeId)),
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
