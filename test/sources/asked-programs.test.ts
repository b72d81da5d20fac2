import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import type { Problem } from '../../src/model/problem.ts';
import { openGithub } from '../../src/sources/github/source.ts';
import type { Source } from '../../src/sources/kit/source.ts';
import { createPueueSource } from '../../src/sources/pueue/source.ts';
import { createSlurmSource } from '../../src/sources/slurm/source.ts';
import { openSystemd } from '../../src/sources/systemd/source.ts';
import { eventually } from '../helpers/eventually.ts';
import { createFakeProgram, type FakeProgram } from '../helpers/fake-program.ts';
import { hurriedClock } from '../helpers/hurried-clock.ts';
import { openView, type View } from './source-contract.ts';

type Open = (fake: FakeProgram<null>, clock: Clock) => View;

/** The sources that ask a program, with the name of that. */
const ASKED: readonly (readonly [program: string, open: Open])[] = [
  [
    'gh',
    (fake, clock) =>
      openView(opened(openGithub({ ...at(fake, clock), id: sourceId('gh'), place: 'ann/door' }))),
  ],
  [
    'systemctl',
    (fake, clock) =>
      openView(opened(openSystemd({ ...at(fake, clock), id: sourceId('systemd'), place: '' }))),
  ],
  ['squeue', (fake, clock) => openView(createSlurmSource({ ...at(fake, clock), id: sourceId('slurm') }))],
  [
    'pueue',
    (fake, clock) => openView(createPueueSource({ ...at(fake, clock), id: sourceId('pueue'), place: '' })),
  ],
];

function at({ env, directory }: FakeProgram<null>, clock: Clock) {
  return { clock, env, cwd: directory };
}

const shell = (script: string) => `#!/bin/sh\n${script}\n`;

/** Returns an opened source, where it is known that it can be opened. */
function opened(source: Source | Problem): Source {
  if ('severity' in source) throw new Error(source.message);
  return source;
}

describe.each(ASKED)('a source that asks %s', (program, open) => {
  let fake: FakeProgram<null>;
  let view: View;
  beforeEach(async () => {
    fake = await createFakeProgram(program, { initial: null, body: '', broken: '' });
    // Nothing else of the name is to be found.
    fake.env.PATH = `${fake.directory}/bin`;
  });
  afterEach(async () => {
    await view.close();
    await fake.close();
  });

  const problem = async (script: string | null, clock = systemClock) => {
    await fake.become(script);
    view = open(fake, clock);
    await eventually(() => expect(view.record().problem?.severity).toBe('down'));
    expect(view.statuses()).toEqual({});
    return view.record().problem;
  };

  it.each([
    ['is missing', null, 'missing', `there is no ${program} on PATH`],
    ['hangs', shell('exec /bin/sleep 1000'), 'no-answer', `${program} has not answered within 10 s`],
    [
      'prints 100 MB',
      shell('exec /usr/bin/head -c 100000000 /dev/zero'),
      'too-large',
      `${program} has printed more than 16 MiB`,
    ],
    [
      'asks for a login',
      shell('printf "Password: " >&2; read -r login || { echo no login >&2; exit 1; }'),
      'refused',
      expect.stringMatching(/no login|Password/u),
    ],
    [
      'is another program',
      shell('echo "Usage: something else"; exit 0'),
      'malformed',
      expect.stringContaining('something other than JSON: is it another program of that name'),
    ],
    [
      'is another program that knows JSON',
      shell('echo \'{"version": 3, "items": [null]}\''),
      'malformed',
      expect.stringContaining('unexpected JSON'),
    ],
    [
      'is another program that refuses',
      shell('echo "unknown option --json" >&2; exit 64'),
      'refused',
      `${program} failed (exit 64): unknown option --json`,
    ],
    [
      'breaks off',
      shell('printf \'{"tasks": {"1": {"id": 1, "sta\''),
      'malformed',
      expect.stringContaining('something other than JSON'),
    ],
    ['crashes', shell('kill -SEGV $$'), 'refused', `${program} was ended`],
    [
      'writes to the terminal',
      shell("printf 'a\\033[2Jb\\n' >&2; exit 1"),
      'refused',
      `${program} failed (exit 1): ab`,
    ],
    [
      'shows a token',
      shell('echo "cannot reach https://ann:hunter2@example.org/x?token=hunter2" >&2; exit 1'),
      'refused',
      `${program} failed (exit 1): cannot reach https://example.org/x`,
    ],
  ])('says so if it %s', async (_what, script, kind, message) => {
    // Only what hangs is not waited for in real time: anything else may be slow on a busy machine.
    const found = await problem(script, kind === 'no-answer' ? hurriedClock : systemClock);
    expect(found).toMatchObject({ kind, message, hint: expect.stringMatching(/\S/u) });
  });

  it('passes its own logins to nobody else', async () => {
    Object.assign(fake.env, { GH_TOKEN: 'hunter2', GITHUB_TOKEN: 'hunter2', TASKGLASS_NSEC: 'hunter2' });
    const tell =
      '[ -z "$GH_TOKEN$GITHUB_TOKEN" ] && echo none >&2; [ -z "$TASKGLASS_NSEC" ] || echo ours >&2';
    const found = await problem(shell(`${tell}; echo that is all >&2; exit 1`));
    expect(found?.message).toBe(`${program} failed (exit 1): ${program === 'gh' ? 'that is all' : 'none'}`);
  });
});
