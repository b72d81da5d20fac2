import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const MADE_FROM = [
  'src',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.lib.json',
];

/** What runs `dist/` (the program, its tests, the examples) has it built where something it is made from is newer. */
export function setup(): void {
  const builtAt = modifiedAt('dist/cli.cjs');
  if (MADE_FROM.some((path) => newestIn(path) > builtAt)) {
    execFileSync(process.execPath, ['scripts/build.ts'], { cwd: ROOT, stdio: 'inherit' });
  }
}

if (import.meta.main) setup();

function newestIn(path: string): number {
  if (!statSync(join(ROOT, path)).isDirectory()) return modifiedAt(path);
  const entries = readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' });
  return Math.max(...entries.map((entry) => modifiedAt(join(path, entry))));
}

function modifiedAt(path: string): number {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
