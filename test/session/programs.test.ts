import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openPrograms, type ProgramSpec, whyNotStarted } from '../../src/session/programs.ts';
import { readSourceSpec } from '../../src/session/source-specs.ts';

function specOf(text: string): ProgramSpec {
  const read = readSourceSpec(text, '/');
  if (read.kind !== 'spec' || read.spec.kind !== 'program') throw new Error(`${text} names no program`);
  return read.spec;
}

async function namesOf(...texts: string[]): Promise<string[]> {
  const opened = await openPrograms(texts.map(specOf), { clock: systemClock, env: {}, cwd: '/' });
  return opened.kind === 'opened' ? opened.sources.map(({ id }) => id) : [];
}

describe('a command as a source', () => {
  it('is opened once, and named by its program alone', async () => {
    const command = 'exec:10s:curl -H "Authorization: Bearer abc" x';
    const others = ['execd:./watch --token abc', 'ssh:web1'];
    expect(await namesOf(command, command, ...others)).toEqual(['exec:curl', 'execd:watch', 'ssh:web1']);
  });

  it('has a name of its own, the same each time, where another has its program', async () => {
    const names = await namesOf('exec:curl a', 'exec:curl b', 'exec:5s:curl a');
    expect(new Set(names).size).toBe(3);
    expect(names).toEqual(names.map(() => expect.stringMatching(/^exec:curl#[0-9a-f]{6}$/u)));
    expect(await namesOf('exec:5s:curl a', 'exec:curl b', 'exec:curl a')).toEqual(names.toReversed());
  });

  it('is refused without one', async () => {
    const opened = await openPrograms([specOf('exec:')], { clock: systemClock, env: {}, cwd: '/' });
    expect(opened).toMatchObject({ kind: 'refused', problem: { message: 'exec: there is no command' } });
  });

  it.each([
    { named: ['exec:date'], isConfigForeign: true, mayRun: true },
    { named: [], isConfigForeign: false, mayRun: true },
    { named: [], isConfigForeign: true, mayRun: false },
    { named: ['exec:pwd'], isConfigForeign: true, mayRun: false },
  ])('runs only if the user chose it: %j', ({ named, isConfigForeign, mayRun }) => {
    const selection = {
      named,
      isConfigForeign,
      configured: [],
      pubkeys: [],
      readOnly: false,
      discover: {},
      follows: false,
      awaitsRuns: false,
    };
    expect(whyNotStarted('exec:date', specOf('exec:date'), selection) === null).toBe(mayRun);
  });
});
