import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createChecklistSource } from '../../../src/sources/checklist/source.ts';
import { findSources } from '../../../src/sources/open/find-sources.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, openView, type WorldStatus } from '../source-contract.ts';

/** As Kiro marks them; a list has no failure. */
const MARKS: Record<WorldStatus, string> = { queued: ' ', running: '-', completed: 'x', failed: ' ' };

describeSourceContract('the checklist source', async () => {
  const directory = await temporaryDirectory();
  const path = directory.file('.kiro/specs/Hash the archive/tasks.md');
  await mkdir(dirname(path), { recursive: true });
  const write = (status: WorldStatus) =>
    writeFile(path, `# Implementation Plan\n\n- [x] 1. Begin\n- [${MARKS[status]}] 2. Go on\n`).then(() =>
      // Nobody has ticked anything for a day: only the marks count.
      utimes(path, Date.now() / 1000 - 86_400, Date.now() / 1000 - 86_400 + Math.random()),
    );

  return {
    source: createChecklistSource({ id: sourceId('plan'), path, clock: hurriedClock }),
    failedIs: null,
    mostTasks: 1,
    async add({ status }) {
      await write(status);
      return 'Hash the archive';
    },
    change: (_nativeId, status) => write(status),
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

describe('a checklist in a directory', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeEach(async () => {
    directory = await temporaryDirectory();
  });
  afterEach(() => directory[Symbol.asyncDispose]());
  const put = async (name: string, text: string) => {
    await mkdir(dirname(directory.file(name)), { recursive: true });
    await writeFile(directory.file(name), text);
  };

  it('runs while a box was ticked recently, is quiet afterwards, and completed at the last tick', async () => {
    await put('TODO.md', '# Home\n\n- [ ] a\n- [ ] b\n');
    const clock = createFakeClock(Date.now());
    const view = openView(
      createChecklistSource({ id: sourceId('todo'), path: directory.file('TODO.md'), clock }),
    );
    await view.live();
    expect(view.statuses()).toEqual({ 'TODO.md': 'queued' });

    await put('TODO.md', '# Home\n\n- [x] a\n- [ ] b\n');
    await eventually(() => expect(view.statuses()).toEqual({ 'TODO.md': 'running' }));
    expect(view.task('TODO.md')).toMatchObject({ name: 'Home', offers: [], mayBeQuiet: true });
    await eventually(() => {
      clock.advance(600_000);
      expect(view.statuses()).toEqual({ 'TODO.md': 'queued' });
    });

    await put('TODO.md', '# Home\n\n- [x] a\n- [X] b\n');
    await eventually(() => expect(view.statuses()).toEqual({ 'TODO.md': 'completed' }));
    const [first, second] = view.task('TODO.md').steps;
    expect(view.task('TODO.md').state).toMatchObject({ endedAt: second?.endedAt });
    expect(first?.endedAt).not.toBeNull();

    await put('TODO.md', '# Home\n');
    await eventually(() => {
      clock.advance(10_000);
      expect(view.record().problem?.message).toMatch(/TODO\.md has no boxes$/u);
    });
    expect(view.statuses()).toEqual({ 'TODO.md': 'completed' });
    await view.close();
  });

  it('is found where the programs keep them, and nowhere else', async () => {
    const box = '- [ ] a\n';
    const lists = [
      '.kiro/specs/shelves/tasks.md',
      'TODO.md',
      'openspec/changes/add-fields/tasks.md',
      'specs/008-socket/tasks.md',
    ];
    for (const path of lists) await put(path, box);
    await put('README.md', box);
    await put('tasks.md', '# Nothing to tick\n');
    await put('specs/008-socket/checklists/requirements.md', box);
    await put('specs/checklists/tasks.md', box);
    await put('openspec/archive/old/tasks.md', box);
    await put('.kiro/specs/shelves/design.md', box);
    const { files } = await findSources(directory.path);
    expect(files).toEqual(lists.map((path) => ({ path: directory.file(path), format: 'checklist' })));
  });
});
