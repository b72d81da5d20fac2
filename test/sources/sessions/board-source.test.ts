import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { sourceId } from '../../../src/model/id.ts';
import { createBoardSource } from '../../../src/sources/sessions/source.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, type WorldStatus } from '../source-contract.ts';

/** How a task stands in the design's words: only a session can say that it failed. */
const WORDS: Record<WorldStatus, object> = {
  queued: { status: 'todo', sessionProgress: [] },
  running: { status: 'inprogress', sessionProgress: [{ sessionId: 's1', status: 'working' }] },
  completed: { status: 'completed', sessionProgress: [{ sessionId: 's1', status: 'completed' }] },
  failed: { status: 'todo', sessionProgress: [{ sessionId: 's1', status: 'failed' }] },
};

type Task = Record<string, unknown>;

for (const shape of ['{tasks}', 'array'] as const) {
  describeSourceContract(`the board source (${shape})`, async () => {
    const directory = await temporaryDirectory();
    const path = directory.file('board.json');
    let added = 0;
    const edit = async (change: (tasks: Task[]) => Task[]) => {
      const before = JSON.parse(await readFile(path, 'utf8'));
      const tasks = change(shape === 'array' ? before : before.tasks);
      await writeFile(path, JSON.stringify(shape === 'array' ? tasks : { ...before, tasks }, null, 2));
    };
    await writeFile(path, shape === 'array' ? '[]' : '{"tasks": [], "owner": "me"}');

    return {
      source: createBoardSource({ id: sourceId('board'), path, clock: hurriedClock }),
      async add({ name, status }) {
        added += 1;
        const id = `T${added}`;
        await edit((tasks) => [...tasks, { id, title: name, ...WORDS[status] }]);
        return id;
      },
      change: (nativeId, status) =>
        edit((tasks) => tasks.map((task) => (task.id === nativeId ? { ...task, ...WORDS[status] } : task))),
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
}
