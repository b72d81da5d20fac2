import { describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '../../../src/clock.ts';
import type { LogRing } from '../../../src/io/log/log-ring.ts';
import { createOutputKeeper } from '../../../src/io/log/output-keeper.ts';
import type { LogRecord } from '../../../src/io/log/record.ts';

/** A ring in memory. */
function createRing(): LogRing & { readonly writes: (readonly LogRecord[])[]; text(): string } {
  const writes: (readonly LogRecord[])[] = [];
  return {
    writes,
    async append(records) {
      writes.push(records);
    },
    async check() {},
    async close() {},
    text: () =>
      writes
        .flat()
        .map(({ lines }) => lines)
        .join(''),
  };
}

const noFailure = (error: Error) => {
  throw error;
};

describe('the output that is kept', () => {
  it('is written together, not line by line', async () => {
    const ring = createRing();
    const clock = createFakeClock();
    const keeper = createOutputKeeper({ ring, clock, onFailure: noFailure });
    for (let n = 0; n < 1_000; n += 1) keeper.write(Buffer.from(`line ${n}\n`), 'stdout');
    clock.advance(100);
    await keeper.close();
    expect(ring.writes).toHaveLength(1);
    expect(ring.text().split('\n')).toHaveLength(1_001);
  });

  it('keeps the lines of each stream apart, and characters that come in two pieces', async () => {
    const ring = createRing();
    const keeper = createOutputKeeper({ ring, clock: createFakeClock(), onFailure: noFailure });
    const [first, second] = [Buffer.from('gr\u00fc').subarray(0, 3), Buffer.from('\u00fc').subarray(1)];
    keeper.write(first, 'stdout');
    keeper.write(Buffer.from('err'), 'stderr');
    keeper.write(Buffer.concat([second, Buffer.from('n\n')]), 'stdout');
    keeper.write(Buffer.from('or\n'), 'stderr');
    await keeper.close();
    expect(ring.writes.flat().map(({ stream, lines }) => [stream, lines])).toEqual([
      ['stdout', 'grün\n'],
      ['stderr', 'error\n'],
    ]);
  });

  it('leaves out the oldest where more comes than can wait, at the end of a line, and says so', async () => {
    const ring = createRing();
    const keeper = createOutputKeeper({
      ring,
      clock: createFakeClock(),
      onFailure: noFailure,
      waitingBytes: 128 * 1024,
    });
    const lines = Array.from({ length: 50_000 }, (_, n) => `line ${n}\n`).join('');
    for (let at = 0; at < lines.length; at += 37)
      keeper.write(Buffer.from(lines.slice(at, at + 37)), 'stdout');
    await keeper.close();
    const [note = '', ...kept] = ring.text().split('\n').slice(0, -1);
    expect(note).toMatch(/^\d+ bytes are missing here/u);
    expect(kept.length).toBeGreaterThan(5_000);
    expect(kept).toEqual(Array.from({ length: 50_000 }, (_, n) => `line ${n}`).slice(-kept.length));
  });

  it('is told by its last line that says something, each once', async () => {
    const told: string[] = [];
    const clock = createFakeClock();
    const keeper = createOutputKeeper({
      ring: createRing(),
      clock,
      onFailure: noFailure,
      onLastLine: (line) => told.push(line),
    });
    const print = async (text: string) => {
      keeper.write(Buffer.from(text), 'terminal');
      await keeper.settle();
    };
    await print('one\ntwo\n\n');
    await print(' 10%\r 20%\r\n');
    await print('two\n');
    await print('three\n');
    expect(told).toEqual(['two', 'three']);
    await keeper.close();
  });

  it('that cannot be written is told of once; the last line is known all the same', async () => {
    const failures: string[] = [];
    const told: string[] = [];
    const ring = { ...createRing(), append: () => Promise.reject(new Error('ENOSPC')) };
    const keeper = createOutputKeeper({
      ring,
      clock: systemClock,
      onFailure: ({ message }) => failures.push(message),
      onLastLine: (line) => told.push(line),
    });
    for (const text of ['one\n', 'two\n']) {
      keeper.write(Buffer.from(text), 'stdout');
      await keeper.settle();
    }
    await keeper.close();
    expect({ failures, told }).toEqual({ failures: ['ENOSPC'], told: ['one', 'two'] });
  });

  it('is not waited for where the disk takes nothing', async () => {
    const failures: string[] = [];
    const clock = createFakeClock();
    const keeper = createOutputKeeper({
      ring: { check: async () => {}, append: () => new Promise(() => {}), close: async () => {} },
      clock,
      onFailure: ({ message }) => failures.push(message),
    });
    keeper.write(Buffer.from('one\n'), 'stdout');
    const closing = keeper.close();
    clock.advance(2_000);
    await closing;
    expect(failures).toEqual(['nothing was taken for 2 s']);
  });
});
