import { expect, test } from 'vitest';
import { runKillTrial, runSharingTrial } from '../../helpers/ledger-trials.ts';

test('processes that write at once lose nothing and meet no lock', async () => {
  const figures = await runSharingTrial(3, 60);
  expect(figures).toMatchObject({ lines: 180, unequal: 0, complaints: '' });
}, 120_000);

test('a writer that is killed leaves a whole ledger', async () => {
  let n = 0;
  const figures = await runKillTrial(5, () => (n++ * 0.37) % 1);
  expect(figures).toMatchObject({ kills: 5, broken: 0, complaints: '' });
  expect(figures.lines).toBeGreaterThan(1);
}, 120_000);
