import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../shared/fixtures');

/** Data that real programs wrote lies beside the repository, not in it: tests of it are skipped where it is absent. */
export const hasSharedFixtures = existsSync(ROOT);

export function sharedFixture(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Where a recorded directory lies, to be copied. */
export function sharedFixturePath(path: string): string {
  return join(ROOT, path);
}
