import { createHash, randomFillSync } from 'node:crypto';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Clock, sleep } from '../clock.ts';

/** Real work in small steps: the demo's workers report what they actually do. */
export interface Work {
  readonly steps: number;
  /** Does one step (a few ms). Throws if the work fails. */
  step(index: number): void;
  /** Returns the result on one line; to be called after the last step. */
  result(): string;
}

/** Fills blocks with random bytes and hashes them. */
export function hashing(steps: number): Work {
  const block = Buffer.alloc(256 * 1024);
  const hash = createHash('sha256');
  return {
    steps,
    step() {
      randomFillSync(block);
      hash.update(block);
    },
    result: () => `sha256 ${hash.digest('hex').slice(0, 16)} of ${(steps * block.length) / 2 ** 20} MiB`,
  };
}

/** Packs text blocks, and unpacks each to check that nothing was lost. */
export function packing(steps: number): Work {
  let [before, after] = [0, 0];
  return {
    steps,
    step(index) {
      const block = Buffer.from(`${index} `.repeat(12_000));
      const packed = deflateRawSync(block);
      if (!inflateRawSync(packed).equals(block)) throw new Error(`block ${index}: unpacked differently`);
      before += block.length;
      after += packed.length;
    },
    result: () => `${before} bytes packed into ${after}`,
  };
}

/** Sorts random numbers block by block, and merges each block into the list of the smallest. */
export function sorting(steps: number): Work {
  const block = new Uint32Array(16_384);
  let smallest = new Uint32Array(0);
  return {
    steps,
    step() {
      randomFillSync(block);
      block.sort();
      smallest = Uint32Array.from([...smallest, ...block.subarray(0, 64)])
        .sort()
        .slice(0, 64);
    },
    result: () => `${steps * block.length} numbers, the smallest is ${smallest[0]}`,
  };
}

/** Checks blocks against their checksums. A damaged one has a flipped bit, which is detected. */
export function checking(steps: number, damagedBlock: number | null): Work {
  const block = Buffer.alloc(128 * 1024);
  return {
    steps,
    step(index) {
      randomFillSync(block);
      const written = crc32(block);
      if (index === damagedBlock) block[index] = (block[index] ?? 0) ^ 1;
      const read = crc32(block);
      if (read !== written)
        throw new Error(`block ${index} of ${steps}: checksum ${hex(read)} instead of ${hex(written)}`);
    },
    result: () => `${steps} blocks are sound`,
  };
}

/** Counts the words of generated text, as an index does. */
export function indexing(steps: number): Work {
  const counts = new Map<string, number>();
  return {
    steps,
    step(index) {
      for (let word = 0; word < 4_000; word += 1) {
        const key = ((index * 4_000 + word) % 7_919).toString(36);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    },
    result: () => `${counts.size} words in ${steps * 4_000} places`,
  };
}

/** How far some work is, and how long it will still take at its present pace (ms). */
export interface Pace {
  readonly done: number;
  readonly steps: number;
  readonly percent: number;
  readonly etaMs: number;
}

/** The time from one step to the next, most of it a pause: the demo is to be watched, not to load the machine. */
export const STEP_MS = 100;

/** Does the work, one step every 100 ms. Rejects if a step fails, or with the signal's reason when it aborts. */
export async function doWork(
  work: Work,
  options: { clock: Clock; signal: AbortSignal; report: (pace: Pace) => void },
): Promise<string> {
  const { clock, signal, report } = options;
  const startedAt = clock.monotonic();
  for (let done = 0; done < work.steps; ) {
    await sleep(clock, STEP_MS, signal);
    signal.throwIfAborted();
    work.step(done);
    done += 1;
    const etaMs = ((clock.monotonic() - startedAt) / done) * (work.steps - done);
    report({ done, steps: work.steps, percent: (done / work.steps) * 100, etaMs });
  }
  return work.result();
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
