import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openNotifying } from '../../../src/cli/session/notifying.ts';
import { type CommandOptions, openWith, readSettings } from '../../../src/cli/session/session.ts';
import { systemClock } from '../../../src/clock.ts';
import type { Io } from '../../../src/io/io.ts';
import { runHere } from '../../helpers/console.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

it('a command in a file that came with a project is not run; in the user’s own configuration it is', async () => {
  await using directory = await temporaryDirectory();
  const config = JSON.stringify({ sources: [`exec:touch ran; echo '{"activeTasks":[]}'`] });
  await writeFile(directory.file('config.json'), config);
  const own = { TASKGLASS_HOME: directory.file('own') };
  const at = { cwd: directory.path };

  const named = await runHere(['--config', directory.file('config.json'), '--once'], { ...at, env: own });
  expect(named).toMatchObject({ code: 2, stderr: expect.stringMatching(/name it on the command line/u) });
  const set = await runHere(['--once'], {
    ...at,
    env: { ...own, TASKGLASS_CONFIG: directory.file('config.json') },
  });
  expect(set.code).toBe(2);
  expect(existsSync(directory.file('ran'))).toBe(false);

  await mkdir(directory.file('own'), { recursive: true });
  await writeFile(directory.file('own/config.json'), config);
  expect(await runHere(['--once'], { ...at, env: own })).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(directory.file('ran'))).toBe(true);
});

it.each([['exec:touch ran'], ['webhook:http://127.0.0.1:9/?x'], ['ntfy:their-topic']])(
  'nobody is notified by %s because a file that came with a project says so',
  async (channel) => {
    await using directory = await temporaryDirectory();
    const config = directory.file('theirs.json');
    await writeFile(config, JSON.stringify({ notify: ['bell', channel] }));
    const own = { TASKGLASS_HOME: directory.file('own') };
    const refused = { code: 2, stderr: expect.stringMatching(/name it with --notify/u) };
    for (const args of [['watch'], ['notify', '--test'], ['demo']]) {
      expect(await runHere([...args, '--config', config], { cwd: directory.path, env: own })).toMatchObject(
        refused,
      );
      const env = { ...own, TASKGLASS_CONFIG: config };
      expect(await runHere(args, { cwd: directory.path, env })).toMatchObject(refused);
    }
    expect(await runHere(['--once', '--config', config], { cwd: directory.path, env: own })).toMatchObject({
      stderr: expect.not.stringContaining('notify'),
    });
    expect(existsSync(directory.file('ran'))).toBe(false);
  },
);

it('nor does a file that came with a project get around that by choosing to be read aloud', async () => {
  await using directory = await temporaryDirectory();
  const config = directory.file('theirs.json');
  await writeFile(config, JSON.stringify({ accessible: true, notify: ['exec:touch ran'], notifyAfter: 0 }));
  const state = (status: string) => JSON.stringify({ activeTasks: [{ taskId: 'a', taskName: 'A', status }] });
  const input = `${state('running')}\n${state('failed')}\n`;

  expect(await runHere(['-', '--config', config], { cwd: directory.path, input })).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/name it with --notify/u),
  });
  expect(existsSync(directory.file('ran'))).toBe(false);
});

it('a command that never asked whether it may notify cannot, whoever wrote the file', async () => {
  await using directory = await temporaryDirectory();
  const config = directory.file('theirs.json');
  await writeFile(config, JSON.stringify({ notify: ['exec:touch ran'], discover: false }));
  const { signal } = new AbortController();
  const env = { HOME: directory.path, TASKGLASS_HOME: directory.path };
  const io = { env, cwd: directory.path, clock: systemClock, signal, stdin: {}, stdout: {}, stderr: {} };
  const notifying = async (options: CommandOptions, notifies: boolean) => {
    const read = await readSettings(options, io as unknown as Io);
    if (read.kind === 'refused') throw new Error(read.problem.message);
    const opened = await openWith(read, [], io as unknown as Io, { notifies });
    if (opened.kind === 'refused') return opened.problem.kind;
    const { session } = opened;
    const given = openNotifying(session, io as unknown as Io, {
      dismissals: async () => ({}),
      mutes: { load: async () => new Set() },
      onDelivery() {},
    });
    const names = given?.channels.map(({ spec }) => spec.channel) ?? null;
    await given?.close();
    await session.close();
    return names;
  };

  expect(await notifying({ config }, false)).toBe(null);
  expect(await notifying({ config }, true)).toBe('not-allowed');
  expect(await notifying({ config, notify: ['exec:touch mine'] }, true)).toEqual(['exec']);
});
