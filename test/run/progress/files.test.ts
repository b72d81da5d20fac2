import { spawn } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesReadBelow } from '../../../src/run/progress/file/open-files.ts';
import { createPositionReader } from '../../../src/run/progress/file/read-position.ts';
import { eventually } from '../../helpers/eventually.ts';

const MIB = 1024 * 1024;
const file = (key: string, position: number, size = 10 * MIB) => ({ key, name: key, position, size });
const percent = (found: ReturnType<ReturnType<typeof createPositionReader>>) =>
  found?.kind === 'count' ? Math.round((found.done / found.total) * 100) : null;

describe('the position in a file that a command reads', () => {
  it.each([
    ['tells once it moves', [[file('a', MIB)], [file('a', 2 * MIB)], [file('a', 5 * MIB)]], [null, 20, 50]],
    ['stays while it rests', [[file('a', 0)], [file('a', 2 * MIB)], [file('a', 2 * MIB)]], [null, 20, 20]],
    [
      'is the largest file’s',
      [
        [file('a', 0), file('b', 0, 20 * MIB)],
        [file('a', MIB), file('b', 5 * MIB, 20 * MIB)],
      ],
      [null, 25],
    ],
    [
      'is none of a file read here and there',
      [[file('a', MIB)], [file('a', 5 * MIB)], [file('a', MIB)], [file('a', 3 * MIB)]],
      [null, 50, null, null],
    ],
    ['is none of a small file', [[file('a', 0, 1000)], [file('a', 500, 1000)]], [null, null]],
    ['is none of a file that was read before', [[file('a', 10 * MIB)], [file('a', 10 * MIB)]], [null, null]],
    [
      'goes on with the next file',
      [[file('a', 0)], [file('a', 9 * MIB)], [file('b', 0)], [file('b', MIB)]],
      [null, 90, null, 10],
    ],
  ])('%s', (_what, looks, expected) => {
    const read = createPositionReader();
    expect(looks.map((files) => percent(read(files)))).toEqual(expected);
  });

  it.runIf(process.platform === 'linux')('is found for whatever a command has started', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'read-files-'));
    for (const name of ['in', 'out']) {
      await writeFile(path.join(directory, name), '');
      await truncate(path.join(directory, name), 3 * MIB);
    }
    // The shell's own child reads; the other file is open for writing as well.
    const script = '(head -c 1048576 >/dev/null; read go </dev/tty || cat <&4) 3<>out; exit';
    const child = spawn('sh', ['-c', `exec 4<&0 0<in; ${script}`], {
      cwd: directory,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    await eventually(async () => {
      const files = await filesReadBelow(process.pid);
      const ours = files.filter(({ key }) => key.includes(directory));
      expect(new Set(ours.map(({ name }) => name))).toEqual(new Set(['in']));
      expect(ours[0]).toMatchObject({ position: MIB, size: 3 * MIB });
    });
    child.stdin?.end();
    child.kill();
    await rm(directory, { recursive: true, force: true });
  });
});
