/** Which of the emitted types the package shows: those that its entries lead to. */
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { ROOT } from './bundles.ts';

/** Returns the name of each sub-path with types (`.`, `./track`), and its types below `dist/lib/`. */
export function typeEntries(): Map<string, string> {
  const { exports }: { exports: Record<string, { types?: string }> } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const entries = Object.entries(exports).flatMap(([name, { types }]) =>
    types === undefined ? [] : [[name, types.replace('./dist/lib/', '')] as const],
  );
  return new Map(entries);
}

/**
 * Removes the types that no entry leads to: half of the files, which nobody can import. Those of bundled packages are among
 * them; they would refer to types that are not installed.
 */
export function removeInnerTypes(library: string): void {
  const shown = new Set<string>();
  const show = (file: string) => {
    if (shown.has(file)) return;
    shown.add(file);
    const text = readFileSync(join(library, file), 'utf8');
    for (const [, name = ''] of text.matchAll(RELATIVE_MODULE)) show(typesOf(file, name));
  };
  for (const file of typeEntries().values()) show(file);
  for (const file of globSync('**/*.d.ts', { cwd: library })) {
    if (!shown.has(normalize(file))) rmSync(join(library, file));
  }
}

const RELATIVE_MODULE = /(?:\bfrom|\bimport\(|^import) ?['"](\.[^'"]+)['"]/gmu;

/** Returns the file with the types of the module that `importer` calls `name`. */
export function typesOf(importer: string, name: string): string {
  return join(importer, '..', name.replace(/\.(?:[jt]sx?)$/u, '.d.ts'));
}
