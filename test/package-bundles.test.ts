/** What is bundled, and what the library leaves to be installed: whose it is, and whether it declares what it needs. */
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { scriptsOf } from '../scripts/as-script.ts';
import { COMMAND_LINE, LAYOUT, LIBRARY_MODULES, ROOT, WORKERS } from '../scripts/bundles.ts';
import { bundledPackages, packageDirectoryOf } from '../scripts/notices.ts';

let bundles: Metafile[];
let library: Metafile;

beforeAll(async () => {
  const built = [COMMAND_LINE, WORKERS, LIBRARY_MODULES].map((options) =>
    build({ ...options, write: false, outdir: 'nowhere' }),
  );
  bundles = (await Promise.all(built)).map(({ metafile }) => metafile);
  ({ metafile: library } = await build({
    absWorkingDir: ROOT,
    entryPoints: entriesOfTheLibrary(),
    outdir: 'nowhere',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['bufferutil', 'utf-8-validate', 'react-devtools-core'],
  }));
});

describe('the notices', () => {
  const notices = () => readFileSync(join(ROOT, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');

  it('hold the licence of every package of which something is in a bundle', () => {
    const directories = new Set(
      bundles.flatMap(contributors).flatMap((path) => packageDirectoryOf(path) ?? []),
    );
    expect(directories.size).toBeGreaterThan(40);
    const text = notices();
    const missing = [...directories].filter((directory) => {
      const { name, version } = manifestOf(directory);
      const licences = globSync('{LICENSE,LICENCE,COPYING}*', { cwd: join(ROOT, directory) });
      const words = licences.map((file) => readFileSync(join(ROOT, directory, file), 'utf8').trim());
      return ![`${name} ${version} (`, ...words].every((part) => text.includes(part));
    });
    expect(missing).toEqual([]);
  });

  it('name a holder in each of their sections', () => {
    const sections = notices()
      .split(/^-{80}\n(?=\S+ \d)/mu)
      .slice(1);
    expect(sections.filter((section) => !/copyright|public domain|Blue Oak/iu.test(section))).toEqual([]);
    expect(sections).toHaveLength(bundledPackages(ROOT, bundles).length);
  });
});

describe('packages that use others', () => {
  it('declare them, where they are installed with the library', () => {
    expect(undeclared(library)).toEqual([]);
  });

  it('are bundled where they do not', () => {
    expect(bundles.flatMap(undeclared)).toContain('@nostr-relay/common uses @noble/hashes');
    expect(
      Object.keys(manifestOf('.').dependencies).filter((name) => name.startsWith('@nostr-relay/')),
    ).toEqual([]);
  });
});

describe('the scripts of the command line', () => {
  /** The modules that are in each script. */
  const scripts = (): Partial<Record<string, string[]>> => {
    const { outputs } = bundles[0] as Metafile;
    const modules = [...scriptsOf(outputs, LAYOUT, 'HASH')].flatMap(([output, script]) =>
      Object.keys(outputs[output]?.inputs ?? {}).map((module) => ({ module, script })),
    );
    const grouped = Object.entries(Object.groupBy(modules, ({ script }) => script.replace('-HASH', '')));
    return Object.fromEntries(
      grouped.map(([script, list]) => [script, list?.map(({ module }) => module) ?? []]),
    );
  };
  const SESSION = /^src\/(monitor|store\/reduce|sources\/open\/file-source)\.ts$/;

  it.each([
    // What asks an open view how things stand reads this one alone.
    [
      'cli',
      /\/(zod|chokidar|yaml|conf|@noble|@scure|nostr-[a-z]+|ws)\/|^src\/(monitor|ledger\/service|session\/open-)/,
    ],
    [
      'cli-files',
      /\/(zod|chokidar|conf|@noble|nostr-[a-z]+|ws)\/|^src\/(monitor|ledger\/service|session\/open-|ui\/screen)/,
    ],
    ['cli-ledger', SESSION],
    ['cli-ledger', /\/zod\//],
    [
      'cli-session',
      /\/(zod|yaml|conf|ws|nostr-wasm)\/|^src\/(ui\/(screen|keymap)|agents\/claude\/source|sources\/github)/,
    ],
    ['cli-sources', /\/(zod|ws|nostr-[a-z]+)\/|^src\/ui\//],
    ['cli-run', /\/(@noble|nostr-[a-z]+|ws|@modelcontextprotocol)\//],
  ])('leave out of %s what it does without: %s', (script, without) => {
    const modules = scripts()[script] ?? [];
    expect(modules.length).toBeGreaterThan(20);
    expect(modules.filter((module) => without.test(module))).toEqual([]);
  });

  it('have in the first one all that asks an open view how things stand', () => {
    const asking = ['cli/commands/status/run-status', 'serve/json-socket', 'storage/runtime-directory'];
    expect(scripts().cli).toEqual(expect.arrayContaining(asking.map((module) => `src/${module}.ts`)));
    expect(scripts()['cli-session']?.filter((module) => SESSION.test(module))).toHaveLength(3);
  });

  it('have each of the parts, and are no more than they', () => {
    const parts = Object.keys(LAYOUT.parts).map((part) => `cli-${part}`);
    expect(Object.keys(scripts()).sort()).toEqual(['cli', ...parts].sort());
  });
});

it('nothing is run when the package is installed', () => {
  const { scripts } = manifestOf('.');
  const atInstallation = [
    'preinstall',
    'install',
    'postinstall',
    'prepublish',
    'preprepare',
    'prepare',
    'postprepare',
  ];
  expect(atInstallation.filter((name) => name in scripts)).toEqual([]);
});

function entriesOfTheLibrary(): string[] {
  const entries = Object.values<{ default?: string }>(manifestOf('.').exports);
  return entries.flatMap((entry) => entry.default ?? []);
}

/** The files of which something is in what was built. */
function contributors({ outputs }: Metafile): string[] {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
}

/** Which packages import which others, without that these are among their dependencies. */
function undeclared({ inputs }: Metafile): string[] {
  const found = Object.entries(inputs).flatMap(([path, { imports }]) => {
    const directory = packageDirectoryOf(path);
    if (directory === null) return [];
    const { name, dependencies, peerDependencies, optionalDependencies } = manifestOf(directory);
    const declared = { ...dependencies, ...peerDependencies, ...optionalDependencies, [name]: '' };
    return imports
      .map(({ original, path: target }) => original ?? target)
      .filter((module) => /^[@\w]/u.test(module) && !isBuiltin(module) && !module.startsWith('node_modules/'))
      .map((module) => module.split('/', module.startsWith('@') ? 2 : 1).join('/'))
      .filter((used) => !(used in declared))
      .map((used) => `${name} uses ${used}`);
  });
  return [...new Set(found)].sort();
}

function manifestOf(directory: string) {
  return JSON.parse(readFileSync(join(ROOT, directory, 'package.json'), 'utf8'));
}
