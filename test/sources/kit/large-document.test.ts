import { execFile } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createListThread } from '../../../src/io/json-list/list-thread.ts';
import { sourceId } from '../../../src/model/id.ts';
import type { Task } from '../../../src/model/task.ts';
import { createDashboardStateSource } from '../../../src/sources/dashboard-state/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { openView } from '../source-contract.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let closers: (() => Promise<void>)[];
beforeEach(async () => {
  directory = await temporaryDirectory();
  closers = [];
});
afterEach(async () => {
  for (const close of closers) await close();
  await directory[Symbol.asyncDispose]();
});

/** The same file, read in a thread and read here. */
function openBoth(path: string) {
  const open = (largeBytes: number) => {
    const source = createDashboardStateSource({ id: sourceId('s'), path, clock: systemClock, largeBytes });
    const view = openView(source);
    closers.push(() => view.close());
    return view;
  };
  return { threaded: open(1), here: open(Number.POSITIVE_INFINITY) };
}

/** How many threads this process has started, and not ended. */
function threads(): number {
  return (process.report.getReport() as unknown as { workers: unknown[] }).workers.length;
}

type View = ReturnType<typeof openView>;

/** What a view knows: the tasks without their revisions, which count what was told, and what is wrong. */
function known(view: View) {
  const { tasks, problem, status } = view.record();
  const told = [...tasks.values()].map(({ task: { revision: _, ...task } }: { task: Task }) => task);
  return { tasks: told.sort((a, b) => (a.id < b.id ? -1 : 1)), problem, status };
}

async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}

