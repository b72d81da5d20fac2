import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDismissalsFile } from '../../../src/cli/config/dismissals-file.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

const open = () => createDismissalsFile({ TASKGLASS_HOME: directory.file('home') });
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
