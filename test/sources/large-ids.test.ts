import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceId } from '../../src/model/id.ts';
import { decodeCommandFile } from '../../src/publish/dashboard-state/command-file.ts';
import { applyAguiEvent, readAguiEvent } from '../../src/sources/agui/format.ts';
import { decodeDashboardState } from '../../src/sources/dashboard-state/format.ts';
import type { Source } from '../../src/sources/kit/source.ts';
import { createFileSource } from '../../src/sources/open/file-source.ts';
import { createStdinSource } from '../../src/sources/open/stdin.ts';
import { createMaestroDirectorySource } from '../../src/sources/sessions/maestro-directory.ts';
import { eventually } from '../helpers/eventually.ts';
import { hurriedClock } from '../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { commandContext, openView } from './source-contract.ts';

/** Two ids that are the same to whoever reads numbers as JavaScript does. */
const [A, B] = ['1152921504606846976', '1152921504606846977'];
const state = (status: string) =>
  `{"activeTasks":[{"taskId":${A},"status":"${status}"},{"taskId":${B},"status":"${status}"}]}`;
const breakdown = `{"total_tasks": 2, "tasks": [\n  {"id": ${A}, "description": "a"},\n  {"id": ${B}, "description": "b", "dependencies": [${A}]}\n]}\n`;
const board = `[{"id": ${A}, "title": "a", "status": "todo"},\n {"id": ${B}, "title": "b", "status": "todo"}]\n`;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

async function fileSource(name: string, text: string): Promise<{ source: Source; path: string }> {
  const path = directory.file(name);
  await writeFile(path, text);
  return { source: await createFileSource({ id: sourceId('f'), path, clock: hurriedClock }), path };
}

async function statusesOf(source: Source): Promise<Record<string, string>> {
  const view = openView(source);
  await eventually(() => expect(view.record().tasks.size).toBe(2));
  const statuses = view.statuses();
  expect(view.record().problem).toBeNull();
  await view.close();
  return statuses;
}

describe('ids beyond 2^53 are kept to the digit', () => {
  it.each(['state.json', 'state.ndjson'])(
    'in %s, and in the command that goes to its emitter',
    async (name) => {
      const { source, path } = await fileSource(name, state('running'));
      const view = openView(source);
      await view.live();
      expect(view.statuses()).toEqual({ [A]: 'running', [B]: 'running' });
      const asked = source.commands.cancel?.(B, commandContext());
      const commands = `${path}.commands`;
      const [command = ''] = await eventually(async () => {
        const names = (await readdir(commands)).filter((each) => /^\d/u.test(each));
        expect(names).toHaveLength(1);
        return names;
      });
      expect(JSON.parse(await readFile(`${commands}/${command}`, 'utf8')).taskId).toBe(B);
      expect(await asked).toMatchObject({ kind: 'refused' }); // nobody listens
      await view.close();
    },
  );

  it('in a command file, where its sender writes the id as a number', () => {
    expect(decodeCommandFile(`{"command":"cancel","taskId":${B}}`, 1)?.taskId).toBe(B);
    expect(decodeCommandFile('{"command":"cancel","taskId":7}', 1)?.taskId).toBe('7');
  });

  it('on standard input', async () => {
    const input = Readable.from([`${state('running')}\n`]);
    const source = createStdinSource({ id: sourceId('-'), input, clock: hurriedClock });
    expect(await statusesOf(source)).toEqual({ [A]: 'running', [B]: 'running' });
  });

  it('in a breakdown, its dependencies, and what is changed in it', async () => {
    const { source, path } = await fileSource('task-breakdown.json', breakdown);
    expect(await statusesOf(source)).toEqual({ [A]: 'queued', [B]: 'waiting' });
    expect(await source.commands.cancel?.(B, commandContext())).toEqual({ kind: 'sent' });
    const written = await readFile(path, 'utf8');
    expect(written.startsWith(breakdown.slice(0, breakdown.indexOf(`[${A}]`) + A.length + 2))).toBe(true);
    expect(written.match(/"status": "failed"/gu)).toHaveLength(1);
  });

  it('in a board, and what is changed in it', async () => {
    const { source, path } = await fileSource('board.json', board);
    expect(await statusesOf(source)).toEqual({ [A]: 'queued', [B]: 'queued' });
    expect(await source.commands.cancel?.(B, commandContext())).toEqual({ kind: 'sent' });
    expect(await readFile(path, 'utf8')).toBe(board.replace(/"todo"\}\]/u, '"cancelled"}]'));
  });

  it('in a Maestro’s data', async () => {
    await mkdir(directory.file('tasks/p1'), { recursive: true });
    for (const [name, id] of Object.entries({ a: A, b: B }))
      await writeFile(
        directory.file(`tasks/p1/${name}.json`),
        `{"id":${id},"title":"${name}","status":"todo"}`,
      );
    const source = createMaestroDirectorySource({
      id: sourceId('m'),
      directory: directory.path,
      clock: hurriedClock,
    });
    expect(await statusesOf(source)).toEqual({ [A]: 'queued', [B]: 'queued' });
  });

  it('in what an AG-UI stream tells', () => {
    const read = readAguiEvent(`{"type":"STATE_SNAPSHOT","snapshot":${state('running')}}`);
    const told = read.kind === 'event' ? applyAguiEvent(undefined, read.event) : read;
    const tasks = told.kind === 'state' ? decodeDashboardState(told.state)?.tasks : [];
    expect(tasks?.map(({ nativeId }) => nativeId)).toEqual([A, B]);
  });
});

describe('a number that is not one', () => {
  const nan = `{"activeTasks":[{"taskId":"a","status":"running"},
    {"taskId":"b","status":"running","totalSteps":Infinity,"startedAt":-Infinity,"steps":[{"name":"s","status":"running","progress":NaN}]}]}`;

  it.each(['state.json', 'state.ndjson'])('is absent, and its task is named: %s', async (name) => {
    const { source } = await fileSource(
      name,
      name.endsWith('ndjson') ? `${nan.replaceAll('\n', ' ')}\n` : nan,
    );
    const view = openView(source);
    await eventually(() => expect(view.record().tasks.size).toBe(2));
    expect(view.task('b')).toMatchObject({ startedAt: null, totalSteps: 1, steps: [{ progress: null }] });
    expect(view.record().problem).toMatchObject({
      severity: 'degraded',
      message: 'activeTasks[1]: totalSteps of task b is not a number (NaN or Infinity): read as null',
    });
    await view.close();
  });

  it('is absent in a breakdown and a board too, and stays as it is when something else is changed', async () => {
    const text = '{"total_tasks": 1, "tasks": [{"id": "A", "description": "a", "priority": NaN}]}';
    const { source, path } = await fileSource('task-breakdown.json', text);
    expect(await source.commands.cancel?.('A', commandContext())).toEqual({ kind: 'sent' });
    expect(await readFile(path, 'utf8')).toContain('"priority": NaN, "status": "failed"');
  });
});
