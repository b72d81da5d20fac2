import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerHeld } from '../../../../src/agents/claude/hooks/answer-held.ts';
import { listenForHooks } from '../../../../src/agents/claude/hooks/listen-for-hooks.ts';
import { systemClock } from '../../../../src/clock.ts';
import { listen } from '../../../../src/io/listen.ts';
import { temporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { journalOf, PERMISSION, payload, runHook, SESSION, type StartedHook, startHeld } from './hook.ts';

const SILENT = { code: 0, stdout: '', stderr: '' };
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let home: string;
let run: string;
let closers: (() => unknown)[];
beforeEach(async () => {
  folder = await temporaryDirectory();
  home = folder.path;
  run = folder.file('run');
  mkdirSync(run, { mode: 0o700 });
  closers = [];
});
afterEach(async () => {
  for (const close of closers) await close();
  await folder[Symbol.asyncDispose]();
});

describe('the hook program', () => {
  it('records what has happened, and nothing that may be secret', async () => {
    const write = { tool_name: 'Write', tool_input: { file_path: '/srv/.env', content: 'KEY=s3cret' } };
    expect(await runHook(home, payload('UserPromptSubmit', { prompt: 's3cret' }))).toEqual(SILENT);
    expect(await runHook(home, payload('PermissionRequest', write))).toEqual(SILENT);
    const [asked, request] = journalOf(home);
    expect(asked).toMatchObject({ event: 'UserPromptSubmit', session: SESSION, cwd: '/home/ada/parser' });
    expect(asked?.home).toBe(join(home, '.claude'));
    expect(request).toMatchObject({ tool: 'Write', about: '/srv/.env', choices: ['allow', 'deny'] });
    expect(JSON.stringify([asked, request])).not.toContain('s3cret');
    expect(statSync(join(run, 'claude')).mode & 0o777).toBe(0o700);
    expect(statSync(join(run, 'claude', `${SESSION}.ndjson`)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"session_id":'],
    ['a list', []],
    ['null', 'null'],
    ['no session', { hook_event_name: 'Stop' }],
    ['a session that is a path', payload('Stop', { session_id: '../../x' })],
    ['a session of another type', payload('Stop', { session_id: 7 })],
    ['no event', payload('', {})],
  ])('notes nothing of a payload that is %s', async (_name, raw) => {
    expect(await runHook(home, raw)).toEqual(SILENT);
    expect(existsSync(join(run, 'claude'))).toBe(false);
  });

  const odd: readonly unknown[] = [null, 7, 'text', [], {}, [null], { toString: '' }, 'x'.repeat(100_000)];
  it('accepts fields of any other type, as other versions may have them', { timeout: 60_000 }, async () => {
    const names = [
      'tool_name',
      'tool_input',
      'permission_suggestions',
      'background_tasks',
      'task_id',
      'message',
      'cwd',
    ];
    for (const value of odd) {
      const fields = Object.fromEntries(names.map((name) => [name, value]));
      expect(await runHook(home, payload('PermissionRequest', { ...fields, new_field: value }))).toEqual(
        SILENT,
      );
      expect(await runHook(home, payload('OfTomorrow', { tool_input: { questions: value } }))).toEqual(
        SILENT,
      );
    }
    expect(journalOf(home)).toHaveLength(2 * odd.length);
    expect(JSON.stringify(journalOf(home)).length).toBeLessThan(50_000);
  });

  it('leaves no trace if there is no taskglass, or if others could look', async () => {
    chmodSync(run, 0o755);
    expect(await runHook(home, payload('Stop'))).toEqual(SILENT);
    expect(readdirSync(run)).toEqual([]);
    expect(await runHook(folder.file('nowhere'), payload('Stop'))).toEqual(SILENT);
    expect(existsSync(folder.file('nowhere'))).toBe(false);
  });

  it('ends as usual on a full disk, or where it cannot write', async () => {
    mkdirSync(join(run, 'claude'), { mode: 0o700 });
    symlinkSync('/dev/full', join(run, 'claude', `${SESSION}.ndjson`));
    expect(await runHook(home, payload('Stop'))).toEqual(SILENT);
    mkdirSync(join(run, 'claude', 'other.ndjson'));
    expect(await runHook(home, payload('Stop', { session_id: 'other' }))).toEqual(SILENT);
  });

  it('does not wait for a payload that never ends', async () => {
    expect(await runHook(home, '{"session_id":', { endsInput: false })).toEqual(SILENT);
  });

  it('keeps the end of a long journal, and nothing of a session that has ended unseen', async () => {
    mkdirSync(join(run, 'claude'), { mode: 0o700 });
    const file = join(run, 'claude', `${SESSION}.ndjson`);
    writeFileSync(file, `{"event":"Old"}\n`.repeat(20_000));
    await runHook(home, payload('Stop'));
    expect(statSync(file).size).toBeLessThan(70_000);
    expect(journalOf(home).at(-1)).toMatchObject({ event: 'Stop' });
    await runHook(home, payload('SessionEnd', { reason: 'other' }));
    expect(existsSync(file)).toBe(false);
  });
});

describe('a held request for permission', () => {
  const open = async () => {
    const listening = await listenForHooks({ TASKGLASS_HOME: home }, () => [join(home, '.claude')]);
    closers.push(listening.close);
    return listening;
  };
  const hold = async (holdS = 30): Promise<StartedHook & { socket: string }> => {
    const isHeld = () => expect(journalOf(home).at(-1)).toMatchObject({ held: expect.any(String) });
    const hook = await startHeld(home, holdS, isHeld);
    closers.push(() => hook.child.kill('SIGKILL'));
    const heldIn = () => readdirSync(run).find((name) => name.startsWith('claude-held-'));
    return { ...hook, socket: join(run, heldIn() ?? '') };
  };
  const answer = (socket: string, choice: string, message: string | null = null, by = 'ada@host') =>
    answerHeld(socket, { choice, message, by }, systemClock);
  const decisionIn = (stdout: string) => JSON.parse(stdout).hookSpecificOutput;

  it.each([
    ['allow', null, { behavior: 'allow' }],
    ['deny', null, { behavior: 'deny', message: 'Denied in taskglass.' }],
    ['deny', 'not today', { behavior: 'deny', message: 'not today' }],
    ['allow', 'not today', { behavior: 'allow' }],
    [
      'allow, and always in this session: files in /srv',
      null,
      {
        behavior: 'allow',
        updatedPermissions: [{ type: 'addDirectories', directories: ['/srv'], destination: 'session' }],
      },
    ],
  ])('is decided by the first answer: %s %s', async (choice, message, decision) => {
    await open();
    const { ended, socket } = await hold();
    expect(await answer(socket, choice, message)).toEqual({ kind: 'taken' });
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(decisionIn(stdout)).toEqual({ hookEventName: 'PermissionRequest', decision });
    expect(journalOf(home).at(-1)).toMatchObject({ event: 'Released', by: 'ada@host' });
    expect(existsSync(socket)).toBe(false);
    expect(await answer(socket, 'deny')).toEqual({ kind: 'gone' });
  });

  it('offers no choice that it cannot express, or that would never ask again', async () => {
    await open();
    await hold();
    expect(journalOf(home).at(-1)?.choices).toEqual([
      'allow',
      'allow, and always in this session: files in /srv',
      'allow, and always in this session: all edits',
      'deny',
    ]);
  });

  it('accepts one of two answers that arrive together, and tells the other so', async () => {
    await open();
    const { ended, socket } = await hold();
    const outcomes = await Promise.all([
      answer(socket, 'allow', null, 'ada'),
      answer(socket, 'deny', null, 'bob'),
    ]);
    expect(outcomes.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
    const { stdout } = await ended;
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const winner = outcomes[0]?.kind === 'taken' ? 'allow' : 'deny';
    expect(decisionIn(stdout).decision.behavior).toBe(winner);
  });

  it.each(['yes', '', 'allow ', 'ALLOW', '1', 'allow, and always in this session: all commands'])(
    'is never allowed by what is none of its choices: %j',
    async (choice) => {
      await open();
      const { ended, socket, child } = await hold();
      expect(await answer(socket, choice)).toEqual({ kind: 'gone' });
      expect(child.exitCode).toBeNull();
      child.kill('SIGTERM');
      expect(await ended).toEqual(SILENT);
    },
  );

  it('is left to the agent when its time is up', async () => {
    await open();
    const { ended, socket } = await hold(1);
    expect(await ended).toEqual(SILENT);
    expect(existsSync(socket)).toBe(false);
    expect(journalOf(home).at(-1)).toMatchObject({ event: 'Released' });
    expect(journalOf(home).at(-1)).not.toHaveProperty('answer');
  });

  it('is left to the agent when the last taskglass closes', async () => {
    const listening = await open();
    const { ended } = await hold();
    await listening.close();
    expect(await ended).toEqual(SILENT);
  });

  it.each<[string, (path: string) => Promise<Server | null>]>([
    ['nobody', async () => null],
    [
      'one that was killed',
      async (path) => {
        writeFileSync(path, '');
        return null;
      },
    ],
    [
      'one that shows other agents',
      async () => {
        const other = await listenForHooks({ TASKGLASS_HOME: home }, () => ['/other/.claude']);
        closers.push(other.close);
        return null;
      },
    ],
    [
      'one that accepts and says nothing',
      async (path) => {
        const server = createServer();
        await listen(server, { path });
        return server;
      },
    ],
  ])('is not held for %s', async (_name, make) => {
    const server = await make(join(run, 'claude-answers-1.sock'));
    if (server) closers.push(() => server.close());
    expect(await runHook(home, PERMISSION, { holdS: 30 })).toEqual(SILENT);
    expect(journalOf(home).at(-1)).not.toHaveProperty('held');
  });

  it.each([['AskUserQuestion'], ['ExitPlanMode']])(
    'is not held for what asks for more than a yes: %s',
    async (tool) => {
      await open();
      const questions = [{ question: 'Which one?', options: [{ label: 'A' }, { label: 'B' }] }];
      const request = { ...PERMISSION, tool_name: tool, tool_input: { questions } };
      expect(await runHook(home, request, { holdS: 30 })).toEqual(SILENT);
      if (tool === 'AskUserQuestion')
        expect(journalOf(home).at(-1)).toMatchObject({ about: 'Which one?', choices: ['A', 'B'] });
    },
  );
});
