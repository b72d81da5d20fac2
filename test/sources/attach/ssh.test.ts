import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, createFakeClock, systemClock } from '../../../src/clock.ts';
import { sshHosts } from '../../../src/io/ssh-hosts.ts';
import { sourceId } from '../../../src/model/id.ts';
import { problem } from '../../../src/model/problem.ts';
import { listenForCommands } from '../../../src/publish/dashboard-state/listen-commands.ts';
import { createLastSeen } from '../../../src/sources/attach/last-seen.ts';
import { openSsh } from '../../../src/sources/attach/open-ssh.ts';
import { readSshPlace } from '../../../src/sources/attach/ssh-place.ts';
import type { Source } from '../../../src/sources/kit/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { fakeSsh } from '../../helpers/fake-ssh.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import {
  commandContext,
  describeSourceContract,
  openView,
  type SourceWorld,
  type View,
  type WorldStatus,
} from '../source-contract.ts';

const remote = fileURLToPath(new URL('./remote.ts', import.meta.url));
const serving = (path: string) => `exec '${process.execPath}' '${remote}' '${path}'`;
const WORDS: Record<WorldStatus, string> = {
  queued: 'pending',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
};

/** Hurried between two attempts, but not with a host that is asked: on a busy machine it takes seconds to start. */
const patientClock: Clock = {
  ...hurriedClock,
  after: (delayMs, action) => hurriedClock.after(delayMs < 10_000 ? delayMs : delayMs * 5, action),
};

async function sourceFor(directory: string, taskglass: string, clock = patientClock): Promise<Source> {
  const { env } = await fakeSsh(directory, taskglass);
  const source = await openSsh({ id: sourceId('ssh:web1'), place: 'web1', clock, env });
  expect(source).toHaveProperty('events');
  return source as Source;
}

/** A host whose taskglass shows a state file; where there is a file `state.json.down`, the host is down. */
describeSourceContract('a taskglass on another host', async (): Promise<SourceWorld> => {
  const directory = await temporaryDirectory();
  await mkdir(directory.file('host'));
  const path = directory.file('host/state.json');
  const tasks = new Map<string, Record<string, unknown>>();
  let listener: ReturnType<typeof listenForCommands> | null = null;
  const put = async () => {
    const activeTasks = [...tasks.values()];
    await writeFile(`${path}.new`, JSON.stringify({ version: 1, timestamp: Date.now(), activeTasks }));
    await rename(`${path}.new`, path);
  };
  const set = (nativeId: string, status: string) => {
    tasks.set(nativeId, { ...tasks.get(nativeId), status });
    return put();
  };
  const native = (served: string) => served.replace('board/', '');
  await put();
  return {
    source: await sourceFor(directory.path, serving(path)),
    async add({ name: taskName, status }) {
      const taskId = `task_${tasks.size + 1}`;
      tasks.set(taskId, { taskId, taskName, status: WORDS[status] });
      await put();
      return `board/${taskId}`;
    },
    change: (served, status) => set(native(served), WORDS[status]),
    async remove(served) {
      tasks.delete(native(served));
      await put();
    },
    breakDown: () => writeFile(`${path}.down`, ''),
    mend: () => rm(`${path}.down`),
    async obey() {
      listener = listenForCommands({
        statePath: path,
        clock: systemClock,
        take: ({ command, taskId }) => {
          void set(taskId, command === 'cancel' ? 'cancelled' : 'running');
          return true;
        },
        onDistrust: (words) => expect.fail(words),
      });
    },
    async close() {
      await listener?.close();
      await directory[Symbol.asyncDispose]();
    },
  };
});

