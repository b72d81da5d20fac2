import { execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock, type FakeClock, systemClock } from '../../src/clock.ts';
import { notJsonProblem } from '../../src/io/file-problem.ts';
import { followFile } from '../../src/io/follow-file.ts';
import { parseJson } from '../../src/io/json-text.ts';
import { readWhole } from '../../src/io/read-file.ts';
import { watchFile } from '../../src/io/watch-file.ts';
import { sourceId } from '../../src/model/id.ts';
import type { Problem } from '../../src/model/problem.ts';
import { createDashboardStateSource } from '../../src/sources/dashboard-state/source.ts';
import { createTaskBreakdownSource } from '../../src/sources/task-breakdown/source.ts';
import { eventually } from '../helpers/eventually.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openView } from '../sources/source-contract.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let clock: FakeClock;
let closers: (() => Promise<void>)[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  clock = createFakeClock(Date.now());
  closers = [];
});
afterEach(async () => {
  for (const close of closers) await close();
  await directory[Symbol.asyncDispose]();
});

/** What following a file has told so far: values, and problems by kind. */
function follow(
  path: string,
  options: { readonly onRead?: () => void; readonly restAfter?: (tookMs: number) => number } = {},
) {
  const { onRead = () => {}, restAfter = () => 0 } = options;
  const values: unknown[] = [];
  const problems: Problem[] = [];
  let newest: string | null = null;
  const { close } = followFile<unknown>({
    path,
    clock,
    async read(from) {
      const found = await readWhole(from);
      onRead();
      newest = 'bytes' in found ? found.bytes.toString() : null;
      return found;
    },
    parse(bytes) {
      const parsed = parseJson(bytes.toString());
      return 'value' in parsed ? parsed : { explain: () => notJsonProblem(path, parsed.explain()) };
    },
    restAfter, // none: the clock that is moved by hand would make a long read of a short one
    onValue: (value) => void values.push(value),
    onProblem: (problem) => void problems.push(problem),
  });
  closers.push(close);
  return {
    close,
    values,
    problems,
    shows: (value: unknown) => eventually(() => expect(values.at(-1)).toEqual(value)),
    fails: (kind: string) => eventually(() => expect(problems.at(-1)?.kind).toBe(kind)),
    /** Waits until this is what was read last, whole or incomplete; null where there is no file. */
    hasRead: (text: string | null) => eventually(() => expect(newest).toBe(text)),
  };
}

