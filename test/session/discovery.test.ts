import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { SessionContext } from '../../src/session/context.ts';
import { KINDS_HERE, type Switches, withoutAgents } from '../../src/session/discovered-kinds.ts';
import { discover } from '../../src/session/discovery.ts';
import { type OpenedSession, openSession } from '../../src/session/open-session.ts';
import { eventually } from '../helpers/eventually.ts';
import { hurriedClock } from '../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const stateOf = (id: string) =>
  JSON.stringify({ version: 1, activeTasks: [{ taskId: id, taskName: id, status: 'running' }] });
/** A file of each kind, and where it may lie. */
const FILES = {
  'dashboard-state': ['out/state.json', stateOf('a')],
  'task-breakdown': ['task-breakdown.json', '{"generated_at":"x","total_tasks":0,"tasks":[]}'],
  sessions: ['.taskglass/board.json', '[{"id":"1","title":"x","status":"todo"}]'],
  checklist: ['specs/001-a/tasks.md', '- [x] one\n- [ ] two\n'],
} as const;

let place: Awaited<ReturnType<typeof temporaryDirectory>>;
let home: string;
let session: OpenedSession | null = null;
beforeEach(async () => {
  place = await temporaryDirectory();
  home = await mkdtemp(join(tmpdir(), 'taskglass-home-'));
});
afterEach(async () => {
  await session?.close();
  session = null;
  await place[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const env = () => ({ HOME: home, TASKGLASS_HOME: join(home, 'taskglass') });

async function put(name: string, text: string, under = place.path): Promise<void> {
  const path = join(under, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function look(switches: Switches = {}) {
  const problems: Problem[] = [];
  const context: SessionContext = {
    cwd: place.path,
    env: env(),
    clock: { ...systemClock, monotonic: () => 0 }, // a busy machine has its time
    signal: new AbortController().signal,
    stdin: process.stdin,
    askSecret: null,
    onProblem: (said) => problems.push(said),
  };
  const looked = await discover(switches, context);
  expect(problems).toEqual([]);
  return looked;
}

async function open(discoverOnly: Switches = {}): Promise<OpenedSession> {
  session = await openSession({ cwd: place.path, env: env(), discover: discoverOnly, history: false });
  return session;
}

const kindsOf = ({ monitor }: OpenedSession) =>
  [...monitor.getState().sources.values()].map(({ kind }) => kind).sort();
const namesOf = (opened: OpenedSession) =>
  opened
    .tasks()
    .map(({ task }) => task.name)
    .sort();

describe('what is discovered', () => {
  it('is told kind by kind, with its place, and why there is nothing', async () => {
    for (const [name, text] of Object.values(FILES)) await put(name, text);
    await put('run-1.json', stateOf('r'), join(home, 'taskglass/runs'));
    const looked = await look();
    const here = Object.fromEntries(
      looked.filter(({ where }) => where === 'here').map(({ kind, found }) => [kind, found]),
    );
    const none = Object.fromEntries(Object.keys(KINDS_HERE).map((kind) => [kind, 0]));
    const one = Object.fromEntries(Object.keys(FILES).map((kind) => [kind, 1]));
    expect(here).toEqual({ ...none, ...one });
    expect(looked.filter(({ where }) => where === 'here').every(({ place: at }) => at === place.path)).toBe(
      true,
    );
    expect(looked.find(({ kind }) => kind === 'runs')).toMatchObject({ found: 1, why: null, where: 'yours' });
    expect(looked.find(({ kind, where }) => kind === 'ledger' && where === 'yours')).toMatchObject({
      found: 0,
      why: 'no such file',
    });
  });

  it.each(Object.entries(FILES))('leaves out a kind that is switched off: %s', async (kind, [name, text]) => {
    await put(name, text);
    expect((await look({ [kind]: false })).find((each) => each.kind === kind)).toMatchObject({
      found: 0,
      isOn: false,
    });
    expect(kindsOf(await open({ [kind]: false }))).toEqual([]);
    await put(`later/${name}`, text);
    await put('seen/state.json', stateOf('seen'));
    if (kind === 'dashboard-state') return; // then there is nothing to wait for
    await eventually(() => expect(kindsOf(session as OpenedSession)).toEqual(['dashboard-state']));
  });

  it('is also shown where it is switched off but named', async () => {
    await put(...FILES.checklist);
    session = await openSession({
      cwd: place.path,
      env: env(),
      sources: ['.'],
      discover: { checklist: false },
      history: false,
    });
    expect(kindsOf(session)).toEqual(['checklist']);
  });

  it('does not show a user’s own runs twice where they lie in the directory', async () => {
    home = place.path;
    await put('taskglass/runs/run-1.json', stateOf('r'));
    const opened = await open();
    await opened.settled();
    expect([kindsOf(opened), namesOf(opened)]).toEqual([['dashboard-state'], ['r']]);
  });
});

/** What shows that an agent of this user has moved, below his home. */
const MOVED = {
  claude: () => ['.claude/jobs/0a1b2c3d/state.json', '{"state":"done","name":"Look"}'] as const,
  opencode: () => ['.local/share/opencode/opencode.db', ''] as const,
  gemini: () =>
    [
      '.gemini/tmp/project/session/tracker/0a1b2c.json',
      '{"id":"0a1b2c","title":"Look","status":"open"}',
    ] as const,
  codex: (nowMs: number) => {
    const [day = '', time = ''] = new Date(nowMs).toISOString().slice(0, 19).split('T');
    const name = `rollout-${day}T${time.replaceAll(':', '-')}-00000000-0000-4000-8000-000000000001.jsonl`;
    const meta = {
      timestamp: new Date(nowMs).toISOString(),
      type: 'session_meta',
      payload: { id: 'x', cwd: '/' },
    };
    return [`.codex/sessions/${day.replaceAll('-', '/')}/${name}`, `${JSON.stringify(meta)}\n`] as const;
  },
};

describe.each(Object.entries(MOVED))('the agent %s', (agent, moved) => {
  const rowOf = async (switches: Switches = {}) => (await look(switches)).find(({ kind }) => kind === agent);

  it('is found where it moved in the last day', async () => {
    expect(await rowOf()).toMatchObject({ found: 0, why: 'not there', where: 'yours' });
    const [name, text] = moved(Date.now());
    await put(name, text, home);
    expect(await rowOf()).toMatchObject({ found: 1, why: null });
    expect(await rowOf({ [agent]: false })).toMatchObject({ found: 0, isOn: false });
    expect(await rowOf(withoutAgents({}))).toMatchObject({ found: 0, isOn: false });
    const daysAgo = new Date(Date.now() - 3 * 24 * 3_600_000);
    await utimes(join(home, name), daysAgo, daysAgo);
    expect(await rowOf()).toMatchObject({ found: 0, why: 'no activity in the last day' });
  });

  it('is added once it begins to move', async () => {
    session = await openSession({ cwd: place.path, env: env(), history: false, clock: hurriedClock });
    expect(kindsOf(session)).toEqual([]);
    const [name, text] = moved(Date.now());
    await put(name, text, home);
    await eventually(() => expect(kindsOf(session as OpenedSession)).toEqual([agent]));
  });
});

describe('what appears later', () => {
  it.each(Object.entries(FILES))('is added where the directories are new: %s', async (kind, [name, text]) => {
    const opened = await open();
    expect(kindsOf(opened)).toEqual([]);
    await put(`project/${name}`, text);
    await eventually(() => expect(kindsOf(opened)).toEqual([kind]));
  });

  it('is added where the directory was there, was moved in, or was made anew', async () => {
    await put('specs/001-a/tasks.md', '- [ ] one\n');
    const opened = await open();
    await put('specs/001-a/state.json', stateOf('beside'));
    await eventually(() => expect(namesOf(opened)).toEqual(['001-a', 'beside']));

    const aside = await mkdtemp(join(tmpdir(), 'taskglass-aside-'));
    await put('project/specs/002-b/tasks.md', '- [ ] two\n', aside);
    await rename(join(aside, 'project'), place.file('project'));
    await rm(aside, { recursive: true });
    await eventually(() => expect(namesOf(opened)).toEqual(['001-a', '002-b', 'beside']));

    await rm(place.file('project'), { recursive: true });
    await put('project/specs/003-c/tasks.md', '- [ ] three\n');
    await eventually(() => expect(namesOf(opened)).toContain('003-c'));
  });

  it('is added once it is whole, however it is written', async () => {
    const opened = await open();
    await put('state.json', '{"version":1,"act');
    await put('seen/state.json', stateOf('seen'));
    await eventually(() => expect(namesOf(opened)).toEqual(['seen']));
    await put('state.json', stateOf('whole'));
    await eventually(() => expect(namesOf(opened)).toEqual(['seen', 'whole']));
  });

  it('gets ids of its own, and leaves those that were given', async () => {
    await put('specs/001-a/tasks.md', '- [ ] one\n');
    const opened = await open();
    await put('specs/002-b/tasks.md', '- [ ] two\n');
    await eventually(() => expect(kindsOf(opened)).toHaveLength(2));
    expect([...opened.monitor.getState().sources.keys()]).toEqual(['tasks.md', '002-b/tasks.md']);
  });

  it('is not looked for where nobody keeps a task', async () => {
    const opened = await open();
    for (const hidden of ['node_modules/x', '.git', '.claude', 'specs/001-a/checklists'])
      await put(`${hidden}/tasks.md`, '- [ ] no\n');
    await put('z/tasks.md', '- [ ] yes\n');
    await eventually(() => expect(kindsOf(opened)).toHaveLength(1));
    expect([...opened.monitor.getState().sources.values()][0]?.location).toBe(place.file('z/tasks.md'));
  });

  it('is no more after it was closed', async () => {
    const opened = await open();
    await opened.close();
    await put('state.json', stateOf('late'));
    expect(kindsOf(opened)).toEqual([]);
  });
});

/** How what was found goes away, and what is there afterwards. */
const LOSSES: readonly (readonly [what: string, lose: () => Promise<unknown>, left: readonly string[]])[] = [
  ['its file is deleted', () => rm(place.file('a/state.json')), []],
  ['its directory is deleted', () => rm(place.file('a'), { recursive: true }), []],
  ['its file is renamed to what no source is called', () => rename(at('a/state.json'), at('a/old.bak')), []],
  ['its directory is renamed', () => rename(at('a'), at('b')), ['b/state.json']],
  ['its directory is moved away', () => rename(at('a'), join(home, 'moved')), []],
  ['it is replaced by a file of another kind', replaceByBoard, ['a/state.json']],
];
const at = (name: string) => place.file(name);
async function replaceByBoard(): Promise<void> {
  await rm(at('a/state.json'));
  await put('a/state.json', FILES.sessions[1]);
}

describe('what is gone', () => {
  const locationsOf = ({ monitor }: OpenedSession) =>
    [...monitor.getState().sources.values()].map(({ location }) => location).sort();
  const openHurried = async () => {
    session = await openSession({ cwd: place.path, env: env(), history: false, clock: hurriedClock });
    return session;
  };

  it.each(LOSSES)('is listed no longer where %s, and comes back with it', async (_what, lose, left) => {
    await put('a/state.json', stateOf('a'));
    await put('z/state.json', stateOf('z'));
    const opened = await openHurried();
    await eventually(() => expect(namesOf(opened)).toEqual(['a', 'z']));
    await lose();
    const expected = [...left, 'z/state.json'].map(at).sort();
    await eventually(() => expect(locationsOf(opened)).toEqual(expected));
    if (left.length > 0) return;
    expect(namesOf(opened)).toEqual(['z']);
    await put('a/state.json', stateOf('back'));
    await eventually(() => expect(namesOf(opened)).toEqual(['back', 'z']));
    expect(opened.monitor.getState().sources.size).toBe(2);
  });

  it.each(Object.entries(FILES))('is listed no longer, of any kind: %s', async (kind, [name, text]) => {
    await put(name, text);
    const opened = await openHurried();
    await eventually(() => expect(kindsOf(opened)).toEqual([kind]));
    const before = [...opened.monitor.getState().sources.keys()];
    await rm(place.file(name));
    await eventually(() => expect(kindsOf(opened)).toEqual([]));
    await put(name, text);
    await eventually(() => expect([...opened.monitor.getState().sources.keys()]).toEqual(before));
  });

  it('stays where it is replaced', async () => {
    await put('state.json', stateOf('a'));
    const opened = await openHurried();
    const record = () => opened.monitor.getState().sources.size;
    const sizes = new Set<number>();
    opened.monitor.subscribe(() => sizes.add(record()));
    for (const name of ['b', 'c', 'd']) {
      await put('next', stateOf(name));
      await rename(at('next'), at('state.json'));
      await eventually(() => expect(namesOf(opened)).toEqual([name]));
    }
    expect([...sizes]).toEqual([1]);
  });

  it('stays where it was named', async () => {
    await put('state.json', stateOf('a'));
    session = await openSession({
      cwd: place.path,
      env: env(),
      sources: ['state.json'],
      history: false,
      clock: hurriedClock,
    });
    const opened = session;
    await eventually(() => expect(namesOf(opened)).toEqual(['a']));
    await rm(at('state.json'));
    const status = () => [...opened.monitor.getState().sources.values()].map((source) => source.status);
    await eventually(() => expect(status()).toEqual(['down']));
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // five of its seconds
    expect(status()).toEqual(['down']);
  });
});
