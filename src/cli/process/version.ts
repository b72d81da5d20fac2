import { readFileSync } from 'node:fs';

/** Returns the version in `package.json`, which is above both `src/cli/` and `dist/`. */
export function packageVersion(): string {
  for (const above of ['../package.json', '../../../package.json']) {
    try {
      return String(JSON.parse(readFileSync(new URL(above, import.meta.url), 'utf8')).version);
    } catch {
      // try one folder further up
    }
  }
  return 'unknown';
}
