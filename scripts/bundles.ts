/** What is bundled, and how: the programs and the library. */
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import type { Parts } from './as-script.ts';
import { englishOnly, inParts, lazyBuiltins, lazyWidths } from './bundle-plugins.ts';

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
  define: {
    'process.env.WS_NO_BUFFER_UTIL': '"1"', // ws would look for them in every node_modules above
    'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
  },
  external: ['@lydell/node-pty'], // looked for at run time, and optional
} satisfies BuildOptions;

const PLUGINS = [lazyBuiltins, englishOnly, lazyWidths];

/**
 * The parts that have files of their own, so that a command that does not need one does not even read it. Everything else is in
 * the first file: what every command needs, and the shortest commands.
 */
const PARTS: Parts = {
  watches: { holds: /\/io\/chokidar\.ts$/ },
  /** Reads and writes files for several of the others. */
  files: { after: ['watches'] },
  ledger: {
    holds: /\/commands\/ledger\/(verbs|scheduler)\.ts$|\/ledger\/(run-command|service)\.ts$/,
    after: ['files'],
  },
  hooks: { holds: /\/commands\/hooks\/run-[a-z-]+\.ts$/, after: ['files'] },
  tasks: { holds: /\/commands\/task\/(verbs|with-place)\.ts$/, after: ['files'] },
  completion: { holds: /\/commands\/complete\/(run-complete|tasks-here)\.ts$/, after: ['tasks'] },
  /** Opens a session, reads a file of tasks and prints it. */
  session: {
    holds:
      /\/cli\/session\/(session|tell-status)\.ts$|\/view\/run-view\.ts$|\/outputs\/plain\.ts$|\/src\/session\/history\.ts$|\/open\/file-source\.ts$|\/dashboard-state\/source\.ts$/,
    after: ['files'],
  },
  /** Looks for sources, and reads all others on this machine. */
  sources: {
    holds:
      /\/(agents|sources)\/(?!agui|attach|backlog|nostr)[a-z-]+\/(source|open|place|directory-source)\.ts$|\/open\/(search-directory|stdin)\.ts$/,
    after: ['ledger', 'hooks', 'tasks', 'session'],
  },
  /** The other commands that open a session. */
  'session-commands': {
    holds: /\/commands\/(config|logs|send|wait)\/run-[a-z-]+\.ts$|\/outputs\/(speech\/speak|json)\.ts$/,
    after: ['session'],
  },
  screen: { holds: /\/outputs\/screen\.ts$/, after: ['session-commands'] },
  run: { holds: /\/commands\/run\/run-[a-z-]+\.ts$/, after: ['ledger', 'session'] },
  /** What runs for longer, or communicates with others. */
  services: {
    holds:
      /\/(open-nostr|server-access|signing-key|reporter|maestro-(server|directory)|open-ssh|open-log|test-command)\.ts$|\/ledger\/(transfer-)?format\.ts$|\/(agui|attach|backlog)\/source\.ts$|\/commands\/ledger\/breakdown\.ts$|\/commands\/(demo|doctor|eta|key|mcp|notify|publish|record|relay|serve|watch)\/run-[a-z-]+\.ts$|\/demo\/worker\.ts$|^conf$/,
    after: ['sources', 'screen', 'run'],
  },
};

const ENTRY = 'src/cli/main.ts';

/** How the scripts of the command line are laid out. */
export const LAYOUT = { entry: ENTRY, parts: PARTS };

/**
 * The command line. Whatever is imported with `import()` becomes a module of its own, and so does what several of those share:
 * hundreds of modules, which the build combines into a dozen scripts.
 */
export const COMMAND_LINE = {
  ...PROGRAM,
  entryPoints: { cli: ENTRY },
  splitting: true,
  entryNames: '[name]-[hash]',
  chunkNames: 'cli-[hash]',
  plugins: [inParts(PARTS), ...PLUGINS],
} satisfies BuildOptions;

/** What runs in threads and processes of its own, each in one file beside those of the command line. */
export const WORKERS = {
  ...PROGRAM,
  banner: { js: REQUIRE },
  entryPoints: {
    'verify-worker': 'src/nostr/verify-worker.ts',
    'jobs-worker': 'src/sources/job-runs/jobs-worker.ts',
    'list-worker': 'src/io/json-list/list-worker.ts',
  },
  plugins: PLUGINS,
} satisfies BuildOptions;

/**
 * Modules of the library that stand for packages on which it does not depend; each says why. Each is replaced by the package,
 * in its place below `dist/lib/`.
 */
export const LIBRARY_MODULES = {
  ...COMMON,
  entryPoints: {
    'io/chokidar': 'src/io/chokidar.ts',
    'io/yaml': 'src/io/yaml.ts',
    'relay/nostr-relay': 'src/relay/nostr-relay.ts',
    'sources/agui/event-source-parser': 'src/sources/agui/event-source-parser.ts',
  },
  banner: { js: `// Bundled; whose it is stands in dist/THIRD-PARTY-NOTICES.txt.\n${REQUIRE}` },
} satisfies BuildOptions;
