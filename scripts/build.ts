/** Builds what is published: the bundled command line with its worker, and the library as modules with types. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { z } from 'zod';
import { asScripts } from './as-script.ts';
import { COMMAND_LINE, LIBRARY_MODULES, ROOT, WORKERS } from './bundles.ts';
import { bundledPackages, noticesText } from './notices.ts';

const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

await replacing(join(ROOT, 'dist'), async (outdir) => {
  const programs = await Promise.all([build({ ...COMMAND_LINE, outdir }), build({ ...WORKERS, outdir })]);
  await asScripts(programs[0].metafile, ROOT);
  // Emits without checking: that is `npm run typecheck`.
  execFileSync(process.execPath, [TSC, '-p', 'tsconfig.lib.json', '--outDir', join(outdir, 'lib')], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const modules = await build({ ...LIBRARY_MODULES, outdir: join(outdir, 'lib'), allowOverwrite: true });
  for (const name of Object.keys(LIBRARY_MODULES.entryPoints)) rmSync(join(outdir, 'lib', `${name}.d.ts`)); // would name types that are not installed
  const packages = bundledPackages(
    ROOT,
    [...programs, modules].map(({ metafile }) => metafile),
  );
  writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES.txt'), noticesText(packages));
  await writeSchemas(join(outdir, 'lib', 'model', 'document.js'), join(outdir, 'schemas'));
});

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
