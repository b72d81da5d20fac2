import { mkdir, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSession } from '../../src/session/open-session.ts';
import { SessionError } from '../../src/session/session-error.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const MINUTE_MS = 60_000;

let place: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  place = await temporaryDirectory();
});
afterEach(() => place[Symbol.asyncDispose]());

const here = () => ({ cwd: place.path, env: { TASKGLASS_HOME: place.file('.home') } });

/** Writes a run of two steps of a minute each; it has ended, or is half way through its first one. */
function writeRun(taskId: string, startedAt: number, hasEnded: boolean): Promise<void> {
  const status = hasEnded ? 'completed' : 'running';
  const end = (at: number) => (hasEnded ? { completedAt: at } : {});
  const steps = [
    { index: 0, name: 'Fetch', status, startedAt, ...end(startedAt + MINUTE_MS) },
    hasEnded
      ? {
          index: 1,
          name: 'Pack',
          status,
          startedAt: startedAt + MINUTE_MS,
          ...end(startedAt + 2 * MINUTE_MS),
        }
      : { index: 1, name: 'Pack', status: 'pending' },
  ];
  const task = { taskId, taskName: 'Nightly', status, currentStep: 0, totalSteps: 2, steps, startedAt };
  const state = {
    version: 1,
    timestamp: startedAt,
    activeTasks: [{ ...task, ...end(startedAt + 2 * MINUTE_MS) }],
  };
  return writeFile(place.file(`${taskId}.json`), JSON.stringify(state));
}

it('shows what a directory holds, with the ETA that an earlier session has learnt', async () => {
  const now = Date.now();
  await writeRun('monday', now - 60 * MINUTE_MS, true);
  const first = await openSession(here());
  expect(await first.settled()).toBe(true);
  expect(first.tasks()).toMatchObject([
    { task: { name: 'Nightly', state: { status: 'completed' } }, eta: null },
  ]);
  await first.close();

  await rm(place.file('monday.json'));
  await writeRun('tuesday', now - MINUTE_MS / 2, false);
  const second = await openSession(here());
  await second.settled();
  const [running] = second.tasks({ filter: 'status:running' });
  await second.close();
  expect(running).toMatchObject({ task: { nativeId: 'tuesday' }, eta: { basis: 'history', earlierRuns: 1 } });
  expect(running?.eta?.usualMs).toBe(2 * MINUTE_MS);
});

it('neither learns nor remembers if it is told so', async () => {
  await writeRun('monday', Date.now() - 60 * MINUTE_MS, true);
  const session = await openSession({ ...here(), history: false });
  await session.settled();
  await session.close();
  await rm(place.file('monday.json'));
  await writeRun('tuesday', Date.now(), false);
  const second = await openSession(here());
  await second.settled();
  const eta = second.tasks({ filter: 'status:running' })[0]?.eta;
  await second.close();
  expect(eta?.earlierRuns ?? 0).toBe(0);
});

it('opens only what is named', async () => {
  await writeRun('monday', Date.now(), false);
  await writeRun('tuesday', Date.now(), false);
  const session = await openSession({ ...here(), sources: ['monday.json'] });
  await session.settled();
  const ids = session.tasks().map(({ task }) => task.nativeId);
  await session.close();
  expect({ ids, count: session.sourceCount }).toEqual({ ids: ['monday'], count: 1 });
});

it.each([
  [['nowhere'], /nowhere: neither a command nor a source/u],
  [['.'], /no source found there/u],
  [['https://user:secret@host'], /https:\/\/host: put the token/u],
])('refuses %j with what is wrong and what to do', async (sources, words) => {
  const refusal = await openSession({ ...here(), sources }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(SessionError);
  const { message, problem } = refusal as SessionError;
  expect(message).toMatch(words);
  expect(problem.hint).toBeTruthy();
  expect(message).not.toContain('secret');
});

it('ends at once if it is closed before anything was read', async () => {
  await writeRun('monday', Date.now(), false);
  const session = await openSession(here());
  await session.close();
  expect(session.tasks()).toEqual([]);
});

it('shows lists of others: found in a directory, or named', async () => {
  await mkdir(place.file('.taskmaster/tasks'), { recursive: true });
  await mkdir(place.file('specs/001-web'), { recursive: true });
  const listed = { id: 1, title: 'Draw', status: 'review', dependencies: [], subtasks: [] };
  await writeFile(
    place.file('.taskmaster/tasks/tasks.json'),
    JSON.stringify({ master: { tasks: [listed], metadata: {} } }),
  );
  await writeFile(place.file('specs/001-web/tasks.md'), '- [x] T001 Begin\n- [X] T002 End\n');
  await writeFile(place.file('notes.md'), '# Shopping\n\n- [ ] Milk\n');
  const kindsAndNames = async (sources: readonly string[]) => {
    const session = await openSession({ ...here(), sources });
    await session.settled();
    const kindOf = (id: string) => session.monitor.getState().sources.get(id as never)?.kind;
    const shown = session
      .tasks()
      .map(({ task }) => `${kindOf(task.source)} ${task.name} ${task.state.status}`);
    await session.close();
    return shown;
  };
  expect(await kindsAndNames([])).toEqual(['task-master Draw needs-input', 'checklist 001-web completed']);
  expect(await kindsAndNames(['notes.md'])).toEqual(['checklist Shopping queued']);
});
