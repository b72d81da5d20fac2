import { accessSync, constants, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HookProgram, InstalledHook } from '../../../agents/claude/hooks/installed.ts';
import { isExecutable } from '../../../io/find-executable.ts';
import { packageVersion } from '../../process/version.ts';

/** Returns what newly installed hooks start: this Node, with the program in this package's `bin/`. */
export function ownHookProgram(holdS: number): HookProgram {
  const places = ['../bin/claude-hook.js', '../../../../bin/claude-hook.js'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const file = places.find((place) => existsSync(place)) ?? places[0] ?? '';
  return { node: process.execPath, file, version: packageVersion(), holdS };
}

/** Tells whether a package lies in npx's cache, from where it may disappear at any time. */
export function isTransient({ file }: HookProgram): boolean {
  return /[/\\]_npx[/\\]/u.test(file);
}

/** Returns the paths that the hooks need but that do not exist, without duplicates. */
export function missingFiles(hooks: readonly InstalledHook[]): string[] {
  const programs = hooks.flatMap(({ program }) => program ?? []);
  const missing = programs.flatMap(({ node, file }) => [
    ...(isExecutable(node) ? [] : [node]),
    ...(isReadable(file) ? [] : [file]),
  ]);
  return [...new Set(missing)];
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
