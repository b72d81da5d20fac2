import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEndingsFile, type EndingsKind } from '../../../src/cli/config/endings-file.ts';
import { systemClock } from '../../../src/clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

const open = (kind: EndingsKind = 'dismissed') =>
  createEndingsFile({ TASKGLASS_HOME: directory.file('home') }, kind, systemClock);
const stateFile = () => directory.file('home/dismissed.json');

describe('dismissals', () => {
  it('are there again', async () => {
    expect(await open().load()).toEqual({});
    expect(await open().save({ key: 'failed 1' })).toBeNull();
    expect(await open().load()).toEqual({ key: 'failed 1' });
    expect(JSON.parse(await readFile(stateFile(), 'utf8'))).toEqual({ dismissed: { key: 'failed 1' } });
  });

  it.each([
    ['{"dismissed": null}', {}],
    ['{"dismissed": "all"}', {}],
    ['{"dismissed": {"a": 1, "b": null, "c": "failed 1"}}', { c: 'failed 1' }],
    ['[1,2', {}],
    ['', {}],
  ])('of a file with %j are what it says', async (text, expected) => {
    await mkdir(directory.file('home'), { recursive: true });
    await writeFile(stateFile(), text);
    expect(await open().load()).toEqual(expected);
    expect(await open().save({ d: 'failed 1' })).toBeNull();
  });

  it.each([
    ['its directory is a file', () => writeFile(directory.file('home'), '')],
    ['a directory lies in its place', () => mkdir(stateFile(), { recursive: true })],
  ])('cannot be kept, and that is said, where %s', async (_what, prepare) => {
    await prepare();
    expect(await open().load()).toEqual({});
    expect(await open().save({ key: 'failed 1' })).toMatchObject({
      message: expect.stringContaining('dismissals cannot be saved: '),
    });
  });
});

describe('what was looked at', () => {
  it('is kept in a file of its own, for its owner alone', async () => {
    expect(await open('seen').save({ key: 'failed 1' })).toBeNull();
    expect(await open('seen').load()).toEqual({ key: 'failed 1' });
    expect(await open('dismissed').load()).toEqual({});
    expect(await readdir(directory.file('home'))).toEqual(['seen.json']);
    expect((await stat(directory.file('home/seen.json'))).mode & 0o777).toBe(0o600);
    await chmod(directory.file('home/seen.json'), 0o644);
    await open('seen').save({ key: 'failed 2' });
    expect((await stat(directory.file('home/seen.json'))).mode & 0o777).toBe(0o600);
  });

  it('says what cannot be kept', async () => {
    await mkdir(directory.file('home/seen.json'), { recursive: true });
    expect(await open('seen').save({ key: 'failed 1' })).toMatchObject({
      message: expect.stringContaining('the marks of tasks that were looked at cannot be saved: '),
    });
  });
});

describe('several views at once', () => {
  it('lose nothing of each other, and take back only their own', async () => {
    const [one, other] = [open(), open()];
    await Promise.all([one.load(), other.load()]);
    await one.save({ a: '1' });
    await other.save({ b: '1' });
    await one.save({ a: '1', c: '1' });
    expect(await open().load()).toEqual({ a: '1', b: '1', c: '1' });
    await one.save({ c: '1' });
    await other.save({ b: '2' });
    expect(await open().load()).toEqual({ b: '2', c: '1' });
  });

  it('lose nothing when they write at the same moment', async () => {
    const inTurn = async (at: number) => {
      const view = open('seen');
      const own: Record<string, string> = {};
      for (let turn = 0; turn < 3; turn += 1) {
        own[`${at}.${turn}`] = 'failed 1';
        expect(await view.save({ ...own })).toBeNull();
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, at) => inTurn(at)));
    expect(Object.keys(await open('seen').load())).toHaveLength(24);
  });

  it('save in the order in which they change', async () => {
    const view = open();
    const saves = [{ a: '1' }, { a: '1', b: '1' }, { b: '1' }].map((each) => view.save(each));
    expect(await Promise.all(saves)).toEqual([null, null, null]);
    expect(await open().load()).toEqual({ b: '1' });
  });

  it('remember so many, the newest', async () => {
    const many = (from: number) =>
      Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`task ${from + at}`, 'failed']));
    await open('seen').save(many(0));
    await open('seen').save(many(5));
    const kept = Object.keys(await open('seen').load());
    expect([kept.length, kept.at(-1)]).toEqual([10_000, 'task 10004']);
  });
});
