import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { createFileSource } from '../../src/sources/open/file-source.ts';
import { createStdinSource } from '../../src/sources/open/stdin.ts';
import { eventually } from '../helpers/eventually.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { commandContext, openView } from '../sources/source-contract.ts';

const littleEndian = (text: string) => Buffer.from(text, 'utf16le');
const bigEndian = (text: string) => littleEndian(text).swap16();
const ENCODINGS: Record<string, (text: string) => Buffer> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a mark': (text) => Buffer.from(`\ufeff${text}`),
  'UTF-16LE with a mark': (text) => littleEndian(`\ufeff${text}`),
  'UTF-16BE with a mark': (text) => bigEndian(`\ufeff${text}`),
  'UTF-16LE without one': littleEndian,
  'UTF-16BE without one': bigEndian,
};
const NAME = 'Größe prüfen 漢字 🚀';
const state = (name: string) =>
  JSON.stringify({ activeTasks: [{ taskId: 'A', taskName: name, status: 'running' }] });

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

async function namesIn(file: string): Promise<string[]> {
  const path = directory.file(file);
  const view = openView(await createFileSource({ id: sourceId('f'), path, clock: systemClock }));
  await view.live();
  const names = view.names();
  await view.close();
  return names;
}

describe.each(Object.keys(ENCODINGS))('a file in %s', (encoding) => {
  const encode = ENCODINGS[encoding] as (text: string) => Buffer;

  it('is read: a state file', async () => {
    await writeFile(directory.file('a.json'), encode(state(NAME)));
    expect(await namesIn('a.json')).toEqual([NAME]);
  });

  it('is read: the end of a long .ndjson', async () => {
    const lines = [...Array.from({ length: 3000 }, (_, at) => state(`漢 ${at}`)), state(NAME)];
    await writeFile(directory.file('a.ndjson'), encode(`${lines.join('\r\n')}\r\n`));
    expect(await namesIn('a.ndjson')).toEqual([NAME]);
  });

  it('is read: from standard input, in any pieces', async () => {
    const bytes = encode(`${state('before')}\n${state(NAME)}\n`);
    const pieces = Array.from({ length: bytes.length / 3 + 1 }, (_, at) =>
      bytes.subarray(at * 3, at * 3 + 3),
    );
    const input = Readable.from(pieces, { objectMode: false });
    const view = openView(createStdinSource({ id: sourceId('-'), input, clock: systemClock }));
    await eventually(() => expect(view.names()).toEqual([NAME]));
    await view.close();
  });

  it('is written in it: a breakdown', async () => {
    const text = JSON.stringify({
      total_tasks: 1,
      tasks: [{ id: 'A', description: NAME, status: 'pending' }],
    });
    const path = directory.file('task-breakdown.json');
    await writeFile(path, encode(text));
    const source = await createFileSource({ id: sourceId('b'), path, clock: systemClock });
    expect(await source.commands.cancel?.('A', commandContext())).toEqual({ kind: 'sent' });
    const start = text.slice(0, text.indexOf('"pending"'));
    expect((await readFile(path)).indexOf(encode(start))).toBe(0);
    expect(await namesIn('task-breakdown.json')).toEqual([NAME]);
  });
});

it('a file in an encoding that is unknown here is not written to', async () => {
  const path = directory.file('task-breakdown.json');
  const text = '{"total_tasks":1,"tasks":[{"id":"A","description":"Größe","status":"pending"}]}';
  await writeFile(path, text, 'latin1');
  const source = await createFileSource({ id: sourceId('b'), path, clock: systemClock });
  expect(await source.commands.cancel?.('A', commandContext())).toMatchObject({
    kind: 'refused',
    problem: { message: expect.stringContaining('neither UTF-8 nor UTF-16') },
  });
  expect(await readFile(path, 'latin1')).toBe(text);
});
