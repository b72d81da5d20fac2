/**
 * Writes `docs/api/`, a page for each sub-path of the package: what it exports, with every type reachable from it, as in the
 * emitted types. The pages are the reference, and their diff shows each change of the public interface.
 */
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setup } from '../test/build-if-stale.ts';
import { type Declared, openTypes, type Types } from './api-types.ts';
import { ROOT } from './bundles.ts';
import { typeEntries } from './public-types.ts';

const LIBRARY = join(ROOT, 'dist', 'lib');
const PAGES = join(ROOT, 'docs', 'api');

/** Returns the pages by their file names, made from what is built. */
export function apiDocs(): Map<string, string> {
  const types = openTypes(LIBRARY);
  const pages = [...typeEntries()].map(([path, file]) => {
    const name = path.replace('.', 'taskglass');
    return [`${name.replace('/', '-')}.md`, page(name, file, types)] as const;
  });
  return new Map(pages);
}

function page(name: string, file: string, types: Types): string {
  const exported = types.exportsOf(file);
  const shown = new Set([...exported.values()].flat());
  const inner = reachedFrom(shown, types);
  return [
    `# ${name}`,
    MADE_BY,
    types.aboutOf(file),
    '## Exports',
    ...[...exported].sort(byName).map(([as, declared]) => section(as, declared)),
    ...(inner.length === 0
      ? []
      : ['## Types that these lead to', INNER, ...inner.map((each) => section(each.name, [each]))]),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

const MADE_BY = '<!-- Made by: npm run docs:api. Change the sentences in src/, not this page. -->';
const INNER = 'They cannot be imported by name, but a change of one is a change of what is exported.';

/** Returns everything reachable from the exports, without the exports themselves, by name. */
function reachedFrom(exported: ReadonlySet<Declared>, types: Types): Declared[] {
  const reached = new Set(exported);
  for (const declared of reached) for (const used of types.usedBy(declared)) reached.add(used);
  return [...reached]
    .filter((declared) => !exported.has(declared))
    .sort((one, other) => compare(one.name, other.name));
}

function section(name: string, declared: readonly Declared[]): string {
  const parts = declared.map(({ about, text }) =>
    [about, `\`\`\`ts\n${text}\n\`\`\``].filter(Boolean).join('\n\n'),
  );
  return [`### ${name}`, ...parts].join('\n\n');
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) =>
  compare(one, other);
const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));

if (import.meta.main) {
  setup();
  mkdirSync(PAGES, { recursive: true });
  for (const old of readdirSync(PAGES)) rmSync(join(PAGES, old));
  for (const [file, text] of apiDocs()) writeFileSync(join(PAGES, file), text);
}

/** Returns the pages in the repository. */
export function writtenDocs(): Map<string, string> {
  const files = globSync('*.md', { cwd: PAGES });
  return new Map(files.map((file) => [file, readFileSync(join(PAGES, file), 'utf8')]));
}
