import { writeFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { signalKeysOf, stty, sttySync } from '../../src/io/stty.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

afterEach(() => vi.unstubAllEnvs());

describe('stty', () => {
  it('is out of reach of a terminal that stops our group, which would hold us until it is continued', async () => {
    await using directory = await temporaryDirectory();
    const program = '#!/bin/sh\nps -o pgid= -p $$; ps -o pgid= -p $PPID\n';
    await writeFile(directory.file('stty'), program, { mode: 0o755 });
    vi.stubEnv('PATH', `${directory.path}${delimiter}${process.env.PATH}`);
    for (const printed of [sttySync(0, []), await stty(0, [])]) {
      const [own, ours] = (printed ?? '').split(/\s+/u);
      expect(ours).toMatch(/^\d+$/u);
      expect(own).not.toBe(ours);
    }
  });
});

describe('the keys that send signals', () => {
  it.each([
    [
      'Linux',
      '4500:5:bf:8a3b:3:1c:7f:15:4:0:1:0:11:13:19:0:12:f:17:16:0',
      { interrupt: 3, quit: 28, suspend: 25 },
    ],
    [
      'a BSD system',
      'gfmt1:cflag=4b00:iflag=6b02:lflag=200005cf:oflag=3:discard=f:eof=4:intr=3:quit=1c:susp=1a:time=0:ispeed=9600',
      { interrupt: 3, quit: 28, suspend: 26 },
    ],
    [
      'a terminal without them',
      '4500:5:bf:8a3b:0:0:7f:15:4:0:1:0:11:13:0',
      { interrupt: -1, quit: -1, suspend: -1 },
    ],
    ['nothing', '', { interrupt: -1, quit: -1, suspend: -1 }],
  ])('are read from what stty prints on %s', (_system, modes, keys) => {
    expect(signalKeysOf(modes)).toEqual(keys);
  });
});
