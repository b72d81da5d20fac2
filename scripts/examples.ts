/** Runs every example as its reader would, each in an empty folder with an empty home; fails if one does. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, extname, join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const EXAMPLES = join(ROOT, 'examples');
const TIMEOUT_MS = 60_000;

const COMMANDS: Readonly<Record<string, (file: string) => string[]>> = {
  '.ts': (file) => [process.execPath, file],
  '.tsx': (file) => [process.execPath, compiled(file)],
  '.sh': (file) => ['sh', file],
  '.py': (file) => ['python3', file],
};

const failed = readdirSync(EXAMPLES).filter((name) => extname(name) in COMMANDS && !succeeds(name));
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`);
  process.exit(1);
}

function succeeds(name: string): boolean {
  console.log(`\n— examples/${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'taskglass-example-'));
  try {
    const [command = '', ...args] = COMMANDS[extname(name)]?.(join(EXAMPLES, name)) ?? [];
    const { status, error } = spawnSync(command, args, {
      cwd: folder,
      env: {
        ...environment(),
        HOME: folder,
        PATH: `${withTaskglass(folder)}${delimiter}${process.env.PATH}`,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: TIMEOUT_MS,
    });
    if (error) console.error(error.message);
    return status === 0;
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(compiledPath(join(EXAMPLES, name)), { force: true });
  }
}

/** Our environment, without variables that would lead out of the empty home, to this user's own ledger, runs and sessions. */
function environment(): NodeJS.ProcessEnv {
  const leads = /^(XDG_|TASKGLASS_|MAESTRO_)/u;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !leads.test(name)));
}

/** Returns a folder for the PATH in which `taskglass` is this one. */
function withTaskglass(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(join(ROOT, 'bin', 'taskglass.js'), join(bin, 'taskglass'));
  return bin;
}

/** Compiles JSX, because Node runs only TypeScript. The result is beside its source, where it finds the same modules. */
function compiled(file: string): string {
  const outfile = compiledPath(file);
  buildSync({ entryPoints: [file], outfile, format: 'esm', jsx: 'automatic' });
  return outfile;
}

function compiledPath(file: string): string {
  return `${file}.compiled.mjs`;
}
