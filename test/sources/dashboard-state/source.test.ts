import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { sourceId } from '../../../src/model/id.ts';
import { DashboardStateEmitter } from '../../../src/publish/dashboard-state/emitter.ts';
import { createDashboardStateSource } from '../../../src/sources/dashboard-state/source.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, type SourceWorld, type WorldStatus } from '../source-contract.ts';

const WORDS: Record<WorldStatus, string> = {
  queued: 'pending',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
};

describeSourceContract('the dashboard state source', () => makeWorld('state.json', replaceWhole));
describeSourceContract('the dashboard state source on a stream', () => makeWorld('state.ndjson', appendLine));

async function makeWorld(
  name: string,
  write: (path: string, text: string) => Promise<void>,
): Promise<SourceWorld> {
  const directory = await temporaryDirectory();
  const path = directory.file(name);
  const tasks = new Map<string, Record<string, unknown>>();
  let emitter: DashboardStateEmitter | null = null;

  const emit = () => {
    const activeTasks = [...tasks.values()];
    return write(path, JSON.stringify({ version: 1, timestamp: Date.now(), activeTasks }));
  };
  const end = (nativeId: string, status: string) => {
    tasks.set(nativeId, { ...tasks.get(nativeId), status });
    void emit();
  };

  await emit();
  return {
    source: createDashboardStateSource({ id: sourceId(name), path, clock: hurriedClock }),
    async add({ name: taskName, status }) {
      const taskId = `task_${tasks.size + 1}`;
      tasks.set(taskId, {
        taskId,
        taskName,
        status: WORDS[status],
        currentStep: 0,
        totalSteps: 0,
        steps: [],
      });
      await emit();
      return taskId;
    },
    async change(nativeId, status) {
      tasks.set(nativeId, { ...tasks.get(nativeId), status: WORDS[status] });
      await emit();
    },
    async remove(nativeId) {
      tasks.delete(nativeId);
      await emit();
    },
    breakDown: () => rename(path, `${path}.away`),
    mend: () => rename(`${path}.away`, path),
    async obey() {
      // A real emitter takes the command files; what it publishes itself goes nowhere.
      emitter = new DashboardStateEmitter({
        file: path,
        onProblem() {}, // that it does not replace a stream
        onCancel: (taskId) => end(taskId, 'cancelled'),
        onRetry: (taskId) => end(taskId, 'running'),
      });
      for (const task of tasks.values()) {
        emitter.startTask(String(task.taskId), String(task.taskName));
        if (task.status === 'failed') emitter.failTask(String(task.taskId), 'it failed');
      }
      await emitter.flush();
      await emit();
    },
    async close() {
      await emitter?.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function replaceWhole(path: string, text: string): Promise<void> {
  const away = await readFile(`${path}.away`).catch(() => null);
  const target = away ? `${path}.away` : path;
  await writeFile(`${target}.new`, text);
  await rename(`${target}.new`, target);
}

async function appendLine(path: string, text: string): Promise<void> {
  await appendFile(path, `${text}\n`);
}
