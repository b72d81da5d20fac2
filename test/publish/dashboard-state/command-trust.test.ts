import {
  chmod,
  chown,
  lchown,
  link,
  mkdir,
  readdir,
  rename,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { sendCommandFile } from '../../../src/publish/dashboard-state/command-file.ts';
import { DashboardStateEmitter } from '../../../src/publish/dashboard-state/emitter.ts';
import { eventually } from '../../helpers/eventually.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const NOBODY = 65_534;
const OTHER = 65_533;
const COMMAND = JSON.stringify({ command: 'cancel', taskId: 't1', at: 8.64e15 });

// Only root can put files there that belong to somebody else.
describe.runIf(process.getuid?.() === 0)('the commands of whom', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let state: string;
  let commands: string;
  let emitter: DashboardStateEmitter | null;
  let asked: string[];
  let problems: string[];
  beforeEach(async () => {
    directory = await temporaryDirectory();
    state = directory.file('state.json');
    commands = `${state}.commands`;
    asked = [];
    problems = [];
    emitter = null;
  });
  afterEach(async () => {
    await emitter?.close();
    await directory[Symbol.asyncDispose]();
  });

  function listen(): void {
    emitter ??= new DashboardStateEmitter({
      file: state,
      onCancel: (taskId) => void asked.push(taskId),
      onProblem: ({ message }) => problems.push(message),
    });
    if (emitter.state.activeTasks.length === 0) emitter.startTask('t1', 'Task');
  }

  /** What lies there before anybody listens counts for nobody: the first command comes after that. */
  async function put(path: string, uid: number, text = COMMAND): Promise<void> {
    if (path.startsWith(`${commands}/`)) listen();
    await writeFile(`${path}.new`, text);
    await chown(`${path}.new`, uid, uid);
    await rename(`${path}.new`, path);
  }

  async function makeDirectory(uid: number, mode = 0o755): Promise<void> {
    await mkdir(commands);
    await chmod(commands, mode);
    await chown(commands, uid, uid);
  }

  async function makeState(uid: number): Promise<void> {
    await writeFile(state, '{}');
    await chown(state, uid, uid);
  }

  describe('count:', () => {
    const cases: [string, () => Promise<void>][] = [
      [
        'ours',
        async () => {
          await makeDirectory(0);
          await put(`${commands}/1.json`, 0);
        },
      ],
      [
        'ours, in a directory that everybody writes to',
        async () => {
          await makeDirectory(0, 0o777);
          await put(`${commands}/1.json`, 0);
        },
      ],
      [
        'the state file’s owner’s',
        async () => {
          await makeState(NOBODY);
          await makeDirectory(NOBODY);
          await put(`${commands}/1.json`, NOBODY);
        },
      ],
      [
        'ours, in the directory of the state file’s owner',
        async () => {
          await makeState(NOBODY);
          await makeDirectory(NOBODY);
          await put(`${commands}/1.json`, 0);
        },
      ],
    ];
    it.each(cases)('%s', async (_whose, plant) => {
      await plant();
      listen();
      await eventually(() => expect(asked).toEqual(['t1']));
      await eventually(async () => expect(await readdir(commands)).toEqual([]));
      expect(problems).toEqual([]);
    });
  });

  describe('do not count:', () => {
    const cases: [string, RegExp, () => Promise<void>][] = [
      [
        'a stranger’s directory',
        /commands belongs to another user \(uid 65534\)/u,
        async () => {
          await makeDirectory(NOBODY);
          await put(`${commands}/1.json`, NOBODY);
        },
      ],
      [
        'our own file in a stranger’s directory',
        /commands belongs to another user/u,
        async () => {
          await makeDirectory(NOBODY);
          await put(`${commands}/1.json`, 0);
        },
      ],
      [
        'a stranger’s file',
        /1\.json belongs to another user \(uid 65534\)/u,
        async () => {
          await makeDirectory(0, 0o777);
          await put(`${commands}/1.json`, NOBODY);
        },
      ],
      [
        'a stranger’s, beside the file of another one',
        /belongs to another user \(uid 65533\)/u,
        async () => {
          await makeState(NOBODY);
          await makeDirectory(OTHER);
          await put(`${commands}/1.json`, OTHER);
        },
      ],
      [
        'the owner’s of a state file that anybody can have put there',
        /belongs to another user/u,
        async () => {
          await chmod(directory.path, 0o1777);
          await makeState(NOBODY);
          await makeDirectory(NOBODY);
          await put(`${commands}/1.json`, NOBODY);
        },
      ],
      [
        'a stranger’s link to a directory of ours',
        /commands is a link/u,
        async () => {
          await mkdir(directory.file('private'));
          await put(directory.file('private/1.json'), 0);
          await symlink(directory.file('private'), commands);
          await lchown(commands, NOBODY, NOBODY);
        },
      ],
      [
        'our own link to a directory',
        /commands is a link/u,
        async () => {
          await mkdir(directory.file('private'));
          await put(directory.file('private/1.json'), 0);
          await symlink(directory.file('private'), commands);
        },
      ],
      [
        'another name of a file of ours',
        /1\.json has a second name elsewhere/u,
        async () => {
          await makeDirectory(0, 0o777);
          await put(directory.file('private.json'), 0);
          listen();
          await link(directory.file('private.json'), `${commands}/1.json`);
        },
      ],
    ];
    it.each(cases)('%s', async (_whose, words, plant) => {
      await plant();
      listen();
      await eventually(() => expect(problems).toEqual([expect.stringMatching(words)]));
      expect(asked).toEqual([]);
      expect(await readdir(commands)).toEqual(['1.json']);
    });

    it('a link to a file of ours', async () => {
      await makeDirectory(0, 0o777);
      await put(directory.file('private.json'), 0);
      listen();
      await symlink(directory.file('private.json'), `${commands}/1.json`);
      await put(`${commands}/2.json`, 0);
      await eventually(async () => expect(await readdir(commands)).toEqual(['1.json']));
      expect(asked).toEqual(['t1']);
    });
  });

  it('are not sent through a directory in which they would not count', async () => {
    await makeDirectory(NOBODY);
    const signal = new AbortController().signal;
    const sent = sendCommandFile({
      statePath: state,
      command: 'cancel',
      taskId: 't1',
      clock: systemClock,
      signal,
    });
    expect(await sent).toMatchObject({
      kind: 'refused',
      problem: { message: `cancel: ${commands} belongs to another user (uid 65534)` },
    });
    expect(await readdir(commands)).toEqual([]);
  });

  it('are put where nobody else can, whatever the umask', async () => {
    const mask = process.umask(0);
    const stop = new AbortController();
    const sent = sendCommandFile({
      statePath: state,
      command: 'cancel',
      taskId: 't1',
      clock: systemClock,
      signal: stop.signal,
    });
    try {
      await eventually(async () => {
        const [name = ''] = await readdir(commands);
        const modes = await Promise.all([commands, `${commands}/${name}`].map((path) => stat(path)));
        expect(modes.map((stats) => (stats.mode & 0o777).toString(8))).toEqual(['755', '644']);
      });
    } finally {
      process.umask(mask);
      stop.abort();
      await sent;
    }
  });
});
