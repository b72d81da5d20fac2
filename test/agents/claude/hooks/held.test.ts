import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenForHooks } from '../../../../src/agents/claude/hooks/listen-for-hooks.ts';
import { claudeHome } from '../../../../src/agents/claude/place.ts';
import { createClaudeSource } from '../../../../src/agents/claude/source.ts';
import { systemClock } from '../../../../src/clock.ts';
import { whoAsks } from '../../../../src/io/who-asks.ts';
import { sourceId } from '../../../../src/model/id.ts';
import { createMonitor, type Monitor } from '../../../../src/monitor.ts';
import { allEntries } from '../../../../src/store/state.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { temporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { type SampleHome, sampleHome, sampleSession } from '../sample.ts';
import { PERMISSION, payload, runHook, SESSION, type StartedHook, startHeld } from './hook.ts';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let home: string;
let sample: SampleHome;
let monitor: Monitor;
let closers: (() => unknown)[];

beforeEach(async () => {
  folder = await temporaryDirectory();
  home = folder.path;
  closers = [];
  await mkdir(join(home, '.claude'));
  sample = sampleHome(join(home, '.claude'));
  const listening = await listenForHooks({ TASKGLASS_HOME: home }, () => [join(home, '.claude')]);
  closers.push(listening.close);
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  await folder[Symbol.asyncDispose]();
});

const open = (env: Record<string, string> = {}) => {
  const all = { HOME: home, TASKGLASS_HOME: home, PATH: '', ...env };
  const source = createClaudeSource({
    id: sourceId('claude'),
    home: claudeHome(all),
    clock: systemClock,
    env: all,
    cwd: home,
  });
  const opened = createMonitor({ sources: [source], clock: systemClock });
  closers.push(opened.close);
  monitor = opened;
  return opened;
};
const session = (fields: object = {}) =>
  sample.session(1_000, { ...sampleSession(1_000), sessionId: SESSION, ...fields });
const task = (from = monitor) =>
  allEntries(from.getState()).find(({ task: each }) => each.nativeId === SESSION)?.task;
const hold = async (): Promise<StartedHook> => {
  const hook = await startHeld(home, 30, () =>
    expect(task()?.offers).toContainEqual(expect.objectContaining({ command: 'answer', refusal: null })),
  );
  closers.push(() => hook.child.kill('SIGKILL'));
  return hook;
};
const send = (text: string, from = monitor) => from.send(task(from)?.id ?? ('' as never), 'answer', text);
const decisionOf = async ({ ended }: StartedHook) => {
  const { stdout } = await ended;
  return stdout === '' ? null : JSON.parse(stdout).hookSpecificOutput.decision;
};

describe('a held request for permission', () => {
  beforeEach(() => session());

  it('is a question with its choices, which is answered by number, and noted', async () => {
    open();
    const hook = await hold();
    expect(task()).toMatchObject({
      state: { status: 'needs-input', reason: 'allow Bash: touch /srv/made-it?' },
      question: {
        choices: [
          'allow',
          expect.stringContaining('files in /srv'),
          expect.stringContaining('all edits'),
          'deny',
        ],
      },
    });
    expect(await send('1')).toEqual({ kind: 'sent' });
    expect(await decisionOf(hook)).toEqual({ behavior: 'allow' });
    await eventually(() => expect(task()?.state.status).toBe('running'));
    expect(task()?.notes.at(-1)).toEqual({
      at: expect.any(Number),
      text: `${whoAsks()} answered: allow (allow Bash: touch /srv/made-it?)`,
    });
    expect(task()?.offers).toEqual([]);
  });

  it.each([
    ['yes', /not one of the choices/],
    ['5', /not one of the choices/],
    ['0', /not one of the choices/],
    ['Allow', /not one of the choices/],
    ['', /the answer is empty/],
    ['\u001b[2J\u0007', /the answer is empty/],
    ['allow\u0000\u001b[31m', null],
    ['y'.repeat(64 * 1024), /more than 16 KiB/],
    ['deny: \u001b]52;c;eA==\u0007not\u202e now', null],
  ])('is answered by a choice alone: %j', async (text, refusal) => {
    open();
    const hook = await hold();
    const result = await send(text);
    if (refusal) {
      expect(result).toMatchObject({ kind: 'refused', problem: { message: expect.stringMatching(refusal) } });
      expect(hook.child.exitCode).toBeNull();
      expect(task()?.question).toBeTruthy();
      return;
    }
    expect(result).toEqual({ kind: 'sent' });
    const decision = await decisionOf(hook);
    if (text.startsWith('deny')) expect(decision).toEqual({ behavior: 'deny', message: 'not now' });
    else expect(decision).toEqual({ behavior: 'allow' });
  });

  it('is answered once, by the first of two views', async () => {
    const other = open();
    open();
    const hook = await hold();
    await eventually(() => expect(task(other)?.question).toBeTruthy());
    const results = await Promise.all([send('allow'), send('deny', other)]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['refused', 'sent']);
    const lost = results.find(({ kind }) => kind === 'refused');
    expect(lost).toMatchObject({
      problem: { message: expect.stringMatching(/answered already|no longer open/) },
    });
    expect((await decisionOf(hook))?.behavior).toBe(results[0]?.kind === 'sent' ? 'allow' : 'deny');
  });

  it('is gone when the hook is killed, or the agent has continued', async () => {
    open();
    const hook = await hold();
    await session({ status: 'busy', statusUpdatedAt: Date.now() });
    await eventually(() => expect(task()?.offers).toEqual([]));
    expect(task()?.state.status).toBe('running');
    expect(await send('allow')).toMatchObject({
      problem: { message: expect.stringMatching(/asks nothing, or it was answered/) },
    });
    hook.child.kill('SIGTERM');
    expect(await decisionOf(hook)).toBeNull();

    await session({ status: 'waiting', waitingFor: 'permission prompt', statusUpdatedAt: Date.now() });
    const killed = await hold();
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(await send('allow')).toMatchObject({
      problem: { message: expect.stringMatching(/the question is no longer open/) },
    });
  });

  it('cannot be allowed by an agent', async () => {
    open({ CLAUDECODE: '1' });
    const hook = await hold();
    expect(await send('allow')).toMatchObject({
      problem: { message: expect.stringMatching(/only a person may grant/) },
    });
    expect(hook.child.exitCode).toBeNull();
  });
});

