import { mkdir, readFile, rename, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createTaskMasterSource } from '../../../src/sources/task-master/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { commandContext, openView, type View } from '../source-contract.ts';
import { TAGGED, task } from './sample.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let view: View | undefined;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = directory.file('.taskmaster/tasks/tasks.json');
  await mkdir(directory.file('.taskmaster/tasks'), { recursive: true });
});
afterEach(async () => {
  await view?.close();
  view = undefined;
  await directory[Symbol.asyncDispose]();
});

const put = (document: unknown) => writeFile(path, JSON.stringify(document, null, 2));
const noteTag = (currentTag: string) =>
  writeFile(directory.file('.taskmaster/state.json'), JSON.stringify({ currentTag }));

async function open() {
  const source = createTaskMasterSource({ id: sourceId('plan'), path, clock: systemClock });
  view = openView(source);
  await view.live();
  return { view, cancel: source.commands.cancel, retry: source.commands.retry };
}

describe('a command for a task-master task', () => {
  it('changes its status and its stamp, and nothing else', async () => {
    await put(TAGGED);
    const { cancel, retry } = await open();
    expect(await cancel?.('2', commandContext())).toEqual({ kind: 'sent' });
    expect(await retry?.('9', commandContext())).toEqual({ kind: 'sent' });

    const written = await readFile(path, 'utf8');
    const after = JSON.parse(written);
    const stamps = [1, 8].map((index) => after.master.tasks[index].updatedAt);
    for (const stamp of stamps) expect(new Date(stamp).toISOString()).toBe(stamp);
    const expected = structuredClone(TAGGED) as typeof after;
    Object.assign(expected.master.tasks[1], { status: 'cancelled', updatedAt: stamps[0] });
    Object.assign(expected.master.tasks[8], { status: 'pending', updatedAt: stamps[1] });
    expect(written).toBe(JSON.stringify(expected, null, 2));
    await expect(stat(`${path}.lock`)).rejects.toThrow('ENOENT');
  });

  it('changes the task of the tag that is shown, and follows the program to another tag', async () => {
    await put(TAGGED);
    await noteTag('loop');
    const { view, cancel } = await open();
    expect(view.names()).toEqual(['Turn in circles']);
    await cancel?.('1', commandContext());
    const after = JSON.parse(await readFile(path, 'utf8'));
    expect([after.loop.tasks[0].status, after.master.tasks[0].status]).toEqual(['cancelled', 'done']);

    await writeFile(directory.file('.taskmaster/state.json'), '{"curr');
    await put({ ...after, loop: { tasks: [task(1, 'Turn on', 'pending')] } });
    await eventually(() => expect(view.names()).toEqual(['Turn on']));
    await noteTag('master');
    await eventually(() => expect(view.names()).toContain('Write the parser'));
  });

  it('waits for the holder of the lock, a directory or a file', async () => {
    await put(TAGGED);
    const { cancel } = await open();
    for (const [id, make, drop] of [
      ['2', () => mkdir(`${path}.lock`), () => rmdir(`${path}.lock`)],
      ['3', () => writeFile(`${path}.lock`, '{"pid":1}'), () => rename(`${path}.lock`, `${path}.gone`)],
    ] as const) {
      await make();
      const before = await readFile(path, 'utf8');
      const asked = cancel?.(id, commandContext());
      await new Promise((resolve) => setImmediate(resolve));
      expect(await readFile(path, 'utf8')).toBe(before);
      await drop();
      expect(await asked).toEqual({ kind: 'sent' });
    }
  });

  it.each([
    ['a directory', () => mkdir(`${path}.lock`)],
    ['a file', () => writeFile(`${path}.lock`, '')],
  ])('takes away a lock that was left behind: %s', async (_, make) => {
    await put(TAGGED);
    await make();
    await utimes(`${path}.lock`, 1e9, 1e9);
    const { cancel } = await open();
    expect(await cancel?.('2', commandContext())).toEqual({ kind: 'sent' });
    await expect(stat(`${path}.lock`)).rejects.toThrow('ENOENT');
  });

  it('writes nothing into a file that speaks the words of another program', async () => {
    await put({ tasks: [task(1, 'x', 'cancelled'), task(2, 'y', 'todo')] });
    const before = await readFile(path, 'utf8');
    const { retry } = await open();
    expect(await retry?.('1', commandContext())).toMatchObject({
      kind: 'refused',
      problem: { message: expect.stringContaining('the status "todo", which task-master does not know') },
    });
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('is refused where it makes no sense any more', async () => {
    await put(TAGGED);
    const { cancel, retry } = await open();
    for (const asked of [cancel?.('1', commandContext()), retry?.('2', commandContext())])
      expect(await asked).toMatchObject({ kind: 'refused' });
  });
});