const task = fc.record(
  {
    taskId: fc.nat(12).map((id) => `t${id}`),
    taskName: fc.oneof(
      fc.constantFrom('Hash', 'Sort', 'Höhe\u001b[2J'),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    status: fc.constantFrom('running', 'completed', 'failed', 'pending', 'paused', 'bogus'),
    progress: fc.nat(100),
    startedAt: fc.constantFrom(1_760_000_000_000, 1_760_000_500_000, '2026-11-21T07:45:42Z'),
    completedAt: fc.constantFrom(1_760_000_900_000, null),
    steps: fc.array(
      fc.record({ name: fc.constantFrom('a', 'b'), status: fc.constantFrom('running', 'done', 'odd') }),
      {
        maxLength: 2,
      },
    ),
  },
  { requiredKeys: ['taskId', 'taskName', 'status'] },
);
const item = fc.oneof(
  { weight: 9, arbitrary: task },
  fc.constantFrom(null, 7, 'text', {}, [], { taskId: '' }),
);

function documentText(
  items: readonly unknown[],
  timestamp: number,
  style: 'plain' | 'indented' | 'last',
): string {
  const state = { version: 1, timestamp, errors: timestamp % 3 === 0 ? { agent: 'lost' } : {} };
  const document = style === 'last' ? { activeTasks: items, ...state } : { ...state, activeTasks: items };
  return JSON.stringify(document, null, style === 'indented' ? 2 : undefined);
}

const edits = fc.array(
  fc.tuple(fc.array(item, { maxLength: 12 }), fc.constantFrom('plain', 'indented', 'last' as const)),
  { minLength: 2, maxLength: 5 },
);

describe('a document that is read in a thread', () => {
  it('gives the same tasks and problems as one that is read here, after each of any changes', async () => {
    const read = ({ raw, steps }: Task) => JSON.stringify({ raw, steps });
    let areRead = 0;
    await fc.assert(
      fc.asyncProperty(edits, async (documents) => {
        const path = directory.file(`state-${Math.random()}.json`);
        const [first = [[], 'plain'] as const, ...others] = documents;
        await replace(path, documentText(first[0], 1_760_001_000_000, first[1] as 'plain'));
        const { threaded, here } = openBoth(path);
        const held: { readonly task: Task; readonly was: string }[] = [];
        for (const [index, [items, style]] of others.entries()) {
          const marker = { taskId: 'marker', taskName: `change ${index}`, status: 'running' };
          await replace(path, documentText([...items, marker], 1_760_001_000_001 + index, style as 'plain'));
          for (const view of [threaded, here])
            await eventually(() => expect(view.task('marker').name).toBe(`change ${index}`));
          await eventually(() => expect(known(threaded)).toEqual(known(here)));
          for (const { task } of threaded.record().tasks.values()) {
            held.push({ task, was: read(task) });
            if (Object.getOwnPropertyDescriptor(task, 'steps')?.get) areRead += 1;
          }
        }
        // Also what is no task of the document any more: its memory has been used again since.
        for (const { task, was } of held) expect(read(task)).toBe(was);
        await Promise.all(closers.splice(0).map((close) => close()));
      }),
      { numRuns: 12 },
    );
    expect(areRead).toBeGreaterThan(0);
  }, 120_000);

  it.each([
    ['torn', '{"version":1,"activeTasks":[{"taskId":"a","taskName":"A","status":"run'],
    ['empty', ''],
    ['of another shape', '{"version":1,"tasks":[]}'],
    ['damaged within a task', '{"version":1,"activeTasks":[{"taskId":"a","taskName":"A","status":running}]}'],
    ['lines', '{"activeTasks":[]}\n{"activeTasks":[{"taskId":"b","taskName":"B","status":"running"}]}\n'],
    ['not a list', '{"activeTasks":{"a":1},"timestamp":1}'],
    [
      'without zones',
      '{"activeTasks":[{"taskId":"a","status":"running","startedAt":"2026-11-21T07:45:42"}]}',
    ],
  ])(
    'says of a file that is %s what one says that is read here, and recovers',
    async (_, text) => {
      const path = directory.file('state.json');
      const good = (name: string) =>
        `{"activeTasks":[{"taskId":"a","taskName":"${name}","status":"running"}]}`;
      await replace(path, good('before'));
      const { threaded, here } = openBoth(path);
      await Promise.all([threaded.live(), here.live()]);
      await replace(path, text);
      const before = known(here);
      await eventually(() => expect(known(here)).not.toEqual(before));
      await eventually(() => expect(known(threaded)).toEqual(known(here)));
      await replace(path, good('after'));
      for (const view of [threaded, here]) await eventually(() => expect(view.task('a').name).toBe('after'));
      expect(known(threaded)).toEqual(known(here));
    },
    40_000,
  );
});

describe('the thread', () => {
  it('ends with its source, whenever that is closed', async () => {
    const path = directory.file('state.json');
    await replace(path, '{"activeTasks":[{"taskId":"a","taskName":"A","status":"running"}]}');
    const options = { id: sourceId('s'), path, clock: systemClock, largeBytes: 1 };
    const read = openView(createDashboardStateSource(options));
    await read.live();
    expect(threads()).toBe(1);
    await read.close();
    expect(threads()).toBe(0);
    for (const ms of [0, 5, 20, 40]) {
      const view = openView(createDashboardStateSource(options));
      await new Promise((resolve) => setTimeout(resolve, ms));
      await view.close();
    }
    expect(threads()).toBe(0);
  });

  it('is done without if it dies, and does not keep its process alive', async () => {
    const path = directory.file('state.json');
    await replace(path, '{"items":[1]}');
    const script = directory.file('dies.mjs');
    await writeFile(
      script,
      "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(1));",
    );
    const { href } = new URL(`file://${script}`);
    const thread = createListThread({ key: 'items', limit: 9, script: new URL(href) });
    for (let time = 0; time < 5; time += 1) expect(await thread.read(path, false)).toBeNull();
    await thread.stop();

    const works = createListThread({ key: 'items', limit: 9 });
    expect(await works.read(path, false)).toMatchObject({ kind: 'news', news: { length: 1 } });
    expect(await works.read(path, false)).toEqual({ kind: 'same' });
    await works.stop();

    const module = new URL('../../../src/io/json-list/list-thread.ts', import.meta.url);
    const program = `import { createListThread } from ${JSON.stringify(module.href)};
      const reading = await createListThread({ key: 'items', limit: 9 }).read(${JSON.stringify(path)}, false);
      console.log(reading.kind);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      timeout: 20_000,
    });
    expect(stdout).toBe('news\n');
  }, 40_000);
});
