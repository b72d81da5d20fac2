import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../shared/fixtures');

/** Data that real programs wrote is beside the repository, not in it: tests that need it are skipped if it is absent. */
export const hasSharedFixtures = existsSync(ROOT);

export function sharedFixture(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Returns the path of a recorded directory, to be copied. */
export function sharedFixturePath(path: string): string {
  return join(ROOT, path);
}