describe('following a file', () => {
  it('sees it written in place, replaced, truncated, deleted and come back', async () => {
    const path = directory.file('state.json');
    await writeFile(path, '1');
    const seen = follow(path);
    await seen.shows(1);
    await writeFile(path, '22');
    await seen.shows(22);
    await writeFile(`${path}.new`, '3');
    await rename(`${path}.new`, path);
    await seen.shows(3);
    await writeFile(path, '4');
    await seen.shows(4);
    await unlink(path);
    await writeFile(path, '5');
    await seen.shows(5);
    expect(seen.problems).toEqual([]);
  });

  it('is watched only from when it was read: who reads but once needs no watch', async () => {
    const path = directory.file('state.json');
    await writeFile(path, '1');
    await mkdir(directory.file('elsewhere'));
    const watches = () => process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length;
    const before = watches();
    const whileRead = Promise.withResolvers<number>();
    const followed = followFile({
      path,
      clock,
      async read(from) {
        // A watch that began later than this one would have is there by now.
        await new Promise<void>((resolve) => {
          closers.push(watchFile(directory.file('elsewhere/other'), resolve).close);
        });
        whileRead.resolve(watches() - before);
        return readWhole(from);
      },
      parse: (bytes) => ({ value: bytes.toString() }),
      onValue: () => {},
      onProblem: () => {},
    });
    closers.push(followed.close);
    expect(await whileRead.promise).toBe(1);
    await eventually(() => expect(watches() - before).toBe(2));
  });

  it('waits for a file, and for its directories', async () => {
    const seen = follow(directory.file('a/b/state.json'));
    await seen.fails('missing');
    expect(seen.problems[0]?.hint).toBe('it appears as soon as something writes it');
    await mkdir(directory.file('a/b'), { recursive: true });
    await writeFile(directory.file('a/b/state.json'), '{"now": true}');
    await seen.shows({ now: true });
    await writeFile(directory.file('a/b/state.json'), '{"now": 2}');
    await seen.shows({ now: 2 });
  });

  it('survives that its directory is replaced', async () => {
    await mkdir(directory.file('d'));
    await writeFile(directory.file('d/state.json'), '1');
    const seen = follow(directory.file('d/state.json'));
    await seen.shows(1);
    await rm(directory.file('d'), { recursive: true });
    await mkdir(directory.file('d'));
    await writeFile(directory.file('d/state.json'), '2');
    await seen.shows(2);
  });

  it('follows a link to where it leads', async () => {
    await mkdir(directory.file('releases'));
    await writeFile(directory.file('releases/1.json'), '1');
    await symlink(directory.file('releases/1.json'), directory.file('state.json'));
    const seen = follow(directory.file('state.json'));
    await seen.shows(1);
    await writeFile(directory.file('releases/1.json'), '2');
    await seen.shows(2);
  });

  it('takes an incomplete file for one that is being written, for 2 s', async () => {
    const path = directory.file('state.json');
    await writeFile(path, '{"a": 1}');
    const seen = follow(path);
    await seen.shows({ a: 1 });

    await using file = await open(path, 'r+');
    await file.truncate();
    await seen.hasRead('');
    await file.write('{"a": [1,', 0);
    await seen.hasRead('{"a": [1,');
    clock.advance(1_900);
    await file.write(' 2]}', 9);
    await seen.shows({ a: [1, 2] });
    clock.advance(10_000);
    expect(seen.problems).toEqual([]);
  });

  it('tells of an incomplete file after 2 s, where it is cut, and recovers', async () => {
    const path = directory.file('state.json');
    await writeFile(path, '{"a": 1}');
    const seen = follow(path);
    await seen.shows({ a: 1 });
    await writeFile(path, '{\n  "a": nonsense\n}');
    await seen.hasRead('{\n  "a": nonsense\n}');
    expect(seen.problems).toEqual([]);
    await eventually(() => {
      clock.advance(500);
      expect(seen.problems).toHaveLength(1);
    });
    expect(seen.problems[0]).toMatchObject({ kind: 'malformed', severity: 'down' });
    expect(seen.problems[0]?.message).toBe(
      `${path} is not valid JSON (line 2, column 9): unexpected token 'o'`,
    );
    await writeFile(path, '{"a": 1}');
    await eventually(() => expect(seen.values).toEqual([{ a: 1 }, { a: 1 }]));
  });

  it('tells at once of what was left incomplete long ago', async () => {
    const path = directory.file('state.json');
    await writeFile(path, '{"a": ');
    await utimes(path, new Date(clock.now() - 60_000), new Date(clock.now() - 60_000));
    const seen = follow(path);
    await seen.fails('malformed');
    expect(seen.problems[0]?.message).toContain('(line 1, column 7): it ends too early');
  });

  it('rests no longer than 10 s, whatever the clock says that a read has taken', async () => {
    const path = directory.file('state.json');
    await writeFile(path, '1');
    const seen = follow(path, {
      onRead: () => clock.advance(3_600_000), // as when the machine sleeps
      restAfter: (tookMs) => tookMs,
    });
    await seen.shows(1);
    await writeFile(path, '2');
    await eventually(() => {
      clock.advance(100); // an hour of this would take minutes
      expect(seen.values.at(-1)).toBe(2);
    });
  });

  it('tells after 2 s that a file is gone', async () => {
    const path = directory.file('state.json');
    await writeFile(path, '1');
    const seen = follow(path);
    await seen.shows(1);
    await unlink(path);
    await seen.hasRead(null);
    expect(seen.problems).toEqual([]);
    await eventually(() => {
      clock.advance(500);
      expect(seen.problems.at(-1)?.kind).toBe('missing');
    });
    await writeFile(path, '1');
    await eventually(() => expect(seen.values).toEqual([1, 1]));
  });

  it.each([
    ['a directory', 'a directory', async (path: string) => void (await mkdir(path))],
    ['a pipe', 'a pipe', async (path: string) => void execFileSync('mkfifo', [path])],
    ['a device', 'a device', async (path: string) => symlink('/dev/zero', path)],
  ])('says that %s is no file, and sees it become one', async (_name, what, make) => {
    const path = directory.file('state.json');
    await make(path);
    const seen = follow(path);
    await seen.fails('unreadable');
    expect(seen.problems[0]?.message).toBe(`${path} is ${what}, not a file`);
    await rm(path, { recursive: true });
    await writeFile(path, '1');
    const showsInTime = (value: number) =>
      eventually(() => {
        clock.advance(500); // a directory's end is not told by every system: it is looked at every 2 s
        expect(seen.values.at(-1)).toBe(value);
      });
    await showsInTime(1);
    await writeFile(path, '22');
    await showsInTime(22);
  });

  it('says that a file is too large, without reading it', async () => {
    const path = directory.file('state.json');
    await writeFile(path, '');
    await truncate(path, 64 * 1024 * 1024 + 1);
    const seen = follow(path);
    await seen.fails('too-large');
    expect(seen.problems[0]?.message).toBe(`${path} is larger than 64 MiB`);
  });

  it.skipIf(process.getuid?.() === 0)('says that a file may not be read, and sees when it may', async () => {
    const path = directory.file('state.json');
    await writeFile(path, '1', { mode: 0o000 });
    const seen = follow(path);
    await seen.fails('unreadable');
    await chmod(path, 0o600);
    await seen.shows(1);
  });

  it('polls where it is told to, and watches nothing then', async () => {
    const path = directory.file('state.json');
    await writeFile(path, '1');
    const watches = await inotifyWatches();
    const watching = follow(path);
    await watching.shows(1);
    if (watches !== null)
      await eventually(async () => expect(await inotifyWatches()).toBeGreaterThan(watches));
    await watching.close();
    await eventually(async () => expect(await inotifyWatches()).toBe(watches));

    vi.stubEnv('CHOKIDAR_USEPOLLING', '1');
    try {
      const seen = follow(path);
      await seen.shows(1);
      await writeFile(path, '22');
      await seen.shows(22);
      expect(await inotifyWatches()).toBe(watches);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

/** Counts what this process has the system watch; null if that does not say (not Linux). */
async function inotifyWatches(): Promise<number | null> {
  const files = await readdir('/proc/self/fdinfo').catch(() => null);
  if (!files) return null;
  const texts = files.map((file) => readFile(`/proc/self/fdinfo/${file}`, 'utf8').catch(() => ''));
  return (await Promise.all(texts)).join('').match(/^inotify wd:/gmu)?.length ?? 0;
}

describe('a file with any bytes', () => {
  const state = (id: string) =>
    JSON.stringify({ activeTasks: [{ taskId: id, taskName: id, status: 'running' }] });
  const breakdown = (id: string) => JSON.stringify({ tasks: [{ id, description: id }] }, null, 2);

  it.each([
    ['state.json', createDashboardStateSource, state],
    ['state.ndjson', createDashboardStateSource, (id: string) => `${state(id)}\n`],
    ['task-breakdown.json', createTaskBreakdownSource, breakdown],
  ])('never breaks the source of %s, and the next good one is shown', async (name, create, good) => {
    const path = directory.file(name);
    await writeFile(path, good('t0'));
    const view = openView(create({ id: sourceId('s'), path, clock: systemClock }));
    closers.push(view.close);
    await view.live();

    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.nat(good('t0').length).map((length) => Buffer.from(good('t0').slice(0, length))),
    );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        await writeFile(path, bytes);
        round += 1;
        await writeFile(path, good(`t${round}`));
        await eventually(() => expect(Object.keys(view.statuses())).toEqual([`t${round}`]));
      }),
      { numRuns: 40 },
    );
  });

  it('nested a hundred thousand deep leaves out that task alone', async () => {
    const path = directory.file('state.json');
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    await writeFile(
      path,
      `{"activeTasks":[{"taskId":"a","x":${deep}},{"taskId":"b","status":"running"}],"widgets":${deep}}`,
    );
    const view = openView(createDashboardStateSource({ id: sourceId('s'), path, clock: systemClock }));
    closers.push(view.close);
    await view.live();
    await eventually(() =>
      expect(view.record().problem?.message).toBe('activeTasks[0] is left out: it is nested too deeply'),
    );
    expect(view.statuses()).toEqual({ b: 'running' });
  });

  it('takes a stream longer than 64 MiB, of which it reads the end', async () => {
    const path = directory.file('state.ndjson');
    const line = (taskId: string) =>
      `${JSON.stringify({ activeTasks: [{ taskId, taskName: taskId, status: 'running' }] })}\n`;
    await writeFile(path, '');
    await truncate(path, 100 * 1024 * 1024);
    await appendFile(path, `\n${line('t1')}${line('t2')}`);
    const view = openView(createDashboardStateSource({ id: sourceId('s'), path, clock: systemClock }));
    closers.push(view.close);
    await eventually(() => expect(view.statuses()).toEqual({ t2: 'running' }));
    await appendFile(path, line('t3').slice(0, 20));
    await appendFile(path, line('t3').slice(20));
    await eventually(() => expect(view.statuses()).toEqual({ t3: 'running' }));
    expect(view.record().problem).toBeNull();
  });
});
