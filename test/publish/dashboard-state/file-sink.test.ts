import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readFile,
  rename,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownProcess } from '../../../src/io/process-identity.ts';
import type { DashboardState } from '../../../src/model/dashboard-state.ts';
import { createFileSink } from '../../../src/publish/dashboard-state/file-sink.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const STATE: DashboardState = {
  version: 1,
  timestamp: 1_800_000_000_000,
  widgets: {},
  loading: { isLoading: false, loadingAgents: [] },
  errors: {},
  activeTasks: [],
};
const NEWER = { ...STATE, timestamp: STATE.timestamp + 1 };
const isRoot = process.getuid?.() === 0;
const asNobody = new URL('../../helpers/state-file-as-nobody.ts', import.meta.url);

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = directory.file('state.json');
});
afterEach(() => directory[Symbol.asyncDispose]());

const write = async (state = STATE) => createFileSink(path).write(state);
const writeLast = async (state = STATE) => createFileSink(path).writeLast?.(state);
const timestamp = async () => JSON.parse(await readFile(path, 'utf8')).timestamp;
const task = (more: object) => ({
  activeTasks: [{ taskId: 'a', taskName: 'A', status: 'running', ...more }],
});

describe.each([
  ['write', write],
  ['writeLast', writeLast],
])('the file of a state: %s', (_name, put) => {
  it('says whose it is', async () => {
    await put();
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      ...STATE,
      process: ownProcess() ?? undefined,
    });
  });

  const own: [string, string][] = [
    ['nothing', ''],
    ['blanks', ' \n'],
    ['an empty object', '{}'],
    ['a state of ours', `${JSON.stringify({ ...STATE, workspaceId: 'w', process: ownProcess() })}\n`],
    [
      'an earlier version’s state',
      JSON.stringify(task({ steps: [{ index: 0, name: 's', status: 'running' }] })),
    ],
    ['a state with a byte order mark', `\uFEFF${JSON.stringify(STATE)}`],
  ];
  it.each(own)('replaces %s', async (_what, text) => {
    await writeFile(path, text);
    await put(NEWER);
    expect(await timestamp()).toBe(NEWER.timestamp);
  });

  const foreign: [string, string | object][] = [
    ['text', 'all that I wrote today'],
    ['half a document', JSON.stringify(STATE).slice(0, -1)],
    ['other JSON', { name: 'my package' }],
    ['a list', [1, 2]],
    ['null', 'null'],
    ['a number', '7'],
    ['a stream of states', `${JSON.stringify(STATE)}\n${JSON.stringify(STATE)}\n`],
    ['a state with a key that is not ours', { activeTasks: [], mine: 'keep' }],
    ['a state with widgets', { ...STATE, widgets: { chart: {} } }],
    ['a state with more about loading', { ...STATE, loading: { isLoading: true, loadingAgents: ['a'] } }],
    ['a task with a key that is not ours', task({ mine: 1 })],
    ['a step with a key that is not ours', task({ steps: [{ index: 0, name: 's', mine: 1 }] })],
    ['steps that are no list', task({ steps: 'all' })],
    ['a task without an id', { activeTasks: [{ taskName: 'A' }] }],
    ['tasks that are none', { activeTasks: ['buy milk'] }],
    ['no list of tasks', { activeTasks: {} }],
    ['a key that objects have by themselves', '{"activeTasks":[],"constructor":1}'],
  ];
  it.each(foreign)('does not replace %s', async (_what, content) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(path, text);
    await expect(put()).rejects.toThrow('would be replaced');
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('does not replace what is too large to be read', async () => {
    await writeFile(path, '');
    await truncate(path, 64 * 1024 * 1024 + 1);
    await expect(put()).rejects.toThrow('would be replaced');
    expect((await stat(path)).size).toBe(64 * 1024 * 1024 + 1);
  });

  it.each([
    ['a pipe', () => execFileSync('mkfifo', [path])],
    ['a directory', () => mkdir(path)],
    ['a link to a device', () => symlink('/dev/zero', path)],
  ])('does not replace %s', async (_what, make) => {
    await make();
    const { ino } = await lstat(path);
    await expect(put()).rejects.toThrow();
    expect((await lstat(path)).ino).toBe(ino);
  });
});

it('does not replace what somebody else has put in its place since', async () => {
  const sink = createFileSink(path);
  await sink.write(STATE);
  await writeFile(directory.file('mine'), '{"mine":1}');
  await rename(directory.file('mine'), path);
  await expect(sink.write(NEWER)).rejects.toThrow('would be replaced');
  expect(() => sink.writeLast?.(NEWER)).toThrow('would be replaced');
  expect(await readFile(path, 'utf8')).toBe('{"mine":1}');
});

it.runIf(process.getuid)(
  'makes file and directories that nobody else may write, whatever the umask',
  async () => {
    const mask = process.umask(0);
    try {
      path = directory.file('deep/er/state.json');
      await write();
    } finally {
      process.umask(mask);
    }
    const modes = await Promise.all(
      ['deep', 'deep/er', 'deep/er/state.json'].map((name) => stat(directory.file(name))),
    );
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['755', '755', '644']);
  },
);

describe.runIf(isRoot)('another user’s file', () => {
  /** What came of writing to `path` as nobody. */
  async function writeAsNobody(): Promise<string> {
    const child = fork(asNobody, [path]);
    const [answer] = await once(child, 'message');
    return answer;
  }

  it.each([
    ['root’s file that may not be read', 0, 0o600],
    ['an own file that may not be read', 65_534, 0o000],
  ])('leaves %s alone', async (_what, uid, mode) => {
    await chmod(directory.path, 0o777);
    await writeFile(path, JSON.stringify(STATE));
    await chown(path, uid, uid);
    await chmod(path, mode);
    expect(await writeAsNobody()).toContain('is not readable by this user');
    expect(await timestamp()).toBe(STATE.timestamp);
  });
});
