import { mkdir, open, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import * as zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { openCodex } from '../../../src/sources/codex/open.ts';
import { changedRecently } from '../../../src/sources/codex/place.ts';
import { createCodexSource } from '../../../src/sources/codex/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, openView, type View, type WorldStatus } from '../source-contract.ts';
import {
  append,
  asked,
  event,
  meta,
  plan,
  rolloutLine,
  sessionIdOf,
  writeRollout,
} from './rollout-writer.ts';

/** What `codex exec` appends as its one turn goes on. */
const NEWS: Record<WorldStatus, string> = {
  queued: '',
  running: event('task_started', { turn_id: 't1' }),
  completed: event('task_complete', { turn_id: 't1', last_agent_message: 'Done.' }),
  failed: event('turn_aborted', { turn_id: 't1', reason: 'interrupted' }),
};

describeSourceContract('the codex source', async () => {
  const directory = await temporaryDirectory();
  const home = directory.file('.codex');
  await mkdir(`${home}/sessions`, { recursive: true });
  const paths = new Map<string, string>();
  return {
    source: createCodexSource({ id: sourceId('codex'), home, clock: hurriedClock }),
    failedIs: 'cancelled',
    async add({ name, status }) {
      const id = sessionIdOf(paths.size + 1);
      const head = meta(id, { originator: 'codex_exec', source: 'exec' });
      await writeFile(
        `${home}/session_index.jsonl`,
        `${JSON.stringify({ id, thread_name: name, updated_at: new Date().toISOString() })}\n`,
        { flag: 'a' },
      );
      paths.set(id, await writeRollout(home, id, head + NEWS[status]));
      return id;
    },
    change: (nativeId, status) => append(paths.get(nativeId) as string, NEWS[status]),
    remove: (nativeId) => rm(paths.get(nativeId) as string),
    breakDown: () => rename(`${home}/sessions`, `${home}/away`),
    mend: () => rename(`${home}/away`, `${home}/sessions`),
    close: async () => directory[Symbol.asyncDispose](),
  };
});

describe('codex:', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let home: string;
  let view: View;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    home = directory.file('.codex');
  });
  afterEach(async () => {
    await view?.close();
    await directory[Symbol.asyncDispose]();
  });
  const look = (clock = hurriedClock) => {
    view = openView(createCodexSource({ id: sourceId('codex'), home, clock }));
    return view.live();
  };
  const ID = sessionIdOf(1);

  it('shows how a session continues: its plan, its question, the end of its turn', async () => {
    const path = await writeRollout(home, ID, meta(ID));
    await look();
    expect(view.statuses()).toEqual({ [ID]: 'queued' });

    await append(
      path,
      event('task_started', { turn_id: 't1', started_at: 1_790_845_201 }) + asked('Sort it'),
    );
    await append(
      path,
      plan([
        { step: 'Read', status: 'in_progress' },
        { step: 'Write', status: 'pending' },
      ]),
    );
    await eventually(() =>
      expect(view.task(ID).steps.map(({ status }) => status)).toEqual(['running', 'pending']),
    );
    expect(view.task(ID)).toMatchObject({
      name: 'Sort it',
      cwd: '/home/user/project',
      startedAt: 1_790_845_201_000,
      state: { status: 'running' },
      mayBeQuiet: true,
      offers: [],
    });

    const question = { question: 'Which way?', options: [{ label: 'Left' }, { label: 'Right' }] };
    const call = { type: 'function_call', name: 'request_user_input', call_id: 'q1' };
    await append(
      path,
      rolloutLine('response_item', { ...call, arguments: JSON.stringify({ questions: [question] }) }),
    );
    await eventually(() => expect(view.statuses()).toEqual({ [ID]: 'needs-input' }));
    expect(view.task(ID).question).toMatchObject({ text: 'Which way?', choices: ['Left', 'Right'] });
    await append(
      path,
      rolloutLine('response_item', { type: 'function_call_output', call_id: 'q1', output: '{}' }),
    );
    await eventually(() => expect(view.statuses()).toEqual({ [ID]: 'running' }));

    await append(
      path,
      plan([
        { step: 'Read', status: 'completed' },
        { step: 'Write', status: 'in_progress' },
      ]),
    );
    await append(
      path,
      event('task_complete', { turn_id: 't1', last_agent_message: '\nSorted.\nAll of it.' }),
    );
    await eventually(() => expect(view.statuses()).toEqual({ [ID]: 'waiting' }));
    const { steps, state, lastLine } = view.task(ID);
    expect(state).toEqual({ status: 'waiting', reason: 'Sorted.' });
    expect(lastLine).toBe('Sorted.');
    const [first, second] = steps;
    expect(first?.endedAt).toBe(second?.startedAt);
    expect(first?.startedAt).not.toBeNull();
  });

  it('shows what changed in the last day, even in sessions that began long ago', async () => {
    const before = new Date(Date.now() - 40 * 86_400_000);
    await writeRollout(home, sessionIdOf(1), meta(sessionIdOf(1)), before);
    const old = await writeRollout(home, sessionIdOf(2), meta(sessionIdOf(2)), before);
    await utimes(old, before, before);
    await look();
    expect(Object.keys(view.statuses())).toEqual([sessionIdOf(1)]);
    expect(await changedRecently({ CODEX_HOME: home }, Date.now())).toBe(true);
    expect(await changedRecently({ CODEX_HOME: home }, Date.now() + 2 * 86_400_000)).toBe(false);
    expect(await changedRecently({ CODEX_HOME: directory.file('none') }, Date.now())).toBe(false);
  });

  it('finds a session of a new day, and follows one that is replaced or cut', async () => {
    await mkdir(`${home}/sessions`, { recursive: true });
    await look();
    const tomorrow = new Date(Date.now() + 86_400_000);
    const path = await writeRollout(home, ID, meta(ID) + NEWS.running, tomorrow);
    await eventually(() => expect(view.statuses()).toEqual({ [ID]: 'running' }));
    await truncate(path, meta(ID).length);
    await eventually(() => expect(view.statuses()).toEqual({ [ID]: 'queued' }));
    await writeFile(`${path}.new`, meta(ID) + NEWS.running + NEWS.completed);
    await rename(`${path}.new`, path);
    await eventually(() => expect(view.statuses()).toEqual({ [ID]: 'waiting' }));
  });

  it('reads only the ends of a rollout of many GB, and what is appended', async () => {
    const started = event('task_started', { turn_id: 't2' });
    const path = await writeRollout(home, ID, meta(ID, { originator: 'codex_exec' }) + asked('Draw it'));
    // An image without an end: a hole takes no room on the disk.
    await truncate(path, 20 * 1024 ** 3);
    await append(path, `\n${started}`);
    await look();
    expect(view.task(ID)).toMatchObject({ name: 'Draw it', state: { status: 'running' } });

    const readBefore = await bytesRead();
    for (let line = 0; line < 20; line += 1) await append(path, event('token_count', { info: line }));
    await append(path, event('task_complete', { turn_id: 't2', last_agent_message: 'Drawn.' }));
    await eventually(() => expect(view.statuses()).toEqual({ [ID]: 'completed' }));
    const read = (await bytesRead()) - readBefore;
    if (!Number.isNaN(read)) expect(read).toBeLessThan(8 * 1024 ** 2);
    expect((await stat(path)).size).toBeGreaterThan(20 * 1024 ** 3);
  });

  it('skips lines of any length', async () => {
    const path = await writeRollout(home, ID, meta(ID) + asked('Draw it'));
    const file = await open(path, 'a');
    await file.write(event('task_started', { turn_id: 't1' }));
    await file.write(`{"type":"response_item","payload":{"image":"`);
    for (let piece = 0; piece < 12; piece += 1) await file.write('A'.repeat(1024 ** 2));
    await file.write(`"}}\n`);
    await file.close();
    await look();
    // The beginning of its turn lies behind so much else that only its growth tells.
    expect(view.statuses()).toEqual({ [ID]: 'running' });
    await append(path, `{"x":"${'B'.repeat(3 * 1024 ** 2)}`);
    await append(path, `"}\n${event('turn_aborted', { turn_id: 't1', reason: 'interrupted' })}`);
    await eventually(() => expect(view.statuses()).toEqual({ [ID]: 'cancelled' }));
  });

  it('does not take a turn for lost, but says if nobody works on it', async () => {
    const clock = createFakeClock(Date.now());
    await writeRollout(home, sessionIdOf(1), meta(sessionIdOf(1)) + NEWS.running);
    // Codex 0.40 tells neither the beginning nor the end of a turn.
    await writeRollout(
      home,
      sessionIdOf(2),
      meta(sessionIdOf(2), { cli_version: '0.40.0' }) + asked('Sort it'),
    );
    await look(clock);
    expect(Object.values(view.statuses())).toEqual(['running', 'running']);
    await eventually(() => {
      clock.advance(60_000);
      expect(view.task(sessionIdOf(2)).state).toMatchObject({ status: 'waiting' });
    });
    if (process.platform !== 'linux') return;
    await eventually(() => {
      clock.advance(60_000);
      expect(view.task(sessionIdOf(1)).state).toEqual({ status: 'waiting', reason: 'its codex is gone' });
    });
  });

  it.skipIf(!('zstdCompressSync' in zlib))(
    'reads a packed rollout, unless the plain one is there',
    async () => {
      const path = await writeRollout(home, ID, meta(ID) + NEWS.running);
      const packed = zlib.zstdCompressSync(Buffer.from(meta(ID) + NEWS.running + NEWS.completed));
      await writeFile(`${path}.zst`, packed);
      await look();
      expect(view.statuses()).toEqual({ [ID]: 'running' });
      await rm(path);
      await eventually(() => expect(view.statuses()).toEqual({ [ID]: 'waiting' }));
      await writeFile(`${path}.zst`, packed.subarray(0, packed.length / 2));
      await eventually(() => expect(view.record().problem?.severity).toBe('degraded'));
      expect(view.statuses()).toEqual({ [ID]: 'waiting' });
    },
  );

  it('reads the directory that is named, wherever ~ is', async () => {
    await writeRollout(home, ID, meta(ID));
    for (const place of ['~/.codex', '.codex', home, '']) {
      const env = { HOME: directory.path, CODEX_HOME: home };
      const options = { id: sourceId('codex'), place, env, cwd: directory.path, clock: hurriedClock };
      expect(openCodex(options).location).toBe(home);
    }
  });
});

/** What this process has read of files so far; NaN if the system does not tell. */
async function bytesRead(): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const io = await readFile('/proc/self/io', 'utf8').catch(() => '');
  return Number(/^rchar: (\d+)$/mu.exec(io)?.[1] ?? Number.NaN);
}
