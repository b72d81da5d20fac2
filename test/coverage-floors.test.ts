import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import config from '../vitest.config.ts';

/** What runs almost entirely in processes that a test starts, where nothing is counted. */
const WITHOUT_FLOOR = ['demo'];

it('each room has a floor for its coverage, unless there is a reason', () => {
  const rooms = readdirSync(join(import.meta.dirname, '../src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const coverage = config.test?.coverage as { readonly thresholds?: object } | undefined;
  const floors = Object.keys(coverage?.thresholds ?? {}).filter((key) => key.includes('/'));
  const wanted = rooms.filter((room) => !WITHOUT_FLOOR.includes(room)).map((room) => `src/${room}/**`);
  expect(floors.sort()).toEqual(wanted.sort());
});
