import { join } from 'node:path';
import { build } from 'esbuild';
import { lazyWidths } from '../../scripts/bundle-plugins.ts';

/** Builds `screen-program.ts` into a directory and returns where it is. */
export async function bundleScreen(directory: string): Promise<string> {
  const outfile = join(directory, 'program.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'screen-program.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    plugins: [lazyWidths],
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
  });
  return outfile;
}
