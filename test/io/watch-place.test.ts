import { cp, mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceId } from '../../src/model/id.ts';
import { createStateDirectorySource } from '../../src/sources/dashboard-state/directory-source.ts';
import type { Source } from '../../src/sources/kit/source.ts';
import { createFileSource } from '../../src/sources/open/file-source.ts';
import { createMaestroDirectorySource } from '../../src/sources/sessions/maestro-directory.ts';
import { eventually } from '../helpers/eventually.ts';
import { hurriedClock } from '../helpers/hurried-clock.ts';
import { openJobDatabase } from '../helpers/job-database.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openView } from '../sources/source-contract.ts';

/** What can lie in a directory that is led to by another way: how a name is put there, and how it is shown. */
interface Kind {
  /** Writes a task with this name into a directory, in place where there is one. */
  put(directory: string, name: string): Promise<void>;
  open(directory: string): Promise<Source> | Source;
}

const file = (name: string, text: (name: string) => string): Kind => ({
  async put(directory, task) {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, name), text(task));
  },
  open: (directory) =>
    createFileSource({ id: sourceId('f'), path: join(directory, name), clock: hurriedClock }),
});

const state = (name: string) =>
  JSON.stringify({ activeTasks: [{ taskId: 'A', taskName: name, status: 'running' }] });
const breakdown = (name: string) =>
  JSON.stringify({ total_tasks: 1, tasks: [{ id: 'A', description: name, status: 'pending' }] });
const board = (name: string) => JSON.stringify({ tasks: [{ id: 'A', title: name, status: 'todo' }] });

const KINDS: Record<string, Kind> = {
  'a state file': file('state.json', state),
  'an .ndjson file': file('state.ndjson', (name) => `${state(name)}\n`),
  'a breakdown': file('task-breakdown.json', breakdown),
  'a board': file('board.json', board),
  'a job database with a log': {
    async put(directory, name) {
      await mkdir(directory, { recursive: true });
      const jobs = openJobDatabase(join(directory, 'jobs.db'));
      jobs.database.exec('PRAGMA journal_mode = WAL');
      jobs.addRun({ job: name, status: 'running', startedAt: Date.UTC(2026, 10, 21) });
      jobs.database.close();
    },
    open: (directory) =>
      createFileSource({ id: sourceId('f'), path: join(directory, 'jobs.db'), clock: hurriedClock }),
  },
  'a Maestro’s data': {
    async put(directory, name) {
      const project = join(directory, 'tasks', 'p1');
      await mkdir(project, { recursive: true });
      await writeFile(join(project, 'A.json'), JSON.stringify({ id: 'A', title: name, status: 'todo' }));
    },
    open: (directory) => createMaestroDirectorySource({ id: sourceId('m'), directory, clock: hurriedClock }),
  },
  'a directory of runs': {
    async put(directory, name) {
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, 'run.json'), state(name));
    },
    open: (directory) => createStateDirectorySource({ id: sourceId('r'), directory, clock: hurriedClock }),
  },
};

/** How another directory comes into the place of the one that is shown. `at` is what is shown, `other` what comes. */
const WAYS: Record<
  string,
  {
    path: string;
    lead(at: string, first: string): Promise<void>;
    turn(at: string, other: string): Promise<void>;
  }
