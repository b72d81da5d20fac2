import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { verifyEvent } from 'nostr-tools/pure';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { workerScript } from '../../src/io/worker-script.ts';
import { readEvent } from '../../src/nostr/event-shape.ts';
import { createEventVerifier } from '../../src/nostr/relay/event-verifier.ts';
import type { Verifier } from '../../src/nostr/signature.ts';
import { createVerifier } from '../../src/nostr/verify.ts';
import { createVerifyPool } from '../../src/nostr/verify-pool.ts';
import { keyPair, signed } from '../helpers/events.ts';

const { secretKey } = keyPair(1);
const genuine = signed(secretKey, { content: 'genuine' });
const forged = { ...genuine, content: 'forged' };
const falselySigned = { ...genuine, sig: signed(secretKey, { content: 'other' }).sig };

let verifier: Verifier;
afterEach(() => verifier.close());

describe('verifying', () => {
  it.each([
    ['on this thread', () => createVerifier({ clock: createFakeClock() })],
    ['on a thread of its own', () => createVerifyPool({ clock: createFakeClock(), fallback: neverAsked })],
  ])('tells genuine from forged %s', async (_, create) => {
    verifier = create();
    expect(await verifier.verify(genuine)).toBe(true);
    expect(await verifier.verify(forged)).toBe(false);
    expect(await verifier.verify(falselySigned)).toBe(false);
  });

  it('gives the right verdicts while it moves to a thread of its own', async () => {
    verifier = createVerifier({ clock: createFakeClock() });
    const events = Array.from({ length: 300 }, (_, index) => (index % 3 === 0 ? forged : genuine));
    const verdicts = await Promise.all(events.map((event) => verifier.verify(event)));
    expect(verdicts).toEqual(events.map((event) => event === genuine));
  });

  it('shares a flood out among several threads, and keeps each verdict with its event', async () => {
    const pool = createVerifyPool({ clock: createFakeClock(), fallback: neverAsked, mostThreads: 3 });
    verifier = pool;
    const events = Array.from({ length: 1_500 }, (_, index) => (index % 7 === 0 ? forged : genuine));
    const verdicts = await Promise.all(events.map((event) => pool.verify(event)));
    expect(verdicts).toEqual(events.map((event) => event === genuine));
    expect(pool.threads).toBe(3);
  });

  it('needs one thread for a trickle', async () => {
    const pool = createVerifyPool({ clock: createFakeClock(), fallback: neverAsked, mostThreads: 3 });
    verifier = pool;
    for (let index = 0; index < 20; index++) expect(await pool.verify(genuine)).toBe(true);
    expect(pool.threads).toBe(1);
  });

  it('stops its threads once there is nothing to do, and starts again when there is', async () => {
    const clock = createFakeClock();
    const pool = createVerifyPool({ clock, fallback: neverAsked });
    verifier = pool;
    expect(await pool.verify(genuine)).toBe(true);
    clock.advance(9_999);
    expect(pool.threads).toBe(1);
    clock.advance(1);
    expect(pool.threads).toBe(0);
    expect(await pool.verify(forged)).toBe(false);
    expect(pool.threads).toBe(1);
  });

  it.each([
    ['at its start', 'process.exit(1)'],
    ['by an error', "throw new Error('out of order')"],
    [
      'over the events',
      "process.getBuiltinModule('worker_threads').parentPort.on('message', () => process.exit(1))",
    ],
  ])('goes on without the threads when they die %s', async (_, program) => {
    const script = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
    const here = createVerifier({ clock: createFakeClock() });
    const fallback: Verifier['verify'] = (event) => here.verify(event);
    verifier = createVerifyPool({ clock: createFakeClock(), fallback, script, mostThreads: 3 });
    const flood = Array.from({ length: 600 }, (_, index) => (index === 300 ? forged : genuine));
    const verdicts = await Promise.all(flood.map((event) => verifier.verify(event)));
    expect(verdicts.flatMap((verdict, index) => (verdict ? [] : [index]))).toEqual([300]);
    expect(await verifier.verify(genuine)).toBe(true);
  });

  it('answers what is waiting when it is closed', async () => {
    const pool = createVerifyPool({ clock: createFakeClock(), fallback: neverAsked, mostThreads: 2 });
    verifier = pool;
    const verdicts = Promise.all(Array.from({ length: 400 }, () => pool.verify(genuine)));
    await pool.close();
    expect(new Set(await verdicts)).toEqual(new Set([false]));
  });

  it('agrees with the pure implementation on any text', async () => {
    verifier = createVerifier({ clock: createFakeClock() });
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('\u2028', '\u0000', '\b', '"', '\\', '/', '😀'), fc.string()),
    });
    await fc.assert(
      fc.asyncProperty(text, text, fc.integer(), async (content, cell, stamp) => {
        const event = signed(secretKey, { content, tags: [[cell]], created_at: stamp });
        expect(await verifier.verify(event)).toBe(verifyEvent({ ...event }));
      }),
      { numRuns: 50 },
    );
  });

  it('finds its script in the source, in the library and beside the bundled command line', () => {
    const found = (module: string) => workerScript(module, 'verify-worker').href;
    expect(found('file:///x/src/nostr/verify-thread.ts')).toBe('file:///x/src/nostr/verify-worker.ts');
    expect(found('file:///x/dist/lib/nostr/verify-thread.js')).toBe(
      'file:///x/dist/lib/nostr/verify-worker.js',
    );
    expect(found('file:///x/dist/cli.js')).toBe('file:///x/dist/verify-worker.js');
  });

  it('does not keep the process alive', async () => {
    verifier = createVerifier({ clock: createFakeClock() });
    const [pool, clock] = ['src/nostr/verify-pool.ts', 'src/clock.ts'].map(
      (file) => pathToFileURL(file).href,
    );
    const program = `
      import { createVerifyPool } from '${pool}';
      import { createFakeClock } from '${clock}';
      const verifier = createVerifyPool({ clock: createFakeClock(), fallback: () => {} });
      const keepAlive = setInterval(() => {}, 1000);
      verifier.verify(${JSON.stringify(genuine)}).then((verdict) => {
        process.stdout.write(String(verdict));
        clearInterval(keepAlive);
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    expect([said, code]).toEqual(['true', 0]);
  });
});

describe('asking once', () => {
  it('asks the verifier once for copies that arrive together or later', async () => {
    const { check, asked } = countingCheck();
    expect(await Promise.all([check(genuine), check({ ...genuine }), check({ ...genuine })])).toEqual([
      true,
      true,
      true,
    ]);
    expect(await check({ ...genuine })).toBe(true);
    expect(asked()).toBe(1);
  });

  it('does not let a copy with a false signature hide the real event', async () => {
    const { check } = countingCheck();
    expect(await Promise.all([check(falselySigned), check(genuine)])).toEqual([false, true]);
    expect(await check(forged)).toBe(false);
  });

  it('does not let other content in under an id that was verified', async () => {
    const { check, asked } = countingCheck();
    expect(await Promise.all([check(genuine), check(forged)])).toEqual([true, false]);
    expect(await check(forged)).toBe(false);
    expect(asked()).toBe(1);
  });

  it('knows a shape that the verifier would take too lightly', () => {
    verifier = createVerifier({ clock: createFakeClock() });
    expect(readEvent({ ...genuine, id: genuine.id.toUpperCase() })).toBeNull();
  });

  function countingCheck() {
    const real = createVerifier({ clock: createFakeClock() });
    let asked = 0;
    verifier = {
      verify(event) {
        asked += 1;
        return real.verify(event);
      },
      close: real.close,
    };
    return { check: createEventVerifier(verifier), asked: () => asked };
  }
});

function neverAsked(): never {
  throw new Error('the fallback was asked');
}
