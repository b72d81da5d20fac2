import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { lazyWidths, quickYoga } from '../../scripts/bundle-plugins.ts';

/** Builds `screen-program.ts` (Node runs no .tsx) into a directory and tells where it is. */
export async function bundleScreen(directory: string): Promise<string> {
  const outfile = join(directory, 'program.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'screen-program.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    jsx: 'automatic',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    plugins: [quickYoga, lazyWidths, noDeveloperTools],
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
  });
  return outfile;
}

/** Ink would load React's developer tools, which are not installed, at every start of a bundle. */
const noDeveloperTools: Plugin = {
  name: 'no-developer-tools',
  setup(building) {
    building.onLoad({ filter: /ink[\\/]build[\\/]devtools\.js$/ }, () => ({ contents: '' }));
  },
};
