/** Builds what is published: the bundled command line with its worker, and the library as modules with types. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { z } from 'zod';
import {
  englishOnly,
  lazyBuiltins,
  lazyWidths,
  longSteps,
  quickYoga,
  withoutDevtools,
} from './bundle-plugins.ts';

const ROOT = join(import.meta.dirname, '..');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

/** What runs by itself, each bundled into one file: starting reads one file instead of a thousand. */
const PROGRAMS = {
  cli: 'src/cli/main.ts',
  'verify-worker': 'src/sources/nostr/verify-worker.ts',
  'jobs-worker': 'src/sources/job-runs/jobs-worker.ts',
};

/**
 * Modules imported with `import()` are in the same file, but run only when they are asked for. Names are kept and
 * lines short, so that a stack trace in a bug report can be read.
 */
const BUNDLE: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.13',
  jsx: 'automatic',
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: 'none',
  logLevel: 'warning',
  define: {
    'process.env.NODE_ENV': '"production"', // React's quick half
    'process.env.DEV': '"false"', // Ink's hook for React's developer tools
  },
  external: ['bufferutil', 'utf-8-validate', '@lydell/node-pty'], // looked for at run time, and done without
  plugins: [lazyBuiltins, englishOnly, withoutDevtools, quickYoga, lazyWidths, longSteps],
  // For the CommonJS modules in the bundle that `require` one of Node's own.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
};

await replacing(join(ROOT, 'dist'), async (outdir) => {
  await build({ ...BUNDLE, absWorkingDir: ROOT, entryPoints: PROGRAMS, outdir });
  // Emits without checking: that is `npm run typecheck`.
  execFileSync(process.execPath, [TSC, '-p', 'tsconfig.lib.json', '--outDir', join(outdir, 'lib')], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  await bundleChokidar(join(outdir, 'lib', 'sources', 'chokidar.js'));
  await writeSchemas(join(outdir, 'lib', 'present', 'document.js'), join(outdir, 'schemas'));
});

/**
 * The one dependency that asks for a newer Node than it needs (see the module): in its place in the library, with its
 * licence.
 */
async function bundleChokidar(outfile: string): Promise<void> {
  const licences = ['chokidar', 'readdirp'].map((name) =>
    readFileSync(join(ROOT, 'node_modules', name, 'LICENSE'), 'utf8').trim(),
  );
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/sources/chokidar.ts'],
    outfile,
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22.13',
    banner: { js: `/*\n${licences.join('\n\n')}\n*/` },
  });
  rmSync(outfile.replace(/js$/u, 'd.ts')); // would name types that are not installed
}

/** The documents of `--json` as JSON Schema, made from the schemas that the program itself keeps to. */
async function writeSchemas(module: string, directory: string): Promise<void> {
  const { SnapshotDocument, StreamLine } = await import(pathToFileURL(module).href);
  mkdirSync(directory);
  for (const [name, schema] of Object.entries({ snapshot: SnapshotDocument, 'stream-line': StreamLine })) {
    const text = JSON.stringify(z.toJSONSchema(schema), null, 2);
    writeFileSync(join(directory, `${name}.schema.json`), `${text}\n`);
  }
}

/** Makes a directory anew beside the old one, which is replaced only once that has succeeded. */
async function replacing(directory: string, make: (directory: string) => Promise<void>): Promise<void> {
  const fresh = mkdtempSync(`${directory}-`);
  try {
    await make(fresh);
    chmodSync(fresh, 0o755);
    rmSync(directory, { recursive: true, force: true });
    renameSync(fresh, directory);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
