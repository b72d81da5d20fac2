import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { untilTaken } from '../../../src/cli/process/last-words.ts';
import { createFakeClock } from '../../../src/clock.ts';

/** A stream that takes what it is given when the test says so. */
function stream(isTTY: boolean) {
  let take = () => {};
  const writable = new Writable({
    write(_chunk, _encoding, done) {
      take = done;
    },
  });
  return { stream: Object.assign(writable, { isTTY }) as unknown as NodeJS.WriteStream, take: () => take() };
}

/** Waits for the streams; `isOver` tells after a while by the clock whether the wait has ended. */
function wait(...streams: NodeJS.WriteStream[]) {
  const clock = createFakeClock();
  const ending = new AbortController();
  let isOver = false;
  untilTaken(streams, { clock, signal: ending.signal, isLossDealtWith: () => true }).then(() => {
    isOver = true;
  });
  return {
    ending,
    async isOverAfter(ms: number): Promise<boolean> {
      for (let passed = 0; passed < ms; passed += 50) {
        await new Promise((resolve) => setImmediate(resolve));
        clock.advance(50);
      }
      await new Promise((resolve) => setImmediate(resolve));
      return isOver;
    },
  };
}

describe('the last words', () => {
  it('are waited for while a pipe takes its time, whatever a terminal beside it has taken', async () => {
    const [out, err] = [stream(false), stream(true)];
    out.stream.write('a document');
    const { isOverAfter } = wait(out.stream, err.stream);
    err.take();
    expect(await isOverAfter(10_000)).toBe(false);
    out.take();
    await isOverAfter(50);
    out.take();
    expect(await isOverAfter(50)).toBe(true);
  });

  it('are not waited for where a terminal takes nothing', async () => {
    const out = stream(true);
    out.stream.write('a frame');
    expect(await wait(out.stream).isOverAfter(1_000)).toBe(true);
  });

  it('are waited for while a terminal takes something', async () => {
    const out = stream(true);
    for (let line = 0; line < 10; line += 1) out.stream.write('a line');
    const { isOverAfter } = wait(out.stream);
    for (let line = 0; line < 8; line += 1) {
      expect(await isOverAfter(200)).toBe(false);
      out.take();
    }
    expect(await isOverAfter(1_000)).toBe(true);
  });

  it('are not waited for long once a signal has come', async () => {
    const out = stream(false);
    out.stream.write('a document');
    const { ending, isOverAfter } = wait(out.stream);
    expect(await isOverAfter(1_000)).toBe(false);
    ending.abort('SIGTERM');
    expect(await isOverAfter(1_000)).toBe(true);
  });
});
