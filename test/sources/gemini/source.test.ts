import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { decodeTrackerTask, trackerTask } from '../../../src/sources/gemini/format.ts';
import { changedRecently, geminiHome } from '../../../src/sources/gemini/place.ts';
import { createGeminiSource } from '../../../src/sources/gemini/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hostileText, UNSAFE } from '../../helpers/hostile-text.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, openView, type View, type WorldStatus } from '../source-contract.ts';

const sourceOf = (place: string, clock = hurriedClock) =>
  createGeminiSource({ id: sourceId('gemini'), place, clock, env: {}, cwd: '/' });

/** Writes a task as Gemini CLI does: indented, in place. */
async function writeTask(home: string, session: string, id: string, task: object): Promise<string> {
  const path = `${home}/tmp/project/${session}/tracker/${id}.json`;
  await mkdir(dirname(path), { recursive: true });
  const whole = { id, title: id, description: '', type: 'task', status: 'open', dependencies: [], ...task };
  await writeFile(path, JSON.stringify(whole, null, 2));
  return path;
}

/** A list has no word for a failure. */
const WORDS: Record<WorldStatus, string> = {
  queued: 'open',
  running: 'in_progress',
  completed: 'closed',
  failed: 'open',
};

describeSourceContract('the gemini source', async () => {
  const directory = await temporaryDirectory();
  await mkdir(directory.file('tmp'));
  let count = 0;
  const write = (session: string, status: WorldStatus, title: string) =>
    writeTask(directory.path, session, 'abcdef', { title, type: 'epic', status: WORDS[status] });
  const titles = new Map<string, string>();
  return {
    source: sourceOf(directory.path),
    failedIs: null,
    async add({ name, status }) {
      count += 1;
      const session = `session-${count}`;
      titles.set(session, name);
      await write(session, status, name);
      return session;
    },
    async change(nativeId, status) {
      await write(nativeId, status, titles.get(nativeId) as string);
    },
    remove: (nativeId) => rm(directory.file(`tmp/project/${nativeId}`), { recursive: true }),
    breakDown: () => rename(directory.file('tmp'), directory.file('away')),
    async mend() {
      await rm(directory.file('tmp'), { recursive: true, force: true });
      await rename(directory.file('away'), directory.file('tmp'));
    },
    close: async () => directory[Symbol.asyncDispose](),
  };
});

