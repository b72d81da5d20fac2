import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { createHints } from '../../../src/io/spaced-hints.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createBeadsSource } from '../../../src/sources/beads/source.ts';
import { detectFileFormat } from '../../../src/sources/open/detect.ts';
import { findSources } from '../../../src/sources/open/find-sources.ts';
import { eventually } from '../../helpers/eventually.ts';
import { createFakeProgram } from '../../helpers/fake-program.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, openView, type WorldStatus } from '../source-contract.ts';
import { bead, lines, type RawBead, STATUSES } from './sample.ts';

const NOBODY = { PATH: '/nonexistent' };

/** What a test does with the issues, wherever they are kept. */
function hands(edit: (change: (beads: readonly RawBead[]) => readonly RawBead[]) => Promise<void>) {
  let added = 0;
  return {
    async add({ name, status }: { name: string; status: WorldStatus }) {
      added += 1;
      const id = `bd-${added}`;
      await edit((beads) => [...beads, bead(id, name, STATUSES[status])]);
      return id;
    },
    change: (id: string, status: WorldStatus) =>
      edit((beads) => beads.map((one) => (one.id === id ? { ...one, status: STATUSES[status] } : one))),
    remove: (id: string) => edit((beads) => beads.filter((one) => one.id !== id)),
  };
}

async function makeFile() {
  const directory = await temporaryDirectory();
  const beads = directory.file('.beads');
  const path = join(beads, 'issues.jsonl');
  await mkdir(beads);
  await writeFile(path, '');
  const edit = async (change: (issues: readonly RawBead[]) => readonly RawBead[]) => {
    const issues = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
    await writeFile(`${path}.tmp`, lines(change(issues.map((line) => JSON.parse(line)))));
    await rename(`${path}.tmp`, path);
  };
  return { directory, beads, path, edit };
}

describe.each(['the directory', 'the file'])('the beads source of %s', (which) => {
  describeSourceContract(which, async () => {
    const { directory, beads, path, edit } = await makeFile();
    return {
      ...hands(edit),
      source: createBeadsSource({
        id: sourceId('plan'),
        path: which === 'the file' ? path : beads,
        clock: hurriedClock,
        env: NOBODY,
      }),
      failedIs: null,
      breakDown: () => rename(path, `${path}.away`),
      async mend() {
        await rm(path, { force: true });
        await rename(`${path}.away`, path);
      },
      async close() {
        await directory[Symbol.asyncDispose]();
      },
    };
  });
});

/** A bd with its issues in a database, that is older than its envelope or not, and knows `--flat` or needs it. */
async function makeBd(body = 'print(state)') {
  const bd = await createFakeProgram<readonly RawBead[]>('bd', {
    initial: [],
    stateFile: '.beads/dolt/issues.json',
    broken: 'Error: no beads database found',
    body: `if (args[0] !== 'list') fail('unknown command'); ${body}`,
  });
  const path = join(bd.directory, '.beads');
  const source = createBeadsSource({ id: sourceId('bd'), path, clock: hurriedClock, env: bd.env });
  return { bd, source };
}

describeSourceContract('the beads source that asks bd', async () => {
  const { bd, source } = await makeBd();
  return { ...bd, ...hands(bd.edit), source, failedIs: null };
});

describe('asking bd', () => {
  it.each([
    ['a list', 'print(state)'],
    ['an envelope', 'print({ schema_version: 1, data: state })'],
    ['a list if no tree is drawn', 'print(args.includes("--flat") ? state : "└── bd-1")'],
  ])('understands %s, and asks for all of them', async (_, body) => {
    const { bd, source } = await makeBd(body);
    await bd.edit(() => [bead('bd-1', 'Draw', 'in_progress')]);
    const view = openView(source);
    await view.live();
    expect(view.statuses()).toEqual({ 'bd-1': 'running' });
    expect((await bd.calls())[0]).toBe('bd list --json --all --limit 0');
    await view.close();
    await bd.close();
  });

  it.each([
    ['there is none', null, /there is no bd on PATH/u, /bd export/u],
    [
      'it is another program',
      'print("bd 1.0, the block device tool")',
      /something other than JSON: is it another program/u,
      /try it/u,
    ],
    ['it tells of something else', 'print({ data: [{ device: "sda" }] })', /unexpected JSON/u, /try it/u],
    [
      'it has no database',
      'fail("Error: no beads database found")',
      /bd finds no database here/u,
      /bd list/u,
    ],
    ['it wants a login', 'fs.readFileSync(0); fail("password: ")', /failed \(exit 1\): password/u, /try it/u],
  ])('says in a line what to do if %s', async (_, body, message, hint) => {
    const { bd, source } = await makeBd(body ?? '');
    if (body === null) await bd.become(null);
    const view = openView(
      body === null
        ? createBeadsSource({
            id: sourceId('bd'),
            path: join(bd.directory, '.beads'),
            clock: hurriedClock,
            env: NOBODY,
          })
        : source,
    );
    await eventually(() => expect(view.record().problem?.message).toMatch(message));
    expect(view.record().problem?.hint).toMatch(hint);
    await view.close();
    await bd.close();
  });

  it('leaves off once there is a file of its issues', async () => {
    const { bd, source } = await makeBd();
    const view = openView(source);
    await view.live();
    await writeFile(join(bd.directory, '.beads/issues.jsonl'), lines([bead('bd-9', 'Paint', 'open')]));
    await eventually(() => expect(view.statuses()).toEqual({ 'bd-9': 'queued' }));
    const asked = (await bd.calls()).length;
    await writeFile(join(bd.directory, '.beads/issues.jsonl'), lines([bead('bd-9', 'Paint', 'closed')]));
    await eventually(() => expect(view.statuses()).toEqual({ 'bd-9': 'completed' }));
    expect(await bd.calls()).toHaveLength(asked);
    await view.close();
    await bd.close();
  });
});