describe('what the hooks of a session record', () => {
  it('says what is asked when the file only says that it waits', async () => {
    await session({ status: 'waiting', waitingFor: 'permission prompt' });
    open();
    await runHook(home, PERMISSION);
    await eventually(() => expect(task()?.question?.text).toBe('allow Bash: touch /srv/made-it?'));
    expect(task()?.offers).toMatchObject([{ command: 'answer', refusal: expect.any(String) }]);
  });

  it.each([
    ['with a question', true],
    ['of which only what it waits for is known', false],
  ])('cannot be answered from here where no hook holds it, %s: and why is said', async (_, isTold) => {
    await session({ status: 'waiting', waitingFor: 'permission prompt' });
    open();
    if (isTold) await runHook(home, PERMISSION);
    await eventually(() => {
      expect(task()?.state.status).toBe('needs-input');
      expect(task()?.question?.text).toBe(isTold ? 'allow Bash: touch /srv/made-it?' : 'permission prompt');
    });
    expect(await send('allow')).toMatchObject({
      kind: 'refused',
      problem: {
        message: expect.stringMatching(/^answer: no hook holds it: answer it in Claude Code itself/u),
      },
    });
  });

  it('makes steps of tasks and background work', async () => {
    await session({ status: 'idle' });
    open();
    await runHook(home, payload('TaskCreated', { task_id: '1', task_subject: 'Parse' }));
    await runHook(home, payload('TaskCreated', { task_id: '2', task_subject: 'Print' }));
    await runHook(home, payload('TaskCompleted', { task_id: '1', task_subject: 'Parse' }));
    const running = [
      { id: 'b1', type: 'shell', status: 'running', description: 'npm test', command: 'npm test' },
    ];
    await runHook(
      home,
      payload('Stop', { background_tasks: running, last_assistant_message: 'I wait for the tests.' }),
    );
    await eventually(() =>
      expect(task()?.steps.map(({ name, status }) => [name, status])).toEqual([
        ['Parse', 'completed'],
        ['Print', 'pending'],
        ['npm test', 'running'],
      ]),
    );
    expect(task()).toMatchObject({
      state: { status: 'running', reason: 'in the background: npm test' },
      lastLine: 'I wait for the tests.',
    });
    await runHook(home, payload('Stop', { background_tasks: [] }));
    await eventually(() => expect(task()?.state.status).toBe('waiting'));
  });

  it('is a row of its own for a Claude Code that keeps no files of its sessions', async () => {
    open();
    await runHook(home, payload('SessionStart', { source: 'startup' }));
    await eventually(() =>
      expect(task()).toMatchObject({ name: 'parser', state: { status: 'waiting', reason: 'idle' } }),
    );
    await runHook(home, payload('UserPromptSubmit', { prompt: 'x' }));
    await eventually(() => expect(task()?.state.status).toBe('running'));
    await runHook(
      home,
      payload('Notification', {
        notification_type: 'permission_prompt',
        message: 'Claude needs your permission',
      }),
    );
    await eventually(() =>
      expect(task()?.state).toMatchObject({ status: 'needs-input', reason: 'Claude needs your permission' }),
    );
    await runHook(home, payload('StopFailure', { error: 'rate_limit', error_details: 'Try again later' }));
    await eventually(() =>
      expect(task()?.state).toMatchObject({ status: 'needs-input', reason: 'Try again later' }),
    );
    await runHook(home, payload('OfTomorrow', { anything: [1] }));
    await runHook(home, payload('SessionEnd', { reason: 'logout' }));
    await eventually(() => expect(task()).toBeUndefined());
  });

  it('leaves out sessions whose files are elsewhere', async () => {
    open();
    await eventually(() => expect(monitor.getState().sources.get(sourceId('claude'))?.status).toBe('live'));
    await runHook(home, { ...payload('SessionStart'), session_id: 'mine' });
    const elsewhere = { env: { CLAUDE_CONFIG_DIR: folder.file('other') } };
    await runHook(home, { ...payload('SessionStart'), session_id: 'other' }, elsewhere);
    await eventually(() =>
      expect(allEntries(monitor.getState()).map(({ task: { nativeId } }) => nativeId)).toEqual(['mine']),
    );
  });
});
