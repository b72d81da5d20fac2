import { rename, rm, utimes, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { sourceId } from '../../../src/model/id.ts';
import { createFeatureListSource } from '../../../src/sources/feature-list/source.ts';
import { findSources } from '../../../src/sources/open/find-sources.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, openView, type WorldStatus } from '../source-contract.ts';

/** An entry passes or does not; some lists have a word for what is under way. */
const ENTRIES: Record<WorldStatus, object> = {
  queued: { passes: false },
  running: { passes: false, status: 'in_progress' },
  completed: { passes: true },
  failed: { passes: false },
};

describeSourceContract('the feature list source', async () => {
  const directory = await temporaryDirectory();
  const path = directory.file('prd.json');
  const write = async (status: WorldStatus) => {
    const stories = [
      { id: 'US-1', title: 'Begin', passes: true },
      { id: 'US-2', title: 'Go on', ...ENTRIES[status] },
    ];
    await writeFile(path, JSON.stringify({ project: 'Hash the archive', userStories: stories }));
    // Nothing has passed for a day: only what stands in the list counts.
    await utimes(path, Date.now() / 1000 - 86_400, Date.now() / 1000 - 86_400 + Math.random());
  };

  return {
    source: createFeatureListSource({ id: sourceId('plan'), path, clock: hurriedClock }),
    failedIs: null,
    mostTasks: 1,
    async add({ status }) {
      await write(status);
      return 'prd.json';
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

it('runs once a feature has passed, is completed when all pass, and waits for its stories', async () => {
  await using directory = await temporaryDirectory();
  const path = directory.file('feature_list.json');
  const put = (...passes: boolean[]) =>
    writeFile(path, JSON.stringify(passes.map((one, index) => ({ description: `f${index}`, passes: one }))));
  await put(false, false);
  expect((await findSources(directory.path)).files).toEqual([{ path, format: 'feature-list' }]);
  const view = openView(createFeatureListSource({ id: sourceId('list'), path, clock: hurriedClock }));
  await view.live();
  expect(view.statuses()).toEqual({ 'feature_list.json': 'queued' });
  await put(true, false);
  await eventually(() => expect(view.statuses()).toEqual({ 'feature_list.json': 'running' }));
  expect(view.task('feature_list.json').steps[0]?.endedAt).not.toBeNull();
  await put(true, true);
  await eventually(() => expect(view.statuses()).toEqual({ 'feature_list.json': 'completed' }));
  await put();
  await eventually(() => expect(view.statuses()).toEqual({ 'feature_list.json': 'queued' }));
  await view.close();
});
