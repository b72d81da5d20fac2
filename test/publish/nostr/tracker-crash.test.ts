import { expect, test } from 'vitest';
import { runCrashTrial } from '../../helpers/tracker-crash.ts';

test('a provider that is killed 15 times at random moments loses no end, and tells none twice', async () => {
  expect(await runCrashTrial({ kills: 15, random: Math.random })).toEqual({
    kills: 15,
    jobs: 30,
    lost: 0,
    duplicates: 0,
    torn: 0,
  });
}, 120_000);
