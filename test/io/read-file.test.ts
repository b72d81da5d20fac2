import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnonymousNaming, OPEN_NAMING } from '../../src/cli/commands/record/naming.ts';
import { openTraceDirectory } from '../../src/cli/commands/record/trace-directory.ts';
import { readConfigFile } from '../../src/cli/config/config-file.ts';
import { createEndingsFile } from '../../src/cli/config/endings-file.ts';
import { systemClock } from '../../src/clock.ts';
import { readLastLines, readTail, readWhole } from '../../src/io/read-file.ts';
import { isRunning } from '../../src/sources/dashboard-state/is-running.ts';
import { makeNoFile, NO_FILES } from '../helpers/no-file.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

/** Everything that is read as a whole: where it lies, and that reading it comes back, whatever lies there. */
const READERS: readonly (readonly [what: string, name: string, read: (path: string) => Promise<unknown>])[] =
  [
    ['a document', 'state.json', readWhole],
    ['the end of a stream', 'state.ndjson', readTail],
    ['the last lines of a log', 'log.jsonl', (path) => readLastLines(path, 1_024)],
    ['a run of one’s own', 'run.json', isRunning],
    ['the configuration', 'config.json', (path) => readConfigFile(path, {})],
    ['the dismissals', 'dismissed.json', readAndSaveDismissals],
    ['traces', 'a.ndjson', (path) => openTraceDirectory(dirname(path), OPEN_NAMING, 'here')],
    ['the secret of anonymous names', 'names.key', (path) => createAnonymousNaming(path).catch(String)],
  ];

async function readAndSaveDismissals(path: string): Promise<void> {
  const file = createEndingsFile({ TASKGLASS_HOME: dirname(path) }, 'dismissed', systemClock);
  expect(await file.load()).toEqual({});
  await file.save({});
}

describe.each(READERS)('%s', (_what, name, read) => {
  it.each(NO_FILES)('is waited for by nobody where %s lies there', async (_kind, kind) => {
    const path = directory.file(name);
    await using _made = await makeNoFile(kind, path);
    await read(path);
  });
});

it('a file that is larger than it may be is said to be', async () => {
  await writeFile(directory.file('large'), 'x'.repeat(5_000));
  expect(await readWhole(directory.file('large'), 4_096)).toMatchObject({
    problem: { kind: 'too-large', message: `${directory.file('large')} is larger than 4 KiB` },
  });
});

describe('the secret of anonymous names', () => {
  it('is made once, and the same from then on', async () => {
    const file = directory.file('deep/names.key');
    const naming = await createAnonymousNaming(file);
    expect((await createAnonymousNaming(file)).job('deploy')).toBe(naming.job('deploy'));
  });

  it.each(['', 'short', 'x'.repeat(64)])('that is none (%j) is not used', async (content) => {
    await mkdir(directory.file('deep'));
    await writeFile(directory.file('deep/names.key'), content);
    await expect(createAnonymousNaming(directory.file('deep/names.key'))).rejects.toThrow(
      'does not hold a secret for names: move it elsewhere',
    );
  });
});

it.each([
  ['one\ntwo\nthree\n', 100, 'one\ntwo\nthree\n'],
  ['one\ntwo\nthree\n', 11, 'two\nthree\n'],
  ['one\ntwo\nthree\n', 10, 'three\n'],
  ['one\ntwo\nthree', 6, 'three'],
  ['one\ntwo\nthree', 5, ''],
  ['', 5, ''],
])('the last lines of %j within %i bytes are whole ones', async (text, lengthBytes, expected) => {
  const path = directory.file('log.jsonl');
  await writeFile(path, text);
  const found = await readLastLines(path, lengthBytes);
  expect('bytes' in found && found.bytes.toString()).toBe(expected);
});
