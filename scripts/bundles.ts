/** What is bundled, and how: the programs and the library. */
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import {
  englishOnly,
  inParts,
  lazyBuiltins,
  lazyWidths,
  quickYoga,
  withoutDevtools,
  yogaInScript,
} from './bundle-plugins.ts';

export const ROOT = join(import.meta.dirname, '..');

/** Names are kept and lines short, so that a stack trace in a bug report can be read. */
const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.13',
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: 'none', // all of them are in the notices
  logLevel: 'warning',
  metafile: true,
} as const satisfies BuildOptions;

/** For the CommonJS modules in a bundle that `require` one of Node's own. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);";

/** What the programs have in common. */
const PROGRAM = {
  ...COMMON,
  jsx: 'automatic',
  define: {
    'process.env.NODE_ENV': '"production"', // React's quick half
    'process.env.DEV': '"false"', // Ink's hook for React's developer tools
    'process.env.WS_NO_BUFFER_UTIL': '"1"', // ws would look for them in every node_modules above
    'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
  },
  external: ['@lydell/node-pty'], // looked for at run time, and done without
} satisfies BuildOptions;

const PLUGINS = [lazyBuiltins, englishOnly, withoutDevtools, quickYoga, yogaInScript, lazyWidths];

/**
 * What `import()` fetches from a file of its own, so that a short command neither reads nor parses it: the screen, and
 * what lives longer than a moment or speaks to others. A short command starts a third of that time later with each
 * dozen files, so these are two parts and no more.
 */
const PARTS = {
  screen: /\/outputs\/screen\.ts$/,
  services:
    /\/(open-nostr|server-access|signing-key|reporter|maestro-(server|directory))\.ts$|\/ledger\/(transfer-)?format\.ts$|\/(agui|attach|backlog)\/source\.ts$|\/commands\/ledger\/breakdown\.ts$|\/commands\/(demo|eta|key|publish|record|relay|run|serve)\/run-[a-z-]+\.ts$|\/demo\/worker\.ts$|^conf$/,
};

/** What a part waits for before it is handed out. */
const AWAITED = { screen: 'yoga-layout' };

/**
 * The command line: `cli` and what it shares with its parts, in a handful of files instead of a thousand. The build
 * makes scripts of these modules (`as-script.ts`).
 */
export const COMMAND_LINE = {
  ...PROGRAM,
  entryPoints: { cli: 'src/cli/main.ts' },
  splitting: true,
  entryNames: '[name]-[hash]',
  chunkNames: 'cli-[hash]',
  plugins: [inParts(PARTS, AWAITED), ...PLUGINS],
} satisfies BuildOptions;

/** What runs in threads and processes of its own, each in one file beside those of the command line. */
export const WORKERS = {
  ...PROGRAM,
  banner: { js: REQUIRE },
  entryPoints: {
    'verify-worker': 'src/nostr/verify-worker.ts',
    'jobs-worker': 'src/sources/job-runs/jobs-worker.ts',
  },
  plugins: PLUGINS,
} satisfies BuildOptions;

/**
 * Modules of the library that stand for packages which are no dependencies of it; why, they say themselves. Each is
 * replaced by the package, in its place below `dist/lib/`.
 */
export const LIBRARY_MODULES = {
  ...COMMON,
  entryPoints: {
    'io/chokidar': 'src/io/chokidar.ts',
    'relay/nostr-relay': 'src/relay/nostr-relay.ts',
  },
  banner: { js: `// Bundled; whose it is stands in dist/THIRD-PARTY-NOTICES.txt.\n${REQUIRE}` },
} satisfies BuildOptions;
