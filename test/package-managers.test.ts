/** The package as others install it: whatever keeps their packages, and whichever Ink they have. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Outside, openOutside } from './helpers/outside.ts';

// For what hangs: a registry may be slow.
vi.setConfig({ testTimeout: 180_000 });

const FIXTURES = join(import.meta.dirname, 'fixtures', 'package');

let outside: Outside;
let tarball: string;

beforeAll(() => {
  outside = openOutside();
  tarball = outside.pack().tarball;
});

afterAll(() => outside.close());

/** What a program of the project says that loads each entry, and publishes a task by a relay of its own and to a file. */
function tryLibrary(project: string): string {
  cpSync(join(FIXTURES, 'use-library.mjs'), join(project, 'use-library.mjs'));
  return outside.run(project, process.execPath, 'use-library.mjs');
}

const WORKS = 'entries loaded: 6\nfile written: true\nrelay answered: true\n';

describe('the library works as installed by', () => {
  it('npm, beside other versions of what its dependencies use', () => {
    const project = outside.project('npm');
    outside.run(project, 'npm', 'install', tarball, '@noble/hashes@2', '@noble/curves@2', 'zod@3', 'rxjs@6');
    expect(tryLibrary(project)).toBe(WORKS);
  });

  it('pnpm, where each package sees only what it has declared', ({ skip }) => {
    const pnpm = fetched('pnpm@10', 'pnpm/bin/pnpm.cjs');
    if (!pnpm) return skip('the registry does not offer pnpm');
    const project = outside.project('pnpm');
    const store = join(outside.folder, 'pnpm-store');
    outside.run(project, process.execPath, pnpm, 'add', '--store-dir', store, tarball);
    expect(tryLibrary(project)).toBe(WORKS);
    expect(outside.run(project, join(project, 'node_modules', '.bin', 'taskglass'), '--version')).toMatch(
      /^\d+\.\d+\.\d+/u,
    );
  });

  it('Yarn, whose Plug’n’Play has no folder of packages', ({ skip }) => {
    const yarn = fetched('@yarnpkg/cli-dist@4', '@yarnpkg/cli-dist/bin/yarn.js');
    if (!yarn) return skip('the registry does not offer Yarn');
    const project = outside.project('yarn');
    const registry = outside.run(project, 'npm', 'config', 'get', 'registry').trim();
    writeFileSync(join(project, 'yarn.lock'), '');
    writeFileSync(join(project, '.yarnrc.yml'), `npmRegistryServer: "${registry}"\nenableTelemetry: false\n`);
    outside.run(project, process.execPath, yarn, 'add', `taskglass@file:${tarball}`);
    cpSync(join(FIXTURES, 'use-library.mjs'), join(project, 'use-library.mjs'));
    expect(outside.run(project, process.execPath, yarn, 'node', 'use-library.mjs')).toBe(WORKS);
  });
});

describe('the React parts', () => {
  it.each(['6', '7', '8'])('are installed beside Ink %s without a conflict, and draw', (version) => {
    const project = outside.project(`ink-${version}`);
    outside.run(project, 'npm', 'install', tarball, `ink@${version}`, 'react@19');
    cpSync(join(FIXTURES, 'use-react.mjs'), join(project, 'use-react.mjs'));
    expect(outside.run(project, process.execPath, 'use-react.mjs')).toBe(
      'Encode the film\nmux 40%\n1 running: true\nended: well\n',
    );
  });
});

/** The path of a file in a package that is fetched for this test; null where the registry does not offer it. */
function fetched(spec: string, file: string): string | null {
  const tools = join(outside.folder, 'tools');
  try {
    outside.run(outside.folder, 'npm', 'install', '--prefix', tools, '--ignore-scripts', spec);
    return join(tools, 'node_modules', file);
  } catch {
    return null;
  }
}
