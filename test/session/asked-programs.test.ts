import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openPrograms } from '../../src/session/programs.ts';
import { readSourceSpec } from '../../src/session/source-specs.ts';

/** Opens a source as it is named on the command line. None of them is asked anything before it is read. */
function open(...named: readonly string[]) {
  const specs = named.map((text) => {
    const read = readSourceSpec(text, '/');
    if (read.kind !== 'spec' || read.spec.kind !== 'program') throw new Error(`${text} names no program`);
    return read.spec;
  });
  return openPrograms(specs, { clock: systemClock, env: {}, cwd: '/' });
}

it.each([
  ['gh:ann/door', 'github', 'ann/door'],
  ['gh:ghe.example.org/ann/door', 'github', 'ghe.example.org/ann/door'],
  ['GH:', 'github', 'github'],
  ['slurm:', 'slurm', 'slurm'],
  ['pueue:', 'pueue', 'pueue'],
  ['pueue:state.json', 'pueue', '/state.json'],
  ['systemd:', 'systemd', 'systemd'],
  ['systemd:system', 'systemd', 'systemd:system'],
])('%s is a source', async (named, kind, location) => {
  expect(await open(named)).toMatchObject({ kind: 'opened', sources: [{ kind, location }] });
});

it.each(['gh:ann', 'gh:-R', 'slurm:cluster', 'systemd:root', 'systemd:--user'])(
  '%s is none',
  async (named) => {
    expect(await open(named)).toMatchObject({
      kind: 'refused',
      problem: { kind: 'malformed', hint: expect.stringMatching(/^name it /u) },
    });
  },
);

it('opens each once', async () => {
  const opened = await open('systemd:', 'systemd:', 'systemd:system');
  expect(opened).toMatchObject({ sources: [{ id: 'systemd' }, { id: 'systemd:system' }] });
});