describe('hints', () => {
  it('do not come from what a query itself changes, and cause at most one query in ten seconds', async () => {
    const clock = createFakeClock();
    const hints = createHints(clock);
    let questions = 0;
    const hint = hints.spaced(() => (questions += 1));
    hint();
    clock.advance(1);
    expect(questions).toBe(1);
    await hints.quietly(async () => hint());
    hint();
    clock.advance(20_000);
    expect(questions).toBe(1);
    await hints.quietly(async () => {});
    clock.advance(2_000);
    for (let i = 0; i < 100; i += 1) hint();
    clock.advance(7_000);
    expect(questions).toBe(1);
    clock.advance(2_000);
    expect(questions).toBe(2);
    hint();
    hints.close();
    clock.advance(20_000);
    expect(questions).toBe(2);
  });
});

describe('a file of issues', () => {
  it('keeps its last view while it is being written, then shows what can be read of it', async () => {
    const { directory, beads, path } = await makeFile();
    await using _ = directory;
    const all = [bead('bd-1', 'a', 'open'), bead('bd-2', 'b', 'in_progress')];
    await writeFile(path, lines(all));
    const view = openView(
      createBeadsSource({ id: sourceId('b'), path: beads, clock: hurriedClock, env: NOBODY }),
    );
    await view.live();
    await writeFile(path, lines(all).slice(0, -20));
    await eventually(() => expect(view.record().problem?.message).toMatch(/line 2 is not JSON$/u));
    expect(view.statuses()).toEqual({ 'bd-1': 'queued' });
    expect(view.record().status).toBe('live');
    await writeFile(path, '{"id": "bd-1');
    await eventually(() => expect(view.record().status).toBe('down'));
    expect(view.statuses()).toEqual({ 'bd-1': 'queued' });
    await writeFile(path, lines(all));
    await eventually(() => expect(Object.keys(view.statuses())).toEqual(['bd-1', 'bd-2']));
    await view.close();
  });

  it('is found with its directory, once; interactions and other lines are not issues', async () => {
    await using directory = await temporaryDirectory();
    const put = async (name: string, text: string) => {
      await mkdir(dirname(directory.file(name)), { recursive: true });
      await writeFile(directory.file(name), text);
    };
    const issues = lines([bead('bd-1', 'a', 'open')]);
    const interaction =
      '{"id":"int-1","kind":"field_change","created_at":"2026-01-01T00:00:00Z","issue_id":"bd-1"}\n';
    await put('a/.beads/issues.jsonl', issues);
    await put('a/.beads/interactions.jsonl', interaction);
    await put('b/.beads/metadata.json', '{"database":"dolt"}');
    await put('c/.beads/README.md', '- [ ] a\n');
    await put('d/export.jsonl', issues);
    await put('e/interactions.jsonl', interaction);
    const found = (await findSources(directory.path)).files;
    expect(found).toEqual(
      ['a/.beads', 'b/.beads', 'd/export.jsonl'].map((path) => ({
        path: directory.file(path),
        format: 'beads',
      })),
    );
    expect((await findSources(directory.file('a/.beads'))).files).toHaveLength(1);
    expect(await detectFileFormat(directory.file('a/.beads/issues.jsonl'))).toBe('beads');
    expect(await detectFileFormat(directory.file('a/.beads/interactions.jsonl'))).toBeNull();
  });
});