describe('a host', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let view: View | null = null;
  beforeEach(async () => {
    directory = await temporaryDirectory();
  });
  afterEach(async () => {
    await view?.close();
    view = null;
    await directory[Symbol.asyncDispose]();
  });
  const STATE = '{"activeTasks":[{"taskId":"a","taskName":"Hash","status":"running","cwd":"/srv/x"}]}';

  it('is asked by ssh without a terminal, a question, an agent or a token; its tasks are there', async () => {
    await writeFile(directory.file('state.json'), STATE);
    const { env, calls } = await fakeSsh(directory.path, serving(directory.file('state.json')));
    const token = { ...env, TASKGLASS_TOKEN: 'of another' };
    const source = await openSsh({
      id: sourceId('web1'),
      place: 'me@web1',
      clock: patientClock,
      env: token,
    });
    view = openView(source as Source);
    await view.live();
    expect(view.task('board/a')).toMatchObject({ host: expect.stringMatching(/./u), cwd: '/srv/x' });
    expect(view.record()).toMatchObject({ location: 'ssh:me@web1', kind: 'attach' });
    expect(await readFile(calls, 'utf8')).toBe(
      '-T -a -x -o BatchMode=yes -o ClearAllForwardings=yes -o ConnectTimeout=15 -o RemoteCommand=none -- me@web1 taskglass serve --stdio\n',
    );
  });

  it('may print something before: a banner, or a line that does not end', async () => {
    await writeFile(directory.file('state.json'), STATE);
    const noise = `echo 'Welcome to web1!'; echo; printf 'you have mail'; ${serving(directory.file('state.json'))}`;
    view = openView(await sourceFor(directory.path, noise));
    await view.live();
    expect(view.statuses()).toEqual({ 'board/a': 'running' });
  });

  it.each([
    [
      'has no taskglass',
      '',
      /^web1: taskglass is not there \(.*not found\)$/u,
      /ssh web1 'command -v taskglass'$/u,
    ],
    [
      'does not let us in',
      'echo "me@web1: Permission denied (publickey)." >&2; exit 255',
      /^web1: me@web1: Permission denied \(publickey\)\.$/u,
      /ssh-add your key, then try ssh -o BatchMode=yes web1 true$/u,
    ],
    [
      'is not known',
      'echo "Host key verification failed." >&2; exit 255',
      /^web1: Host key verification failed\.$/u,
      /connect once by hand, to check its key: ssh web1$/u,
    ],
    ['says nothing', 'exit 255', /^web1: ssh has failed$/u, /by hand: ssh web1 true$/u],
    [
      'has an older taskglass',
      'echo "taskglass: unknown option --stdio" >&2; exit 2',
      /^web1: taskglass ended with code 2 there: taskglass: unknown option --stdio$/u,
      /same version there\? ssh web1 taskglass --version$/u,
    ],
    ['is something else', 'exec yes', /^web1: something other than taskglass answers$/u, /ssh web1 true$/u],
    ['hangs', 'exec sleep 1000', /^web1 has not answered within 30 s$/u, /trying again/u],
    [
      'sends escape sequences',
      String.raw`printf '\033]0;x\007\033[31mgone\n' >&2; exit 255`,
      /^web1: gone$/u,
      /trying again/u,
    ],
  ])(
    '%s: what is wrong is said, with what to do',
    async (_what, taskglass, message, hint) => {
      const clock = taskglass.includes('sleep') ? hurriedClock : patientClock;
      view = openView(await sourceFor(directory.path, taskglass, clock));
      await eventually(() => expect(view?.record().problem?.message).toMatch(message));
      expect(view.record().problem?.hint).toMatch(hint);
      expect(view.record().status).toBe('down');
    },
    40_000,
  );

  it('that is gone while it is asked for something says so', async () => {
    await writeFile(directory.file('state.json'), STATE);
    const source = await sourceFor(directory.path, serving(directory.file('state.json')));
    view = openView(source);
    await view.live();
    await writeFile(directory.file('state.json.down'), '');
    await eventually(() => expect(view?.record().status).toBe('down'));
    expect(view.record().problem?.message).toMatch(/^web1: /u);
    expect(view.statuses()).toEqual({ 'board/a': 'running' });
    const answer = await source.commands.cancel?.('board/a', commandContext());
    expect(answer).toMatchObject({
      kind: 'refused',
      problem: { message: expect.stringMatching(/^cancel: web1(?:: the host goes down| does not answer)$/u) },
    });
  });
});

it('what was lost is shown with its age', () => {
  const clock = createFakeClock();
  const seen = createLastSeen(clock);
  const lost = problem('unreachable', 'down', 'web1: the connection was lost', 'trying again');
  const after = (ms: number) => {
    clock.advance(ms);
    return seen.said(lost).message.replace(lost.message, '');
  };
  expect(after(600_000)).toBe('');
  seen.now();
  const minutes = 60_000;
  expect([59_000, 1_000, 58 * minutes, minutes, 46 * 60 * minutes, 60 * minutes].map(after)).toEqual([
    '',
    '; last seen 1m ago',
    '; last seen 59m ago',
    '; last seen 1h ago',
    '; last seen 47h ago',
    '; last seen 2d ago',
  ]);
});

describe('what follows ssh:', () => {
  it.each([
    ['web1', 'web1', 'web1'],
    ['me@10.0.0.7', 'me@10.0.0.7', 'me@10.0.0.7'],
    ['//me@web1:2222', 'ssh://me@web1:2222', 'me@web1:2222'],
    ['fe80::1%eth0', 'fe80::1%eth0', 'fe80::1%eth0'],
  ])('%s is %s', (place, destination, shown) => {
    expect(readSshPlace(place)).toEqual({ destination, shown });
  });

  it.each([
    '-oProxyCommand=sh',
    '//-oProxyCommand=sh',
    'me@-x',
    'a b',
    'a;b',
    '$(id)',
    '',
    '//',
    'a\nb',
    'me:pw@web1',
    '`x`',
  ])('%j is refused', (place) => {
    expect(readSshPlace(place)).toHaveProperty('severity', 'down');
  });

  it('is completed by the hosts that ssh knows by name', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.file('.ssh/config.d'), { recursive: true });
    await writeFile(
      directory.file('.ssh/config'),
      'Include config.d/*.conf ~/.ssh/config\nHost web1 web2 *.example !db # mine\n  HostName 10.0.0.7\nhost="build box"\nHost=db\nHost -oX=y\n',
    );
    await writeFile(directory.file('.ssh/config.d/a.conf'), 'Host gpu?\nHOST gpu1\n');
    await writeFile(directory.file('.ssh/config.d/b.txt'), 'Host hidden\n');
    expect(await sshHosts(directory.path)).toEqual(['web1', 'web2', 'db', 'gpu1']);
    const env = { HOME: directory.path };
    expect(await openSsh({ id: sourceId('x'), place: '', clock: hurriedClock, env })).toMatchObject({
      message: 'ssh: there is no host',
      hint: 'name one: ssh:web1, ssh:web2, ssh:db, ssh:gpu1',
    });
    expect(await sshHosts(directory.file('nowhere'))).toEqual([]);
  });
});