> = {
  'its directory is a link': {
    path: 'latest',
    lead: (at, first) => symlink(first, at),
    async turn(at, other) {
      await symlink(other, `${at}.new`);
      await rename(`${at}.new`, at);
    },
  },
  'a link far above is turned': {
    path: 'current/app/data',
    async lead(at, first) {
      const release = join(dirname(first), 'release');
      await mkdir(join(release, 'app'), { recursive: true });
      await rename(first, join(release, 'app', 'data'));
      await symlink(release, join(at, '../..'));
    },
    async turn(at, other) {
      const release = join(dirname(other), 'release-2');
      await mkdir(join(release, 'app'), { recursive: true });
      await rename(other, join(release, 'app', 'data'));
      await unlink(join(at, '../..'));
      await symlink(release, join(at, '../..'));
    },
  },
  'a directory above is renamed, and another takes its name': {
    path: 'a/b/c',
    async lead(at, first) {
      await mkdir(dirname(at), { recursive: true });
      await rename(first, at);
    },
    async turn(at, other) {
      const above = join(at, '../..');
      await mkdir(`${above}.new/b`, { recursive: true });
      await rename(other, join(`${above}.new`, 'b', 'c'));
      await rename(above, `${above}.old`);
      await rename(`${above}.new`, above);
    },
  },
  'a directory above is removed, and made anew': {
    path: 'a/b',
    async lead(at, first) {
      await mkdir(dirname(at), { recursive: true });
      await rename(first, at);
    },
    async turn(at, other) {
      await rm(dirname(at), { recursive: true });
      await mkdir(dirname(at));
      await cp(other, at, { recursive: true });
    },
  },
};

describe.concurrent.each(Object.keys(KINDS))('%s', { timeout: 60_000 }, (kind) => {
  it.each(Object.keys(WAYS))('is followed where %s', async (way) => {
    await using home = await temporaryDirectory();
    const { put, open } = KINDS[kind] as Kind;
    const { path, lead, turn } = WAYS[way] as (typeof WAYS)[string];
    await put(home.file('first'), 'one');
    await put(home.file('other'), 'two');
    const at = home.file(path);
    await lead(at, home.file('first'));
    const view = openView(await open(at));
    const shows = (name: string) => eventually(() => expect(view.names()).toContain(name));
    await shows('one');

    await turn(at, home.file('other'));
    await shows('two');
    // What is written there from now on is noticed as ever.
    await put(at, 'three');
    await shows('three');
    await view.close();
  });
});

describe.concurrent('a link to a file', { timeout: 60_000 }, () => {
  it('is followed where a link among its own target’s parents is turned', async () => {
    await using home = await temporaryDirectory();
    const { put, open } = KINDS['a state file'] as Kind;
    await put(home.file('v1'), 'one');
    await put(home.file('v2'), 'two');
    await symlink('v1', home.file('..data'));
    await symlink('..data/state.json', home.file('state.json'));
    const view = openView(await open(home.path));
    await eventually(() => expect(view.names()).toContain('one'));
    await symlink('v2', home.file('..new'));
    await rename(home.file('..new'), home.file('..data'));
    await eventually(() => expect(view.names()).toContain('two'));
    await put(home.file('v2'), 'three');
    await eventually(() => expect(view.names()).toContain('three'));
    await view.close();
  });
});

describe.concurrent('a database behind a link', { timeout: 60_000 }, () => {
  it.each([
    ['its directory', 'latest', 'latest/jobs.db'],
    ['itself', 'jobs.db', 'jobs.db'],
  ])('tells what is in the log of the one that %s leads to now', async (_which, link, path) => {
    await using home = await temporaryDirectory();
    const { put } = KINDS['a job database with a log'] as Kind;
    await put(home.file('one'), 'one');
    await put(home.file('two'), 'two');
    const target = (name: string) => (link === path ? `${name}/jobs.db` : name);
    await symlink(target('one'), home.file(link));
    const options = { id: sourceId('f'), path: home.file(path), clock: hurriedClock };
    const view = openView(await createFileSource(options));
    await eventually(() => expect(view.names()).toEqual(['one']));
    await symlink(target('two'), home.file('new'));
    await rename(home.file('new'), home.file(link));
    await eventually(() => expect(view.names()).toEqual(['two']));

    // Its file is left alone from now on: all is in the log.
    const jobs = openJobDatabase(home.file('two/jobs.db'));
    jobs.addRun({ job: 'three', status: 'running', startedAt: Date.UTC(2026, 10, 21) });
    await eventually(() => expect(view.names()).toContain('three'));
    jobs.database.close();
    await view.close();
  });
});
