import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import config from '../vitest.config.ts';

const ROOT = join(import.meta.dirname, '..');

interface Project {
  readonly test: { readonly name: string; readonly include: readonly string[] };
}

it('a file that replaces a module, or counts threads, has a process of its own: others may have loaded or started some', () => {
  const needing = globSync('test/**/*.test.{ts,tsx}', { cwd: ROOT }).filter((path) =>
    /^vi\.(?:do)?mock\(|\.report\.getReport\(/mu.test(readFileSync(join(ROOT, path), 'utf8')),
  );
  const projects = config.test?.projects as readonly Project[] | undefined;
  const isolated = projects?.find(({ test }) => test.name === 'isolated')?.test.include;
  expect(isolated?.toSorted()).toEqual(needing.sort());
});