describe('gemini:', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let view: View;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    await mkdir(directory.file('tmp'));
  });
  afterEach(async () => {
    await view?.close();
    await directory[Symbol.asyncDispose]();
  });
  const look = (clock = hurriedClock) => {
    view = openView(sourceOf(directory.path, clock));
    return view.live();
  };
  const put = (session: string, id: string, task: object) => writeTask(directory.path, session, id, task);

  it('shows the tasks of a session as its steps, with the times at which they moved', async () => {
    await writeFile(
      directory.file('projects.json'),
      JSON.stringify({ projects: { '/home/user/shelves': 'project' } }),
    );
    await put('s1', 'aaaaaa', { title: 'Sort the shelves', type: 'epic' });
    await put('s1', 'bbbbbb', { title: 'Read', parentId: 'aaaaaa' });
    await put('s1', 'cccccc', { title: 'Write', parentId: 'aaaaaa', dependencies: ['bbbbbb'] });
    await look();
    expect(view.task('s1')).toMatchObject({
      name: 'Sort the shelves',
      cwd: '/home/user/shelves',
      state: { status: 'queued' },
      steps: [
        { name: 'Read', status: 'pending' },
        { name: 'Write', status: 'pending' },
      ],
      mayBeQuiet: true,
      offers: [],
    });
    await put('s1', 'bbbbbb', { title: 'Read', parentId: 'aaaaaa', status: 'in_progress' });
    await eventually(() => expect(view.statuses()).toEqual({ s1: 'running' }));
    const { startedAt } = view.task('s1').steps[0] ?? {};
    expect(startedAt).not.toBeNull();
    await put('s1', 'bbbbbb', { title: 'Read', parentId: 'aaaaaa', status: 'closed' });
    await put('s1', 'cccccc', { title: 'Write', parentId: 'aaaaaa', status: 'blocked' });
    await eventually(() =>
      expect(view.task('s1').state).toEqual({ status: 'waiting', reason: 'blocked: Write' }),
    );
    const [read] = view.task('s1').steps;
    expect(read?.startedAt).toBe(startedAt);
    expect(read?.endedAt).toBeGreaterThanOrEqual(Number(startedAt));
    await put('s1', 'cccccc', { title: 'Write', parentId: 'aaaaaa', status: 'closed' });
    await eventually(() =>
      expect(view.task('s1')).toMatchObject({ state: { status: 'completed' }, review: true }),
    );
  });

  it('shows what changed in the last day, and does not take what is quiet for running', async () => {
    const path = await put('old', 'aaaaaa', { status: 'in_progress' });
    await put('s1', 'aaaaaa', { status: 'in_progress' });
    const before = new Date(Date.now() - 3 * 86_400_000);
    await utimes(path, before, before);
    const env = { GEMINI_CLI_HOME: directory.file('home') };
    await mkdir(directory.file('home'));
    expect(await changedRecently(env, Date.now())).toBe(false);
    const clock = createFakeClock(Date.now());
    await look(clock);
    expect(view.statuses()).toEqual({ s1: 'running' });
    await eventually(() => {
      clock.advance(5 * 60_000);
      expect(view.task('s1').state).toEqual({ status: 'waiting', reason: 'no news' });
    });
    await rename(directory.file('tmp'), directory.file('home/.gemini').concat('tmp'));
    await mkdir(directory.file('home/.gemini'));
    await rename(directory.file('home/.geminitmp'), directory.file('home/.gemini/tmp'));
    expect(await changedRecently(env, Date.now())).toBe(true);
    expect(await changedRecently(env, Date.now() + 2 * 86_400_000)).toBe(false);
  });

  it('keeps a task while its file is being written, and says which file holds none', async () => {
    const path = await put('s1', 'aaaaaa', { status: 'in_progress' });
    await put('s1', 'README', {});
    await look();
    await writeFile(path, '{"id": "aaa');
    await put('s1', 'bbbbbb', { status: 'open' });
    await eventually(() => expect(view.task('s1').steps).toHaveLength(2));
    expect(view.statuses()).toEqual({ s1: 'running' });
    const broken = await put('s1', 'cccccc', { status: 'resting' });
    const before = new Date(Date.now() - 60_000);
    await utimes(broken, before, before);
    await eventually(() => expect(view.record().problem).toMatchObject({ severity: 'degraded' }));
    expect(view.record().problem?.message).toMatch(/cccccc\.json: not a task of Gemini CLI$/u);
  });

  it('is read where it is, wherever ~ is', () => {
    const of = (place: string, env = {}) => geminiHome(place, { HOME: '/home/me', ...env }, '/srv');
    expect(of('')).toBe('/home/me/.gemini');
    expect(of('', { GEMINI_CLI_HOME: '/other' })).toBe('/other/.gemini');
    expect(of('~/g')).toBe('/home/me/g');
    expect(of('g')).toBe('/srv/g');
  });
});

it('anything else is read without a crash, and is safe to show', () => {
  const value = fc.oneof(hostileText, fc.jsonValue());
  const task = fc.record(
    {
      id: value,
      title: value,
      type: value,
      status: fc.oneof(value, fc.constantFrom('open', 'in_progress', 'blocked', 'closed')),
      parentId: value,
      metadata: fc.constant({ key: 'secret' }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(task, value)), hostileText, (documents, project) => {
      const tasks = documents.flatMap((raw) => decodeTrackerTask(raw, { birthtimeMs: 1, mtimeMs: 2 }) ?? []);
      const around = { nowMs: 3, movedAt: 2, cwd: null };
      const { raw, ...shown } = trackerTask({ directory: '/', session: project, project }, tasks, around);
      for (const text of [shown.name, shown.nativeId, ...shown.steps.map(({ name }) => name)])
        expect(text.replaceAll(/\u200c|\u200d/gu, '')).not.toMatch(UNSAFE);
      expect(JSON.stringify(raw)).not.toContain('"secret"');
    }),
  );
});
