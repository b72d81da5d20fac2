import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sourceId } from '../../../src/model/id.ts';
import { openExec, openExecd } from '../../../src/sources/exec/open.ts';
import type { Source } from '../../../src/sources/kit/source.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, type SourceWorld, type WorldStatus } from '../source-contract.ts';

const WORDS: Record<WorldStatus, string> = {
  queued: 'pending',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
};

const keeper = fileURLToPath(new URL('./keeper.ts', import.meta.url));

describeSourceContract('exec', () => makeWorld(openExec, (path) => `1s:cat '${path}'`));
describeSourceContract('execd', () =>
  makeWorld(openExecd, (path) => `exec '${process.execPath}' '${keeper}' '${path}'`),
);

async function makeWorld(open: typeof openExec, placeFor: (path: string) => string): Promise<SourceWorld> {
  const directory = await temporaryDirectory();
  const path = directory.file('board.json');
  const tasks = new Map<string, Record<string, unknown>>();
  const put = async () => {
    const activeTasks = [...tasks.values()];
    await writeFile(`${path}.new`, JSON.stringify({ version: 1, timestamp: Date.now(), activeTasks }));
    await rename(`${path}.new`, path);
  };
  await put();
  return {
    source: open({
      id: sourceId('board'),
      place: placeFor(path),
      clock: hurriedClock,
      env: process.env,
      cwd: directory.path,
    }) as Source,
    async add({ name: taskName, status }) {
      const taskId = `task_${tasks.size + 1}`;
      tasks.set(taskId, { taskId, taskName, status: WORDS[status] });
      await put();
      return taskId;
    },
    async change(nativeId, status) {
      tasks.set(nativeId, { ...tasks.get(nativeId), status: WORDS[status] });
      await put();
    },
    async remove(nativeId) {
      tasks.delete(nativeId);
      await put();
    },
    breakDown: () => rename(path, `${path}.away`),
    mend: () => rename(`${path}.away`, path),
    obey: () => writeFile(`${path}.obey`, ''),
    async close() {
      await directory[Symbol.asyncDispose]();
    },
  };
}
