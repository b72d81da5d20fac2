import { cpSync, globSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outside, openOutside } from './helpers/outside.ts';

const ROOT = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** An empty folder, and the package as `npm publish` would send it. */
let outside: Outside;
let folder: string;
let tarball: string;
let packed: string[];

beforeAll(() => {
  outside = openOutside();
  folder = outside.folder;
  const taskglass = outside.pack();
  tarball = `./${basename(taskglass.tarball)}`;
  packed = taskglass.files;
});

afterAll(() => outside.close());

describe('the packed tarball', () => {
  it('holds the program, the library, the documents and nothing else', () => {
    const others = packed.filter(
      (path) => !/^(bin|dist|docs|man)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path),
    );
    expect(others).toEqual([]);
    expect(packed.filter((path) => /^(dist\/site|docs\/(api|tour))\//u.test(path))).toEqual([]);
    expect(packed).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'bin/hand-over.js',
        'dist/cli.cjs',
        'dist/jobs-worker.js',
        'dist/list-worker.js',
        'dist/verify-worker.js',
      ]),
    );
  });

  it('has its program in ASCII: one sign beyond that, and Node decodes all of it at each start', () => {
    const scripts = globSync('dist/cli*.cjs', { cwd: ROOT });
    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.filter((path) => readFileSync(join(ROOT, path)).some((byte) => byte > 0x7f))).toEqual([]);
  });

  it('runs by npx in an empty folder, with an empty home, and reads a file there', () => {
    cpSync(join(import.meta.dirname, 'fixtures', 'package', 'state.json'), join(folder, 'state.json'));
    const command = ['taskglass', 'state.json', '--once', '--json'];
    const snapshot = JSON.parse(npm(folder, 'exec', '--yes', '--package', tarball, '--', ...command));
    expect(snapshot).toMatchObject({
      version: 1,
      tasks: [{ name: 'Pack the box', status: 'running', progress: 50 }],
    });
  });
});

/** A project that has only this package. */
let project: string;

