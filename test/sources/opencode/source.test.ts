import { rename, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { changedRecently, databaseOf } from '../../../src/sources/opencode/place.ts';
import { createOpencodeSource } from '../../../src/sources/opencode/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hostileText, UNSAFE } from '../../helpers/hostile-text.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, openView, type View, type WorldStatus } from '../source-contract.ts';
import { openOpencodeDatabase } from './opencode-database.ts';

const sourceOf = (place: string, clock = hurriedClock) =>
  createOpencodeSource({ id: sourceId('opencode'), place, clock, env: {}, cwd: '/' });

describeSourceContract('the opencode source', async () => {
  const directory = await temporaryDirectory();
  const path = directory.file('opencode.db');
  const opencode = openOpencodeDatabase(path);
  const say = (id: string, status: WorldStatus) => {
    if (status === 'queued') return;
    const ended = status === 'running' ? {} : { finish: 'stop', time: { created: 1, completed: Date.now() } };
    const error = status === 'failed' ? { error: { name: 'APIError', data: { message: 'No.' } } } : {};
    if (status === 'completed') opencode.setTodos(id, [['Sort', 'completed']]);
    opencode.addMessage(id, { role: 'assistant', ...ended, ...error });
  };
  const files = [path, `${path}-wal`, `${path}-shm`];
  return {
    source: sourceOf(directory.path),
    async add({ name, status }) {
      const id = opencode.addSession(name);
      say(id, status);
      return id;
    },
    change: async (nativeId, status) => say(nativeId, status),
    remove: async (nativeId) => opencode.remove(nativeId),
    async breakDown() {
      for (const file of files) await rename(file, `${file}.away`);
    },
    async mend() {
      for (const file of files) await rename(`${file}.away`, file);
    },
    async close() {
      opencode.close();
      await directory[Symbol.asyncDispose]();
    },
  };
});

