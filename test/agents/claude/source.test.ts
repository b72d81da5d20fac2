import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claudeHome } from '../../../src/agents/claude/place.ts';
import { createClaudeSource } from '../../../src/agents/claude/source.ts';
import { sourceId } from '../../../src/model/id.ts';
import { eventually } from '../../helpers/eventually.ts';
import type { FakeProgram } from '../../helpers/fake-program.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import {
  commandContext,
  describeSourceContract,
  openView,
  type View,
  type WorldStatus,
} from '../../sources/source-contract.ts';
import {
  createFakeClaude,
  type SampleHome,
  sampleHome,
  sampleJob,
  sampleSession,
  sampleTask,
  sessionIdOf,
} from './sample.ts';

function openedAt(fake: FakeProgram<readonly object[]>, home = claudeHome(fake.env)) {
  const { env, directory: cwd } = fake;
  return createClaudeSource({ id: sourceId('claude'), home, clock: hurriedClock, env, cwd });
}

describeSourceContract('the source of Claude Code', async () => {
  const fake = await createFakeClaude();
  const home = claudeHome(fake.env);
  const sample = sampleHome(home);
  const names = new Map<string, string>();
  const pidOf = (id: string) => 1_000 + [...names.keys()].indexOf(id);
  const put = async (id: string, status: WorldStatus) => {
    const state = { queued: 'working', running: 'working', completed: 'done', failed: 'failed' }[status];
    await sample.session(pidOf(id), { kind: 'bg', jobId: id, sessionId: sessionIdOf(id), status: 'idle' });
    await sample.job(id, { state, tempo: state === 'working' ? 'active' : 'idle', name: names.get(id) });
  };
  await mkdir(home);

  return {
    source: openedAt(fake),
    queuedIs: 'running',
    async add({ name, status }) {
      const id = `${10_000_000 + names.size}`;
      names.set(id, name);
      await put(id, status);
      return id;
    },
    change: put,
    async remove(id) {
      await rm(join(home, 'jobs', id), { recursive: true });
      await rm(join(home, 'sessions', `${pidOf(id)}.json`));
    },
    breakDown: () => rename(home, `${home}.away`),
    async mend() {
      await rm(home, { recursive: true, force: true });
      await rename(`${home}.away`, home);
    },
    obey: fake.obey,
    close: fake.close,
  };
});