describe('what an installation takes', () => {
  let names: string[];
  let megabytes: number;

  beforeAll(() => {
    project = outside.project('project');
    npm(project, 'install', join(folder, tarball));
    const modules = join(project, 'node_modules');
    names = globSync('**/package.json', { cwd: modules })
      .filter((path) => /^(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+\/package\.json$/u.test(path))
      .map((path) => dirname(path).replace(/^.*node_modules\//u, ''));
    const blocks = globSync('**', { cwd: modules }).map((path) => lstatSync(join(modules, path)).blocks);
    megabytes = blocks.reduce((sum, count) => sum + count * BLOCK_BYTES, 0) / 1024 ** 2;
  });

  it('has the program, which says its version', () => {
    const program = join(project, 'node_modules', '.bin', 'taskglass');
    expect(outside.run(project, program, '--version')).toBe(`${manifest.version}\n`);
  });

  it('is at most 30 packages, each of them once', () => {
    expect(names.length).toBeGreaterThan(1);
    expect(names.length).toBeLessThanOrEqual(30);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('is at most 30 MB on the disk', () => {
    expect(megabytes).toBeGreaterThan(5);
    expect(megabytes).toBeLessThanOrEqual(30);
  });
});

describe('the library', () => {
  it('loads without Ink and React', () => {
    expect(load('taskglass')).toContain('createMonitor');
  });

  it('loads neither WebSockets nor the relay', () => {
    const files = filesLoadedBy('taskglass');
    expect(files.length).toBeGreaterThan(0);
    expect(
      files.filter((file) => /node_modules\/(ws|nostr-|@nostr-relay)|\/relay\/(?!on-demand)/u.test(file)),
    ).toEqual([]);
  });

  it('loads a source and a session only when it is read or opened', () => {
    const files = filesLoadedBy('taskglass').map((file) => file.replace(/.*\/dist\/lib\//u, ''));
    expect(files.length).toBeLessThan(300);
    const early = /^(session|sources\/(agui|attach|dashboard-state|nostr|sessions|job-runs|ledger))\//u;
    expect(files.filter((file) => early.test(file)).sort()).toEqual([
      'session/on-demand.js',
      'session/session-error.js',
      'sources/agui/on-demand.js',
      'sources/attach/on-demand.js',
      'sources/dashboard-state/on-demand.js',
      'sources/nostr/on-demand.js',
      'sources/sessions/maestro-client.js',
      'sources/sessions/on-demand.js',
    ]);
  });

  it('opens a session from a program of plain Node', () => {
    cpSync(join(import.meta.dirname, 'fixtures', 'package', 'state.json'), join(project, 'state.json'));
    const program = `
      import { openSession } from 'taskglass';
      const session = await openSession({ cwd: '.', env: { TASKGLASS_HOME: './home' } });
      await session.settled();
      console.log(JSON.stringify(session.tasks().map(({ task }) => [task.name, task.state.status])));
      await session.close();`;
    const printed = outside.run(project, process.execPath, '--input-type=module', '--eval', program);
    expect(JSON.parse(printed)).toEqual([['Pack the box', 'running']]);
  });

  it('loads by every name it exports', () => {
    npm(project, 'install', `ink@${manifest.devDependencies.ink}`, `react@${manifest.devDependencies.react}`);
    const names = Object.keys(manifest.exports).map((path) =>
      path.replace('.', 'taskglass').replace('*', 'snapshot.schema'),
    );
    expect(names.map((name) => [name, load(name).length > 0])).toEqual(names.map((name) => [name, true]));
  });

  it('has every worker, which no module imports', () => {
    const named = (paths: string[]) => paths.map((path) => basename(path)).sort();
    const ofTheProgram = named(packed.filter((path) => /^dist\/[^/]+-worker\.js$/.test(path)));
    const ofTheLibrary = named(packed.filter((path) => /^dist\/lib\/.*-worker\.js$/.test(path)));
    expect(ofTheProgram).not.toEqual([]);
    expect(ofTheLibrary).toEqual(ofTheProgram);
  });

  it('has types that stand in the strictest of programs', () => {
    const names = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'));
    const imports = names.map((path, at) => `export * as m${at} from '${path.replace('.', 'taskglass')}';`);
    writeFileSync(join(project, 'all.ts'), imports.join('\n'));
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: STRICTEST, files: ['all.ts'] }),
    );
    symlinkSync(join(ROOT, 'node_modules/@types'), join(project, 'node_modules/@types'));
    expect(outside.run(project, process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'))).toBe('');
  });

  it('depends on what it imports, and on nothing else', () => {
    const imported = globSync('dist/lib/**/*.js', { cwd: ROOT }).flatMap(packagesImportedBy);
    const expected = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    expect([...new Set(imported)].sort()).toEqual(expected.sort());
  });

  /** The files that a program loads which does nothing but import a module. */
  function filesLoadedBy(name: string): string[] {
    const program = `
      const { registerHooks } = await import('node:module');
      const files = [];
      registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
      await import('${name}');
      console.log(JSON.stringify(files.filter((url) => url.startsWith('file:'))));`;
    return JSON.parse(outside.run(project, process.execPath, '--input-type=module', '--eval', program));
  }

  /** The names that a module exports, loaded by a program of its own in a project that has the package installed. */
  function load(name: string): string[] {
    const type = name.endsWith('.json') ? "{ with: { type: 'json' } }" : '{}';
    const program = `console.log(JSON.stringify(Object.keys(await import('${name}', ${type}))))`;
    return JSON.parse(outside.run(project, process.execPath, '--input-type=module', '--eval', program));
  }
});

/** The unit in which a system tells what a file takes. */
const BLOCK_BYTES = 512;
const STRICTEST = {
  module: 'nodenext',
  target: 'es2024',
  lib: ['es2024'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
};

function packagesImportedBy(path: string): string[] {
  const source = readFileSync(join(ROOT, path), 'utf8');
  const { staticImports, staticExports, dynamicImports } = parseSync(path, source).module;
  const modules = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...dynamicImports.map(({ moduleRequest }) =>
      source.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    ),
  ];
  return modules
    .filter((module) => /^[@\w]/.test(module) && !isBuiltin(module))
    .map((module) => module.split('/', module.startsWith('@') ? 2 : 1).join('/'));
}

function npm(cwd: string, ...args: string[]): string {
  return outside.run(cwd, 'npm', ...args);
}
