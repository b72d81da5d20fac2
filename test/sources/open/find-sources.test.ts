import { writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { findSources } from '../../../src/sources/open/find-sources.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const STATE = '{"version":1,"activeTasks":[{"taskId":"a","taskName":"A","status":"running"}]}';
const BREAKDOWN = '{"tasks":[{"id":"T1","description":"A"}]}';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

async function put(name: string, text: string): Promise<void> {
  const path = directory.file(name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

describe('searching a directory', () => {
  it('finds sources not deeper than 3, in hidden folders too, and skips everything else', async () => {
    await put('state.json', STATE);
    await put('package.json', '{"tasks":[]}');
    await put('notes.txt', STATE);
    await put('.agent_workspace/shop/architecture/task-breakdown.json', BREAKDOWN);
    await put('one/two/three/log.ndjson', `${STATE}\n`);
    await put('one/two/three/four/too-deep.json', STATE);
    await put('node_modules/x/state.json', STATE);
    await put('.git/state.json', STATE);
    await put('state.json.commands/1.json', STATE);
    expect(await findSources(directory.path)).toEqual({
      files: [
        {
          path: directory.file('.agent_workspace/shop/architecture/task-breakdown.json'),
          format: 'task-breakdown',
        },
        { path: directory.file('one/two/three/log.ndjson'), format: 'dashboard-state' },
        { path: directory.file('state.json'), format: 'dashboard-state' },
      ],
      unsearched: [],
      ranOutOfTime: false,
    });
  });

  it('takes a Maestro’s data directory as one source, and others with the same names for what they are', async () => {
    const task = '{"id":"t1","projectId":"p1","title":"A","status":"todo"}';
    await put('home/data/tasks/p1/t1.json', task);
    await put('home/data/sessions/s1.json', '{"id":"s1","status":"idle"}');
    await put('home/data/server-url', 'http://localhost:4567');
    await put('mine/tasks/state.json', STATE);
    await put('mine/projects/README.json', '{}');
    await put('.taskglass/board.json', '[{"id":"1","title":"x","status":"todo"}]');
    expect(await findSources(directory.path)).toEqual({
      files: [
        { path: directory.file('.taskglass/board.json'), format: 'sessions' },
        { path: directory.file('home/data'), format: 'maestro' },
        { path: directory.file('mine/tasks/state.json'), format: 'dashboard-state' },
      ],
      unsearched: [],
      ranOutOfTime: false,
    });
    expect((await findSources(directory.file('home/data'))).files).toEqual([
      { path: directory.file('home/data'), format: 'maestro' },
    ]);
  });

  it('finds nothing if there is nothing, and says what is missing', async () => {
    expect(await findSources(directory.path)).toEqual({ files: [], unsearched: [], ranOutOfTime: false });
    const gone = directory.file('gone');
    expect(await findSources(gone)).toEqual({
      files: [],
      unsearched: [`${gone} (ENOENT): this directory cannot be searched`],
      ranOutOfTime: false,
    });
  });

  it('finds what is among 25,000 files of other kinds, and beside them', async () => {
    await put('crowd/state.json', STATE);
    await put('near.json', STATE);
    for (let i = 0; i < 25_000; i += 1) writeFileSync(directory.file(`crowd/${i}.log`), '');
    const { files, unsearched } = await findSources(directory.path);
    expect(files.map(({ path }) => path)).toEqual([
      directory.file('crowd/state.json'),
      directory.file('near.json'),
    ]);
    expect(unsearched).toEqual([]);
  }, 60_000);

  it('stops at five hundred, and says so only if something was left', async () => {
    for (let i = 0; i < 500; i += 1) await put(`${i}.json`, STATE);
    const { files, unsearched } = await findSources(directory.path);
    expect({ found: files.length, unsearched }).toEqual({ found: 500, unsearched: [] });

    await put('below/state.json', STATE);
    expect((await findSources(directory.path)).unsearched).toEqual([
      `${directory.path}: the search stopped at 500 sources; name a smaller directory, or files`,
    ]);
  });

  it('stops when it took too long, with what was near', async () => {
    await put('state.json', STATE);
    await put('a/b/state.json', STATE);
    let now = 0;
    const slowClock: Clock = { ...systemClock, monotonic: () => (now += 300) };
    const { files, unsearched } = await findSources(directory.path, { clock: slowClock });
    expect(files.map(({ path }) => path)).toEqual([directory.file('state.json')]);
    expect(unsearched).toEqual([
      `${directory.path}: the search stopped after 2 s; name a smaller directory, or files`,
    ]);
  });

  it('stops silently when it is aborted', async () => {
    await put('a/state.json', STATE);
    expect(await findSources(directory.path, { signal: AbortSignal.abort() })).toEqual({
      files: [],
      unsearched: [],
      ranOutOfTime: false,
    });
  });
});