describe('opencode:', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let opencode: ReturnType<typeof openOpencodeDatabase>;
  let view: View;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    opencode = openOpencodeDatabase(directory.file('opencode.db'));
  });
  afterEach(async () => {
    await view?.close();
    opencode.close();
    await directory[Symbol.asyncDispose]();
  });
  const look = (clock = hurriedClock) => {
    view = openView(sourceOf(directory.path, clock));
    return view.live();
  };

  it('shows how a session continues: its todos, its question, its subagents, its end', async () => {
    const id = opencode.addSession('Sort the shelves');
    await look();
    const asked = opencode.addMessage(id, { role: 'user' }, 1_790_845_201_000);
    opencode.addPart(id, asked, { type: 'text', text: 'Sort them' });
    await eventually(() => expect(view.statuses()).toEqual({ [id]: 'running' }));
    expect(view.task(id).lastLine).toBeUndefined();

    const answer = opencode.addMessage(id, {
      role: 'assistant',
      parentID: asked,
      modelID: 'm',
      agent: 'build',
    });
    opencode.setTodos(id, [
      ['Read', 'in_progress'],
      ['Old', 'cancelled'],
      ['Write', 'pending'],
    ]);
    const child = opencode.addSession('Look around (@general subagent)', { parent: id });
    opencode.addMessage(child, { role: 'assistant' });
    await eventually(() => expect(view.task(id).sessions).toHaveLength(1));
    expect(view.task(id)).toMatchObject({
      name: 'Sort the shelves',
      cwd: '/home/user/project',
      startedAt: 1_790_845_201_000,
      sessions: [{ id: child, status: 'working', meaning: 'running' }],
      labels: { agent: 'build', model: 'm', version: '1.18.33' },
      steps: [{ status: 'running' }, { status: 'skipped' }, { status: 'pending' }],
      mayBeQuiet: true,
      offers: [],
    });
    expect(Object.keys(view.statuses())).toEqual([id]);

    const questions = [{ question: 'Which way?', options: [{ label: 'Left' }, { label: 'Right' }] }];
    opencode.addPart(id, answer, {
      type: 'tool',
      tool: 'question',
      state: { status: 'running', input: { questions } },
    });
    await eventually(() => expect(view.statuses()).toEqual({ [id]: 'needs-input' }));
    expect(view.task(id).question).toMatchObject({ text: 'Which way?', choices: ['Left', 'Right'] });

    const last = opencode.addMessage(id, {
      role: 'assistant',
      finish: 'stop',
      time: { created: 1, completed: 2 },
    });
    opencode.addPart(id, last, { type: 'text', text: 'Sorted.\nAll of them.' });
    await eventually(() => expect(view.task(id).state).toEqual({ status: 'waiting', reason: 'Sorted.' }));
    opencode.setTodos(id, [
      ['Read', 'completed'],
      ['Old', 'cancelled'],
      ['Write', 'completed'],
    ]);
    await eventually(() => expect(view.statuses()).toEqual({ [id]: 'completed' }));
    expect(view.task(id).review).toBe(true);
    expect(JSON.stringify(view.task(id))).not.toContain('secret');
  });

  it.each([
    { error: { name: 'MessageAbortedError' }, state: { status: 'cancelled' } },
    {
      error: { name: 'APIError', data: { message: 'Overloaded', responseHeaders: { cookie: 'secret' } } },
      state: { status: 'failed', error: 'Overloaded' },
    },
    { error: { name: 'UnknownError' }, state: { status: 'failed', error: 'UnknownError' } },
  ])('tells of the error $error.name', async ({ error, state }) => {
    const id = opencode.addSession('Sort');
    opencode.addMessage(id, { role: 'assistant', error });
    await look();
    expect(view.task(id).state).toMatchObject(state);
    expect(JSON.stringify(view.task(id))).not.toContain('secret');
  });

  it('shows what changed in the last day, and says if nobody works on it', async () => {
    const now = Date.now();
    const old = opencode.addSession('Old', { at: now - 3 * 86_400_000 });
    const resumed = opencode.addSession('Old, and at it', { at: now - 3 * 86_400_000 });
    opencode.addMessage(old, { role: 'assistant' }, now - 2 * 86_400_000);
    opencode.addMessage(resumed, { role: 'assistant' }, now);
    const clock = createFakeClock(now);
    await look(clock);
    expect(view.statuses()).toEqual({ [resumed]: 'running' });
    expect(await changedRecently({ XDG_DATA_HOME: '/nowhere' }, now)).toBe(false);
    expect(await changedRecently({ OPENCODE_DB: directory.file('opencode.db') }, now)).toBe(true);
    expect(await changedRecently({ OPENCODE_DB: directory.file('opencode.db') }, now + 2 * 86_400_000)).toBe(
      false,
    );
    if (process.platform !== 'linux') return;
    await eventually(() => {
      clock.advance(60_000);
      expect(view.task(resumed).state).toEqual({ status: 'waiting', reason: 'its opencode is gone' });
    });
  });

  it('reads anything in its tables without a crash, and makes it safe to show', async () => {
    const value = fc.oneof(hostileText, fc.jsonValue(), fc.constant('{"role":'));
    const data = fc.oneof(
      hostileText,
      fc.record({
        role: fc.oneof(value, fc.constant('assistant')),
        time: value,
        error: value,
        type: value,
        text: value,
        tool: value,
        state: value,
      }),
    );
    const samples = fc.sample(fc.tuple(hostileText, data, data, hostileText, hostileText), {
      numRuns: 150,
      seed: 7,
    });
    for (const [index, [title, message, part, todo, status]] of samples.entries()) {
      const id = opencode.addSession(title, { id: `ses_${index}`, directory: title });
      const json = typeof message === 'string' ? message : JSON.stringify(message);
      opencode.addPart(id, opencode.addMessage(id, json), part as never);
      opencode.setTodos(id, [[todo, status]]);
    }
    opencode.database.exec("UPDATE message SET time_updated = 'soon' WHERE rowid % 3 = 0");
    opencode.database.exec(
      "UPDATE session SET title = x'00ff', version = 9223372036854775807 WHERE rowid % 5 = 0",
    );
    await look();
    expect(Object.keys(view.statuses())).toHaveLength(150);
    for (const id of Object.keys(view.statuses())) {
      const { name, lastLine, cwd, steps, labels } = view.task(id);
      for (const text of [name, lastLine, cwd, steps[0]?.name, ...Object.values(labels)])
        expect((text ?? '').replaceAll(/\u200c|\u200d/gu, '')).not.toMatch(UNSAFE);
    }
  });

  it('reads neither a view nor another program’s database', async () => {
    opencode.database.exec('DROP TABLE todo; CREATE VIEW todo AS SELECT 1 AS session_id');
    view = openView(sourceOf(directory.path));
    await eventually(() =>
      expect(view.record().problem).toMatchObject({ kind: 'malformed', severity: 'down' }),
    );
    opencode.database.exec('DROP VIEW todo; DROP TABLE message');
    await eventually(() => expect(view.record().problem?.message).toMatch(/no sessions with messages$/u));
    await view.close();
    await writeFile(directory.file('text.db'), 'no database');
    view = openView(sourceOf(directory.file('text.db')));
    await eventually(() => expect(view.record().problem?.severity).toBe('down'));
  });

  it('is read where it is, wherever ~ is', () => {
    const of = (place: string, env = {}) => databaseOf(place, { HOME: '/home/me', ...env }, '/srv');
    expect(of('')).toBe('/home/me/.local/share/opencode/opencode.db');
    expect(of('', { XDG_DATA_HOME: '/data' })).toBe('/data/opencode/opencode.db');
    expect(of('', { OPENCODE_DB: 'other.db' })).toBe('/home/me/.local/share/opencode/other.db');
    expect(of('~/oc')).toBe('/home/me/oc/opencode.db');
    expect(of('my.db')).toBe('/srv/my.db');
  });
});
