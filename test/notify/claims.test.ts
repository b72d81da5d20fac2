import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { words } from '../../src/model/text.ts';
import { createClaims } from '../../src/notify/claims.ts';
import type { Condition } from '../../src/notify/event.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => directory[Symbol.asyncDispose]());

const about = (place: string, given: Partial<Condition> = {}): Condition => ({
  event: 'failed',
  place,
  signature: '1',
  stamp: null,
  id: place,
  name: words`a secret plan`,
  text: null,
  source: null,
  host: null,
  ...given,
});

function openTwo() {
  const clock = createFakeClock();
  const env = { TASKGLASS_HOME: directory.path };
  const [a, b] = ['a', 'b'].map((holder) => createClaims({ env, clock, holder })) as [
    ReturnType<typeof createClaims>,
    ReturnType<typeof createClaims>,
  ];
  return { clock, a, b };
}

describe('claims', () => {
  it('let one of two notify in the same way, each place and event for itself', async () => {
    const { a, b } = openTwo();
    const [one, two] = [about('one'), about('two')];
    const claimed = await Promise.all([a.claim('bell', [one, two]), b.claim('bell', [one, two])]);
    expect(claimed.flat()).toHaveLength(2);
    expect(await b.claim('osc', [one])).toEqual([one]);
    const asks = about('one', { event: 'needs-input' });
    expect(await b.claim('bell', [asks])).toEqual([asks]);
  });

  it('last about a minute; whoever notified goes on; the same stamp, later, still counts', async () => {
    const { clock, a, b } = openTwo();
    const [again, stamped] = [about('again'), about('stamped', { stamp: 7 })];
    expect(await a.claim('bell', [again, stamped])).toHaveLength(2);
    clock.advance(54_000);
    expect(await b.claim('bell', [again])).toEqual([]);
    clock.advance(6_000);
    expect(await a.claim('bell', [again])).toEqual([again]);
    expect(await b.claim('bell', [again, stamped])).toEqual([]);
    clock.advance(60_000);
    expect(await b.claim('bell', [again, stamped])).toEqual([again]);
    const next = about('stamped', { stamp: 8 });
    expect(await b.claim('bell', [next])).toEqual([next]);
  });

  it('name nobody in their file, and ignore one that is not JSON', async () => {
    const { a } = openTwo();
    await a.claim('bell', [about('/home/ann/secret')]);
    const file = directory.file('run/notified.json');
    expect(await readFile(file, 'utf8')).not.toMatch(/secret|ann|bell/u);
    await writeFile(file, '{"x":');
    expect(await a.claim('bell', [about('y')])).toHaveLength(1);
  });

  it('notify twice rather than not at all if there is no directory for them', async () => {
    await writeFile(directory.file('no-home'), '');
    const env = { TASKGLASS_HOME: directory.file('no-home') };
    const claims = createClaims({ env, clock: createFakeClock(), holder: 'a' });
    expect(await claims.claim('bell', [about('one')])).toHaveLength(1);
  });

  it('work between processes: of six that see it at once, one notifies', async () => {
    const script = `
      import { systemClock } from './src/clock.ts';
      import { createClaims } from './src/notify/claims.ts';
      const claims = createClaims({ env: { TASKGLASS_HOME: ${JSON.stringify(directory.file('home'))} }, clock: systemClock, holder: String(process.pid) });
      const ours = await claims.claim('ntfy', [{ event: 'failed', place: 'x', signature: '', stamp: null }]);
      console.log(String(ours.length));`;
    const told = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
          cwd: new URL('../..', import.meta.url).pathname,
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
        return Number(said);
      }),
    );
    expect(told.reduce((sum, each) => sum + each, 0)).toBe(1);
  });
});