describe('a home of Claude Code', () => {
  let fake: FakeProgram<readonly object[]>;
  let home: string;
  let sample: SampleHome;
  let view: View;
  beforeEach(async () => {
    fake = await createFakeClaude();
    home = claudeHome(fake.env);
    sample = sampleHome(home);
  });
  afterEach(async () => {
    await view?.close();
    await fake.close();
  });
  const open = async () => {
    view = openView(openedAt(fake));
    await view.live();
  };
  const statuses = (expected: Record<string, string>) =>
    eventually(() => expect(view.statuses()).toEqual(expected));

  it('is noticed when it appears, piece by piece', async () => {
    view = openView(openedAt(fake));
    await eventually(() => expect(view.record().problem?.message).toMatch(/^there is no .*\.claude$/u));
    await mkdir(home);
    await view.live();
    await sample.session(1_000);
    await statuses({ [sessionIdOf(1_000)]: 'running' });
    await sample.job('07ad8f70', { state: 'done', tempo: 'idle' });
    await statuses({ [sessionIdOf(1_000)]: 'running', '07ad8f70': 'completed' });
    await sample.task(sessionIdOf(1_000), 1, { status: 'in_progress' });
    await eventually(() => expect(view.task(sessionIdOf(1_000)).steps).toHaveLength(1));
    // In its place, as other programs write.
    await writeFile(
      join(home, 'tasks', sessionIdOf(1_000), '1.json'),
      JSON.stringify({ id: '1', subject: 'Another', status: 'completed' }),
    );
    await eventually(() => expect(view.task(sessionIdOf(1_000)).steps[0]?.status).toBe('completed'));
    const [step] = view.task(sessionIdOf(1_000)).steps;
    expect(step?.startedAt).not.toBeNull();
    expect(step?.endedAt).toBeGreaterThanOrEqual(Number(step?.startedAt));
  });

  it('that was replaced by another is read again', async () => {
    await sample.session(1_000);
    const other = `${home}.other`;
    await sampleHome(other).session(1_001);
    await rename(home, `${home}.real`);
    await symlink(`${home}.real`, home);
    await open();
    await statuses({ [sessionIdOf(1_000)]: 'running' });
    await symlink(other, `${home}.new`);
    await rename(`${home}.new`, home);
    await statuses({ [sessionIdOf(1_001)]: 'running' });
    await sampleHome(other).session(1_002);
    await statuses({ [sessionIdOf(1_001)]: 'running', [sessionIdOf(1_002)]: 'running' });
  });

  it('notices that a process has ended, whatever is left of it', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 1e9)']);
    await once(child, 'spawn');
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
    const procStart = stat.replace(/^.*\) /su, '').split(' ')[19];
    const alive = { pid: child.pid, procStart };
    await sample.session(1_000, alive);
    await sample.session(1_001, { ...alive, procStart: '1' });
    await sample.session(1_002, { ...alive, kind: 'bg', jobId: '07ad8f70' });
    await sample.job('07ad8f70');
    await open();
    await statuses({ [sessionIdOf(1_000)]: 'running', '07ad8f70': 'running' });
    expect(view.task('07ad8f70')).toMatchObject({ pid: child.pid, lastLine: 'reading the tests' });

    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await sample.job('07ad8f70', { updatedAt: new Date(Date.now() - 6_000).toISOString() });
    await statuses({ '07ad8f70': 'failed' });
    expect(view.task('07ad8f70').state).toMatchObject({ error: 'its process is gone' });
    expect(view.task('07ad8f70').offers).toEqual([{ command: 'retry', refusal: null, needsConsent: true }]);
  });

  it('keeps what a file said while it cannot be understood, and says so if that lasts', async () => {
    await sample.session(1_000);
    await open();
    await statuses({ [sessionIdOf(1_000)]: 'running' });
    await writeFile(join(home, 'sessions', '1000.json'), '{"pid": 10');
    await eventually(() =>
      expect(view.record().problem).toMatchObject({
        kind: 'malformed',
        message: expect.stringMatching(/1000\.json cannot be understood$/u),
      }),
    );
    expect(view.statuses()).toEqual({ [sessionIdOf(1_000)]: 'running' });
    expect(view.record().status).toBe('live');
    await sample.session(1_000, { status: 'idle' });
    await statuses({ [sessionIdOf(1_000)]: 'waiting' });
    await eventually(() => expect(view.record().problem).toBeNull());
  });

  it('shows nobody what is secret, spare or left behind', async () => {
    const secret = 'sk-planted-secret';
    const hidden = { providerEnv: { KEY: secret }, env: [secret], respawnFlags: [secret], other: { secret } };
    await sample.session(1_000, hidden);
    await sample.session(1_001, { spare: true });
    await sample.session(1_002, { pid: 2 ** 31 - 2, procStart: '5' });
    await sample.session(1_003, { procStart: '5' });
    await sample.put('sessions/1004.key', JSON.stringify({ pid: process.pid, cwd: secret }));
    await sample.put('sessions/1004.0123abcd.key', secret);
    await sample.job('07ad8f70', { ...hidden, fan: [{ label: 'a', ...hidden }], output: hidden });
    await sample.put('jobs/17ad8f70/tmp/note.txt', secret);
    await sample.put('jobs/pins.json', `["${secret}"]`);
    await sample.task('team', 1, hidden);
    await sample.put('tasks/team/.lock', secret);
    await sample.put(`tasks/${sessionIdOf(9)}/.highwatermark`, '3');
    await sample.task(sessionIdOf(8), 1);
    await open();
    await statuses({ [sessionIdOf(1_000)]: 'running', '07ad8f70': 'running', 'tasks/team': 'queued' });
    expect(view.record().problem).toBeNull();
    expect(JSON.stringify(view.events)).not.toContain(secret);
  });

  it('is read whatever its files are cut to', async () => {
    const big = {
      intent: 'x'.repeat(3_000),
      fan: Array.from({ length: 40 }, (_, n) => ({ id: `${n}`, label: `${n}` })),
    };
    const texts = {
      'sessions/1000.json': JSON.stringify(sampleSession(1_000)),
      'jobs/07ad8f70/state.json': JSON.stringify({ ...sampleJob('07ad8f70'), ...big }),
      'tasks/team/1.json': JSON.stringify(sampleTask(1)),
      'jobs/07ad8f70/timeline.jsonl': '{"at":"2026-11-30T03:00:00Z","state":"working"}\n'.repeat(100),
    };
    for (const [path, text] of Object.entries(texts)) await sample.put(path, text);
    await open();
    const whole = view.statuses();
    expect(Object.keys(whole)).toHaveLength(3);
    for (const [path, text] of Object.entries(texts)) {
      for (let end = 0; end < text.length; end += 1_024) await sample.put(path, text.slice(0, end));
      await sample.put(path, '[1, 2');
      await sample.put(path, '{"state": {}, "status": [], "pid": "x", "subject": null}');
    }
    await sample.put('tasks/team/2.json', 'x'.repeat(2 * 1024 * 1024));
    await eventually(() => expect(view.record().problem?.kind).toBe('malformed'));
    expect(Object.keys(view.statuses())).toEqual(Object.keys(whole));
    await rm(join(home, 'tasks/team/2.json'));
    for (const [path, text] of Object.entries(texts)) await sample.put(path, text);
    await eventually(() => {
      expect(view.record().problem).toBeNull();
      expect(view.statuses()).toEqual(whole);
    });
  });

  it('shows the end of a timeline of any length', async () => {
    await sample.job('07ad8f70', { state: 'done', tempo: 'idle', detail: '' });
    const line = (n: number) =>
      `${JSON.stringify({ at: new Date(1_796_000_000_000 + n).toISOString(), state: 'working', detail: '', text: `part ${n}` })}\n`;
    const lines = Array.from({ length: 5_000 }, (_, n) => line(n)).join('');
    await sample.put('jobs/07ad8f70/timeline.jsonl', `${'x'.repeat(300_000)}\n${lines}`);
    await open();
    const { notes, lastLine } = view.task('07ad8f70');
    expect(notes).toHaveLength(20);
    expect(notes.at(-1)).toEqual({ at: 1_796_000_004_999, text: 'working: part 4999' });
    expect(lastLine).toBe('part 4999');
    await appendFile(join(home, 'jobs/07ad8f70/timeline.jsonl'), `${line(5_000)}{"at":"2026-`);
    await eventually(() => expect(view.task('07ad8f70').lastLine).toBe('part 5000'));
  });

  describe('asks the program', () => {
    const cancel = (id = '07ad8f70') => openedAtView().commands.cancel?.(id, commandContext());
    let source: ReturnType<typeof openedAt>;
    const openedAtView = () => source;
    const openWith = async (...more: [string?]) => {
      source = openedAt(fake, ...more);
      view = openView(source);
      await view.live();
    };

    it('for background jobs only, by their ids, of its own home', async () => {
      const elsewhere = `${home}.elsewhere`;
      await sampleHome(elsewhere).job('07ad8f70');
      await sampleHome(elsewhere).session(1_000);
      await openWith(elsewhere);
      await fake.obey();
      expect(view.task(sessionIdOf(1_000)).offers).toEqual([]);
      expect(await cancel(sessionIdOf(1_000))).toMatchObject({ kind: 'refused' });
      expect(await fake.calls()).toEqual([]);
      expect(await cancel()).toEqual({ kind: 'sent' });
      await eventually(() => expect(view.statuses()['07ad8f70']).toBe('cancelled'));
      expect(await fake.calls()).toEqual(['claude --version', 'claude stop 07ad8f70']);
    });

    it.each([
      [
        'another program',
        '#!/bin/sh\necho "claude, a colour picker 3.1"',
        /another program: its --version says claude, a colour picker 3\.1/u,
      ],
      ['one that says nothing', '#!/bin/sh\n', /says nothing/u],
      [
        'one that fails',
        '#!/bin/sh\necho "no such option" >&2; exit 64',
        /failed \(exit 64\): no such option/u,
      ],
      ['one that does not answer', '#!/bin/sh\nexec /bin/sleep 1000', /has not answered within 10 s/u],
      [
        'one that refuses',
        '#!/bin/sh\n[ "$1" = --version ] && echo "2 (Claude Code)" || { echo "Not logged in"; exit 1; }',
        /failed \(exit 1\): Not logged in/u,
      ],
    ])('and says what is wrong if it is %s', async (_what, script, message) => {
      await sample.job('07ad8f70');
      await fake.become(script);
      await openWith();
      expect(await cancel()).toMatchObject({
        kind: 'refused',
        problem: { message: expect.stringMatching(message) },
      });
    });

    it.runIf(process.platform === 'linux')(
      'for everything that it knows if its files say nothing',
      async () => {
        await mkdir(home);
        const idle = { cwd: '/p', kind: 'interactive', pid: process.pid, sessionId: 's1', status: 'idle' };
        const working = { cwd: '/p', kind: 'background', id: '07ad8f70', name: 'Parse', state: 'working' };
        await fake.edit(() => [
          idle,
          { ...working, startedAt: Date.now() - 60_000, env: { KEY: 'sk-planted' } },
        ]);
        const claude = join(fake.directory, 'claude');
        await symlink('/bin/sleep', claude);
        const running = spawn(claude, ['1000']);
        try {
          await openWith();
          expect(view.statuses()).toEqual({ s1: 'waiting', '07ad8f70': 'running' });
          expect(JSON.stringify(view.events)).not.toContain('sk-planted');
          expect(view.task('07ad8f70').offers).toEqual([{ command: 'cancel', refusal: null }]);
          expect(await fake.calls()).toEqual(['claude agents --json --all']);

          await sample.session(1_000);
          await statuses({ [sessionIdOf(1_000)]: 'running' });
          expect(await fake.calls()).toEqual(['claude agents --json --all']);
        } finally {
          running.kill();
        }
      },
    );

    it('and offers nothing if there is none', async () => {
      await sample.job('07ad8f70');
      fake.env.PATH = '/nowhere';
      await openWith();
      const refusal = 'there is no claude on PATH';
      expect(view.task('07ad8f70').offers).toEqual([{ command: 'cancel', refusal }]);
      expect(await cancel()).toMatchObject({ problem: { message: `cancel: ${refusal}` } });
    });
  });
});
