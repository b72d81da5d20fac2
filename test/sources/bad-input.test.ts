import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { type SourceId, sourceId } from '../../src/model/id.ts';
import { createBacklogSource } from '../../src/sources/backlog/source.ts';
import { createBeadsSource } from '../../src/sources/beads/source.ts';
import { createFeatureListSource } from '../../src/sources/feature-list/source.ts';
import type { Source } from '../../src/sources/kit/source.ts';
import { eventually } from '../helpers/eventually.ts';
import { hurriedClock } from '../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { criteria, SETTINGS, taskFile } from './backlog/sample.ts';
import { bead, lines } from './beads/sample.ts';
import { openView } from './source-contract.ts';

/** A kind of file that taskglass only reads. */
interface Kind {
  /** The file that goes wrong, and what is read. */
  readonly file: string;
  readonly place: string;
  readonly good: string;
  readonly beside?: Readonly<Record<string, string>>;
  readonly create: (options: {
    readonly id: SourceId;
    readonly path: string;
    readonly clock: Clock;
  }) => Source;
  /** A million entries, and one that is nested far too deep. */
  readonly million: () => string;
  readonly deep: string;
}

const NESTED = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const LONG = 'As a reader I want it. '.repeat(20);
const many = (make: (index: number) => unknown) => Array.from({ length: 40 }, (_, index) => make(index));

const KINDS: Readonly<Record<string, Kind>> = {
  beads: {
    file: '.beads/issues.jsonl',
    place: '.beads',
    good: lines(many((index) => bead(`bd-${index}`, 'x', 'in_progress', { description: LONG }))),
    create: (options) => createBeadsSource({ ...options, env: { PATH: '/nonexistent' } }),
    million: () => '{"id":"bd-1","title":"x","status":"open"}\n'.repeat(1_000_000),
    deep: `{"id":"bd-1","title":"x","status":"open","labels":${NESTED}}\n`,
  },
  'feature-list': {
    file: 'feature_list.json',
    place: 'feature_list.json',
    good: JSON.stringify(
      many((at) => ({ category: 'a', description: `${at} ${LONG}`, steps: [], passes: false })),
    ),
    create: createFeatureListSource,
    million: () => `[${'{"description":"x","passes":false},'.repeat(999_999)}{"passes":true}]`,
    deep: `[{"description":"x","passes":false,"steps":${NESTED}}]`,
  },
  backlog: {
    file: 'backlog/tasks/task-1 - x.md',
    place: 'backlog',
    beside: { 'backlog/config.yml': SETTINGS },
    good: taskFile('TASK-1', 'x', 'In Progress', {
      body: criteria(...many((at) => `  ${at} ${LONG}`).map(String)),
    }),
    create: createBacklogSource,
    million: () =>
      taskFile('TASK-1', 'x', 'To Do', { body: `<!-- AC:BEGIN -->\n${'- [ ] x\n'.repeat(400_000)}` }),
    deep: taskFile('TASK-1', 'x', 'To Do', { front: `labels: ${NESTED}` }),
  },
};

/** JSON, or YAML, of the wrong kind, and no text at all. */
const WRONG = [
  '',
  'null',
  '[]',
  '{}',
  '7',
  '"x"',
  '[[]]',
  '{"id":7}',
  '---\n- a\n---\n',
  '\0\0\0',
  '\ufffe',
  '\u001b[2J',
];

describe.each(Object.entries(KINDS))(
  'a source of the kind %s',
  (_, { file, place, good, beside = {}, ...kind }) => {
    async function open() {
      const directory = await temporaryDirectory();
      const put = async (name: string, text: string) => {
        await mkdir(dirname(directory.file(name)), { recursive: true });
        await writeFile(directory.file(name), text);
      };
      for (const [name, text] of Object.entries(beside)) await put(name, text);
      await put(file, good);
      const path = directory.file(place);
      const view = openView(kind.create({ id: sourceId('it'), path, clock: hurriedClock }));
      await view.live();
      return { directory, put, view };
    }

    it('keeps its last good view, or what can be read, wherever the file is cut and whatever it contains', async () => {
      const { directory, put, view } = await open();
      await using _directory = directory;
      const shown = view.statuses();
      expect(Object.keys(shown).length).toBeGreaterThan(0);
      const names = (await readdir(directory.path, { recursive: true })).sort();
      const cuts = Array.from({ length: Math.ceil(good.length / 1024) }, (_, at) => good.slice(0, at * 1024));
      for (const text of [...cuts, ...WRONG, kind.deep]) {
        await put(file, text);
        await new Promise((resolve) => setTimeout(resolve, 25));
        expect(await readFile(directory.file(file), 'utf8')).toBe(text);
        for (const id of Object.keys(view.statuses())) expect(view.task(id).name).not.toBe('');
      }
      await put(file, good);
      await eventually(() => expect([view.statuses(), view.record().problem]).toEqual([shown, null]));
      await view.close();
      expect((await readdir(directory.path, { recursive: true })).sort()).toEqual(names);
    });

    it('is bounded by a million entries', async () => {
      const { directory, put, view } = await open();
      await using _directory = directory;
      await put(file, kind.million());
      await eventually(() => {
        const [first] = view.record().tasks.values();
        const isShown = first?.task.totalSteps === 10_000 || view.record().problem !== null;
        expect(isShown).toBe(true);
      });
      expect(view.record().tasks.size).toBeLessThanOrEqual(100_000);
      await view.close();
    }, 60_000);
  },
);
