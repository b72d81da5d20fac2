import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import type { Source } from '../../src/sources/kit/source.ts';
import { createMaestroDirectorySource } from '../../src/sources/sessions/maestro-directory.ts';
import { createBoardSource } from '../../src/sources/sessions/source.ts';
import { createTaskBreakdownSource } from '../../src/sources/task-breakdown/source.ts';
import { createTaskMasterSource } from '../../src/sources/task-master/source.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { commandContext, openView } from './source-contract.ts';
import { task as taskMasterTask } from './task-master/sample.ts';

type Directory = Awaited<ReturnType<typeof temporaryDirectory>>;

/** Something of ours that writes words into another program's file. */
interface Writer {
  /** The program's words, as it spells them (FORMATS). */
  readonly vocabulary: readonly string[];
  /** Where a task's status is kept, one file a task or all in one. */
  readonly pathOf: (index: number) => string;
  readonly documentOf: (words: readonly string[], index: number) => unknown;
  readonly wordsIn: (document: never) => readonly string[];
  readonly open: (directory: Directory) => Source;
}

const OWN = { id: sourceId('list'), clock: systemClock };
const BOARD = '.taskglass/board.json';
const BREAKDOWN = 'architecture/task-breakdown.json';
const TASK_MASTER = '.taskmaster/tasks/tasks.json';
type Listed = { readonly tasks: readonly { readonly status: string }[] };

const WRITERS: Readonly<Record<string, Writer>> = {
  'task-master': {
    vocabulary: ['pending', 'in-progress', 'done', 'deferred', 'cancelled', 'blocked', 'review', 'completed'],
    pathOf: () => TASK_MASTER,
    documentOf: (words) => ({
      master: { tasks: words.map((word, at) => taskMasterTask(at, 'x', word)), metadata: {} },
    }),
    wordsIn: ({ master }: { readonly master: Listed }) => master.tasks.map(({ status }) => status),
    open: (directory) => createTaskMasterSource({ ...OWN, path: directory.file(TASK_MASTER) }),
  },
  'a task breakdown': {
    vocabulary: ['pending', 'in_progress', 'completed', 'failed'],
    pathOf: () => BREAKDOWN,
    documentOf: (words) => ({
      generated_at: '2026-11-30T04:00:00',
      tasks: words.map((status, at) => ({ id: `${at}`, description: 'x', status })),
    }),
    wordsIn: ({ tasks }: Listed) => tasks.map(({ status }) => status),
    open: (directory) => createTaskBreakdownSource({ ...OWN, path: directory.file(BREAKDOWN) }),
  },
  'a session board': {
    vocabulary: ['todo', 'inprogress', 'completed', 'cancelled'],
    pathOf: () => BOARD,
    documentOf: (words) => ({ tasks: words.map((status, at) => ({ id: `${at}`, title: 'x', status })) }),
    wordsIn: ({ tasks }: Listed) => tasks.map(({ status }) => status),
    open: (directory) => createBoardSource({ ...OWN, path: directory.file(BOARD) }),
  },
  'a Maestro directory': {
    vocabulary: ['todo', 'in_progress', 'in_review', 'blocked', 'completed', 'cancelled', 'archived'],
    pathOf: (index) => `data/tasks/p/${index}.json`,
    documentOf: (words, at) => ({ id: `${at}`, projectId: 'p', title: 'x', status: words[at] }),
    wordsIn: ({ status }: { readonly status: string }) => [status],
    open: (directory) => createMaestroDirectorySource({ ...OWN, directory: directory.file('data') }),
  },
};

/** Words of other programs: none of these lists has one of them. */
const FOREIGN = ['spec_ready', 'Shipped', 'triage', 'passing', 'tombstone', 'on ice'];

describe.each(Object.entries(WRITERS))('what is written into %s', (_, writer) => {
  const { vocabulary, pathOf, documentOf, wordsIn, open } = writer;

  async function read(directory: Directory, index: number) {
    const text = await readFile(directory.file(pathOf(index)), 'utf8');
    return { text, words: wordsIn(JSON.parse(text) as never) };
  }

  it('is a word that the program knows, and none at all if there are words that it does not know', async () => {
    const word = fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...vocabulary) },
      fc.constantFrom(...FOREIGN),
    );
    const wish = fc.constantFrom('cancel' as const, 'retry' as const);
    let written = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        wish,
        fc.nat(),
        async (words, asked, any) => {
          await using directory = await temporaryDirectory();
          const index = any % words.length;
          await mkdir(directory.file('data/sessions'), { recursive: true });
          for (const at of words.keys()) {
            await mkdir(dirname(directory.file(pathOf(at))), { recursive: true });
            await writeFile(directory.file(pathOf(at)), JSON.stringify(documentOf(words, at)));
          }
          const before = await read(directory, index);
          const source = open(directory);
          const view = openView(source);
          await view.live();
          const answer = await source.commands[asked]?.(String(index), commandContext());
          await view.close();
          const after = await read(directory, index);
          if (answer?.kind === 'sent') written += 1;
          else expect(after.text).toBe(before.text);
          const allowed = before.words.every((one) => vocabulary.includes(one)) ? vocabulary : before.words;
          expect(allowed).toEqual(expect.arrayContaining([...new Set(after.words)]));
        },
      ),
      { numRuns: 60 },
    );
    expect(written).toBeGreaterThan(0);
  }, 60_000);
});
