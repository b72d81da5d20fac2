import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { detectFileFormat } from '../../../src/sources/open/detect.ts';
import { createFileSource } from '../../../src/sources/open/file-source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { openView } from '../source-contract.ts';

const STATE = '{"version":1,"activeTasks":[{"taskId":"a","taskName":"A","status":"running"}]}';
const BREAKDOWN = '{"tasks":[{"id":"T1","description":"A"}]}';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

async function put(name: string, text: string): Promise<string> {
  const path = directory.file(name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

describe('the format of a file', () => {
  it.each([
    ['a.json', STATE, 'dashboard-state'],
    ['task-breakdown.json', STATE, 'dashboard-state'],
    ['a.json', '{"version":1,"timestamp":5,"widgets":{},"loading":{"loadingAgents":[]}}', 'dashboard-state'],
    ['a.json', `${STATE}\n${STATE}\n`, 'dashboard-state'],
    ['a.ndjson', `${STATE}\n${STATE}\n{"versi`, 'dashboard-state'],
    ['a.json', BREAKDOWN, 'task-breakdown'],
    ['a.json', '{"generated_at":"x","total_tasks":0,"tasks":[]}', 'task-breakdown'],
    ['a.json', '{"tasks":[{"id":"1","title":"x","status":"todo","sessionProgress":[]}]}', 'sessions'],
    ['a.json', '[{"id":"1","name":"x","status":"inprogress"}]', 'sessions'],
    ['a.json', '{"id":"1","title":"x","status":"todo"}', 'sessions'],
    ['a.json', '{"tasks":[{"id":"1","description":"x","status":"in_progress"}]}', 'task-breakdown'],
    ['a.json', '{"tasks":[]}', null],
    ['a.json', '{"format":"taskglass-ledger","tasks":[{"id":"a","description":"x"}]}', null],
    ['a.json', '{"format":"taskglass-ledger","tasks":[{"id":"a","name":"x","status":"todo"}]}', null],
    ['a.json', '{"tasks":[{"id":"a","description":"x"},{"id":"b","verification":"true"}]}', null],
    ['a.json', '{"tasks":[{"id":"a","description":"x","steps":["one"]}]}', null],
    ['a.json', '{"tasks":[{"id":"a","description":"x","job":"nightly"}]}', null],
    [
      'a.json',
      '{"tasks":[{"id":"a","description":"x","status":"pending","steps":["one"]}]}',
      'task-breakdown',
    ],
    ['a.json', '{"generated_at":"x","tasks":[{"id":"a","description":"x","job":"y"}]}', 'task-breakdown'],
    ['package.json', '{"name":"x","scripts":{}}', null],
    ['tasks.json', '{"version":"2.0.0","tasks":[{"label":"build","type":"shell"}]}', null],
    ['a.json', '{"activeTasks": [', null],
    ['a.json', '', null],
  ])('%s with %s', async (name, text, format) => {
    expect(await detectFileFormat(await put(name, text))).toBe(format);
  });

  it('is null if nothing can be read', async () => {
    expect(await detectFileFormat(directory.file('gone.json'))).toBeNull();
    expect(await detectFileFormat(directory.path)).toBeNull();
  });

  it.runIf(hasSharedFixtures)('of the recorded files', async () => {
    const formats = async (...names: string[]) =>
      Promise.all(
        names.map(async (name) => detectFileFormat(await put(name.replace('/', '-'), sharedFixture(name)))),
      );
    expect(await formats('hyve/dashboard-state-emissions.ndjson')).toEqual(['dashboard-state']);
    expect(
      await formats(
        ...['jetbox/committed-task-breakdown.json', 'jetbox/run-01.json', 'jetbox/run-03.json'],
        ...['jetbox/run-05.json', 'jetbox/run-07.json', 'jetbox/run-09.json'],
      ),
    ).toEqual(Array(6).fill('task-breakdown'));
    expect(await formats('maestro/http-get-tasks.json', 'maestro/cli-task-list.json')).toEqual([
      'sessions',
      null,
    ]);
  });
});

describe('the source of a file', () => {
  const open = async (name: string) =>
    createFileSource({ id: sourceId('f'), path: directory.file(name), clock: systemClock });

  it('follows the content', async () => {
    await put('task-breakdown.json', STATE);
    await put('state.json', BREAKDOWN);
    expect((await open('task-breakdown.json')).kind).toBe('dashboard-state');
    expect((await open('state.json')).kind).toBe('task-breakdown');
  });

  it('follows the name of a file that does not exist yet, until its content says otherwise', async () => {
    const source = await open('plan.json');
    expect(source.kind).toBe('dashboard-state');
    expect((await open('task-breakdown.json')).kind).toBe('task-breakdown');

    const view = openView(source);
    await eventually(() => expect(view.record().problem?.kind).toBe('missing'));
    expect(view.record().kind).toBe('dashboard-state');
    await put('plan.json', BREAKDOWN);
    await view.live();
    await eventually(() => expect(view.statuses()).toEqual({ T1: 'queued' }));
    expect([source.kind, view.record().kind]).toEqual(['task-breakdown', 'task-breakdown']);

    expect(await source.commands.cancel?.('T1', { signal: AbortSignal.any([]), report() {} })).toEqual({
      kind: 'sent',
    });
    await eventually(() => expect(view.statuses()).toEqual({ T1: 'cancelled' }));
    await view.close();
  });

  it('waits for what the name promised', async () => {
    const source = await open('state.json');
    const view = openView(source);
    await put('state.json', STATE);
    await eventually(() => expect(view.statuses()).toEqual({ a: 'running' }));
    await put('state.json', STATE.replaceAll('"a"', '"b"'));
    await eventually(() => expect(view.statuses()).toEqual({ b: 'running' }));
    await view.close();
  });
});
