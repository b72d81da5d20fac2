/** Builds what is published: the bundled command line with its worker, and the library as modules with types. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { z } from 'zod';
import { asScripts } from './as-script.ts';
import { COMMAND_LINE, LAYOUT, LIBRARY_MODULES, ROOT, WORKERS } from './bundles.ts';
import { bundledPackages, noticesText } from './notices.ts';
import { removeInnerTypes } from './public-types.ts';

const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

await replacing(join(ROOT, 'dist'), async (outdir) => {
  const programs = await Promise.all([build({ ...COMMAND_LINE, outdir }), build({ ...WORKERS, outdir })]);
  await asScripts(programs[0].metafile, ROOT, LAYOUT);
  // Emits without type checking: `npm run typecheck` does that.
  execFileSync(process.execPath, [TSC, '-p', 'tsconfig.lib.json', '--outDir', join(outdir, 'lib')], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const modules = await build({ ...LIBRARY_MODULES, outdir: join(outdir, 'lib'), allowOverwrite: true });
  removeInnerTypes(join(outdir, 'lib'));
  const packages = bundledPackages(
    ROOT,
    [...programs, modules].map(({ metafile }) => metafile),
  );
  writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES.txt'), noticesText(packages));
  await writeSchemas(join(outdir, 'lib'), join(outdir, 'schemas'));
});

/** Writes the JSON Schemas of what programs read from us, from the schemas that the program itself uses. */
async function writeSchemas(library: string, directory: string): Promise<void> {
  const load = (module: string) => import(pathToFileURL(join(library, module)).href);
  const { SnapshotDocument, StreamLine } = await load('model/document.js');
  const { DoctorReport } = await load('model/doctor-report.js');
  const { NotificationDocument } = await load('notify/document-schema.js');
  const schemas = {
    snapshot: SnapshotDocument,
    'stream-line': StreamLine,
    doctor: DoctorReport,
    notification: NotificationDocument,
  };
  mkdirSync(directory);
  for (const [name, schema] of Object.entries(schemas)) {
    const text = JSON.stringify(z.toJSONSchema(schema), null, 2);
    writeFileSync(join(directory, `${name}.schema.json`), `${text}\n`);
  }
}

/** Makes a directory beside the old one, which is replaced only once that has succeeded. */
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
