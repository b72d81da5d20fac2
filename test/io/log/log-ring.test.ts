import { appendFile, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createLogRing } from '../../../src/io/log/log-ring.ts';
import { readLog } from '../../../src/io/log/read-log.ts';
import { listSegments } from '../../../src/io/log/segment.ts';
import type { LogLine, LogRequest } from '../../../src/model/log.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const SMALL = { bytes: 4_000, segmentBytes: 1_000 };

async function readAll(directory: string, request: Partial<LogRequest> = {}): Promise<LogLine[]> {
  const { signal } = new AbortController();
  const lines: LogLine[] = [];
  for await (const batch of readLog({ directory, name: 'run' }, { signal, ...request }, systemClock))
    lines.push(...batch);
  return lines;
}

async function sizeOf(directory: string): Promise<number> {
  const names = await readdir(directory);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const record = (at: number, ...lines: string[]) =>
  ({ at, stream: 'stdout', lines: lines.map((line) => `${line}\n`).join('') }) as const;

describe('a log', () => {
  it('gives back what was kept: each line with its time and stream', async () => {
    await using folder = await temporaryDirectory();
    const directory = folder.file('logs');
    const ring = createLogRing({ directory, name: 'run' });
    await ring.append([record(1_000, 'one', ''), { at: 1_000, stream: 'stderr', lines: 'two\n' }]);
    await ring.append([{ at: 1_001, stream: 'log', lines: 'drei ü\n' }]);
    await ring.close();
    expect(await readAll(directory)).toEqual([
      { at: 1_000, stream: 'stdout', text: 'one' },
      { at: 1_000, stream: 'stdout', text: '' },
      { at: 1_000, stream: 'stderr', text: 'two' },
      { at: 1_001, stream: 'log', text: 'drei ü' },
    ]);
  });

  it('is for its owner alone', async () => {
    await using folder = await temporaryDirectory();
    const directory = folder.file('logs');
    await mkdir(directory, { mode: 0o777 });
    const ring = createLogRing({ directory, name: 'run' });
    await ring.append([record(1, 'secret')]);
    await ring.close();
    const [segment] = await listSegments({ directory, name: 'run' });
    expect((await stat(segment?.path ?? '')).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('is within its bound, and holds the last lines in their order, whatever is kept, over several starts', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'ü', ' ', '\u001b'), maxLength: 300 });
    const appends = fc.array(fc.array(line, { maxLength: 12 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(appends, fc.array(fc.nat(29)), async (all, restarts) => {
        await using folder = await temporaryDirectory();
        const directory = folder.file('logs');
        let ring = createLogRing({ directory, name: 'run' }, SMALL);
        for (const [at, lines] of all.entries()) {
          if (restarts.includes(at)) {
            await ring.close();
            ring = createLogRing({ directory, name: 'run' }, SMALL);
          }
          if (lines.length > 0) await ring.append([record(at, ...lines)]);
        }
        await ring.close();
        const kept = (await readAll(directory)).map(({ text }) => text);
        const printed = all.flat();
        expect(kept).toEqual(printed.slice(printed.length - kept.length));
        const bytes = printed.length === 0 ? 0 : await sizeOf(directory);
        // A write that is larger than a file may be is one all the same.
        expect(bytes).toBeLessThanOrEqual(SMALL.bytes + Math.max(0, ...all.map(sizeOfLines)));
        if (bytes < SMALL.bytes - 2 * SMALL.segmentBytes && restarts.length === 0)
          expect(kept).toEqual(printed);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on after a crash: a line that was not whole is passed over', async () => {
    await using folder = await temporaryDirectory();
    const directory = folder.file('logs');
    const first = createLogRing({ directory, name: 'run' });
    await first.append([record(1, 'whole')]);
    await first.close();
    const [segment] = await listSegments({ directory, name: 'run' });
    await appendFile(segment?.path ?? '', 'not who');
    expect((await readAll(directory)).map(({ text }) => text)).toEqual(['whole']);
    const second = createLogRing({ directory, name: 'run' });
    await second.append([record(2, 'next')]);
    await second.close();
    expect((await readAll(directory)).map(({ text }) => text)).toEqual(['whole', 'next']);
  });

  it('can be read from a moment on, and only its end', async () => {
    await using folder = await temporaryDirectory();
    const directory = folder.file('logs');
    const ring = createLogRing({ directory, name: 'run' }, SMALL);
    for (let at = 0; at < 100; at += 1) await ring.append([record(at, `line ${at} ${'x'.repeat(20)}`)]);
    await ring.close();
    const times = async (request: Partial<LogRequest>) =>
      (await readAll(directory, request)).map(({ at }) => at);
    expect(await times({ sinceMs: 97 })).toEqual([97, 98, 99]);
    expect(await times({ tail: 2 })).toEqual([98, 99]);
    expect(await times({ tail: 0 })).toEqual([]);
    expect(await times({ tail: 50 })).toEqual(Array.from({ length: 50 }, (_, n) => 50 + n));
  });

  it('is followed over its turns, from before its first line to its end', async () => {
    await using folder = await temporaryDirectory();
    const directory = folder.file('logs');
    const ended = new AbortController();
    const reading = readAll(directory, { follow: ended.signal });
    const ring = createLogRing({ directory, name: 'run' }, SMALL);
    const text = (n: number) => `line ${n} ${'x'.repeat(40)}`;
    for (let n = 0; n < 300; n += 1) {
      await ring.append([record(n, text(n))]);
      if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 25)); // the reader's turn
    }
    await ring.close();
    ended.abort();
    const lines = await reading;
    const printed = lines.filter(({ stream }) => stream === 'stdout');
    expect(printed.at(-1)?.text).toBe(text(299));
    // Where the machine was busy, the ring may have turned faster than it was read: that is said.
    expect(printed.length === 300 || lines.some(({ stream }) => stream === 'note')).toBe(true);
    expect(printed.map(({ at }) => at)).toEqual(printed.map(({ at }) => at).sort((a, b) => a - b));
    expect(new Set(printed.map(({ at }) => at)).size).toBe(printed.length);
  });

  it('passes over what is no file, or nothing of ours', async () => {
    await using folder = await temporaryDirectory();
    const directory = folder.file('logs');
    await mkdir(directory);
    await writeFile(folder.file('elsewhere'), '\u001eo1\nsecret\n');
    await symlink(folder.file('elsewhere'), join(directory, 'run.1.log'));
    await mkdir(join(directory, 'run.2.log'));
    await writeFile(
      join(directory, 'run.3.log'),
      'no head\n\u001eo12x\nno number\n\u001ez1\nno stream\n\u001eo5\nours\n',
    );
    await writeFile(join(directory, 'run.x.log'), '\u001eo1\nno number\n');
    expect(await readAll(directory)).toEqual([
      expect.objectContaining({ stream: 'stdout', at: 5, text: 'ours' }),
    ]);
  });

  it('is not there where nothing was kept', async () => {
    await using folder = await temporaryDirectory();
    expect(await readAll(folder.file('logs'))).toEqual([]);
  });

  it('cannot be kept where its directory is gone, and says so', async () => {
    await using folder = await temporaryDirectory();
    const directory = folder.file('logs');
    const ring = createLogRing({ directory, name: 'run' });
    await ring.append([record(1, 'one')]);
    await rm(directory, { recursive: true });
    await expect(ring.check()).rejects.toThrow(/was removed/u);
    await ring.close();
  });
});

function sizeOfLines(lines: readonly string[]): number {
  return Buffer.byteLength(lines.join('\n')) + 20;
}
