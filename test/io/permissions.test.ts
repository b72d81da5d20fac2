import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SourceEvent } from '../../src/model/event.ts';
import type { Task } from '../../src/model/task.ts';
import type { FoundSources } from '../../src/sources/open/find-sources.ts';
import { eventually } from '../helpers/eventually.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const NOBODY = 65_534;
const script = new URL('./watch-as.ts', import.meta.url);
const search = new URL('../sources/search-as.ts', import.meta.url);
/** Only root can be somebody else; and somebody else must be able to read this very repository. */
const canBeNobody = process.getuid?.() === 0 && (await isReadableByAll(import.meta.dirname));

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let watchers: ChildProcess[];
beforeEach(async () => {
  directory = await temporaryDirectory();
  await chmod(directory.path, 0o755);
  watchers = [];
});
afterEach(async () => {
  for (const watcher of watchers) {
    const ended = once(watcher, 'exit');
    watcher.send('stop');
    await ended;
  }
  await directory[Symbol.asyncDispose]();
});

function watchAsNobody(path: string): SourceEvent[] {
  const events: SourceEvent[] = [];
  const watcher = fork(script, [path], { uid: NOBODY, gid: NOBODY });
  watcher.on('message', (event) => events.push(event as SourceEvent));
  watchers.push(watcher);
  return events;
}

const state = (name: string) =>
  JSON.stringify({ activeTasks: [{ taskId: 'a', taskName: name, status: 'running' }] });
const tasksOf = (event: SourceEvent): readonly Task[] =>
  event.type === 'snapshot' ? event.tasks : event.type === 'changed' ? [event.task] : [];

describe.runIf(canBeNobody)('the files of another user', () => {
  it.each([
    ['state.json', state('A')],
    ['task-breakdown.json', '{"tasks":[{"id":"a","description":"A"}]}'],
  ])('%s is shown, but takes no commands, and says why', async (name, text) => {
    await writeFile(directory.file(name), text);
    const events = watchAsNobody(directory.file(name));
    await eventually(() => expect(events.at(-1)).toEqual({ type: 'live' }));
    expect(events.flatMap(tasksOf).map(({ offers }) => offers)).toEqual([
      [{ command: 'cancel', refusal: 'not writable: owned by root' }],
    ]);
  });

  it('takes commands once it may', async () => {
    await writeFile(directory.file('state.json'), state('A'));
    const events = watchAsNobody(directory.file('state.json'));
    await eventually(() => expect(events.at(-1)).toEqual({ type: 'live' }));
    await chmod(directory.path, 0o777);
    await writeFile(directory.file('state.json'), state('B'));
    await eventually(() =>
      expect(events.flatMap(tasksOf).at(-1)?.offers).toEqual([{ command: 'cancel', refusal: null }]),
    );
  });

  it('may not be readable, and is shown when it is', async () => {
    const path = directory.file('state.json');
    await writeFile(path, state('A'), { mode: 0o600 });
    const events = watchAsNobody(path);
    await eventually(() =>
      expect(events.at(-1)).toMatchObject({
        problem: { kind: 'unreadable', message: `${path} is not readable by this user` },
      }),
    );
    await chmod(path, 0o644);
    await eventually(() => expect(events.at(-1)).toEqual({ type: 'live' }));
  });

  it('are followed in a directory that may not be listed', async () => {
    await writeFile(directory.file('state.json'), state('A'));
    await chmod(directory.path, 0o711);
    const events = watchAsNobody(directory.file('state.json'));
    await eventually(() => expect(events.at(-1)).toEqual({ type: 'live' }));
    await writeFile(directory.file('state.json'), state('B'));
    await eventually(() => expect(events.flatMap(tasksOf).at(-1)?.name).toBe('B'));
  });
});

describe.runIf(canBeNobody)('the directories of another user', () => {
  it('are named where they cannot be searched, five of them; the rest is searched', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
      await mkdir(directory.file(name), { mode: 0o700 });
    // Its names may be read, what they name may not.
    await chmod(directory.file('a'), 0o744);
    await writeFile(directory.file('state.json'), state('A'));
    expect(await searchAsNobody(directory.path)).toEqual({
      files: [{ path: directory.file('state.json'), format: 'dashboard-state' }],
      unsearched: [
        ...['a', 'b', 'c', 'd', 'e'].map(
          (name) => `${directory.file(name)} (EACCES): this directory cannot be searched`,
        ),
        `${directory.path}: 2 more directories in it cannot be searched`,
      ],
      ranOutOfTime: false,
    });
  });
});

async function searchAsNobody(path: string): Promise<FoundSources> {
  const searcher = fork(search, [path], { uid: NOBODY, gid: NOBODY });
  const [[found]] = await Promise.all([once(searcher, 'message'), once(searcher, 'exit')]);
  return found;
}

async function isReadableByAll(path: string): Promise<boolean> {
  const parts = path.split('/').map((_, index, all) => all.slice(0, index + 1).join('/') || '/');
  const modes = await Promise.all(parts.map(async (part) => (await stat(part)).mode));
  return modes.every((mode) => (mode & 0o005) === 0o005);
}
