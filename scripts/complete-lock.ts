/**
 * Adds to package-lock.json the optional packages for other platforms that npm left out because its registry does not offer
 * them (a mirror may have only some). Without them, `npm ci` refuses the file, on those platforms and here. Run it after adding
 * a dependency; if nothing is missing, it changes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOCK = join(import.meta.dirname, '..', 'package-lock.json');
const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
];
const LIBRARIES: Readonly<Record<string, string>> = {
  musl: 'musl',
  musleabihf: 'musl',
  gnu: 'glibc',
  gnueabihf: 'glibc',
};

interface Entry {
  version: string;
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  [key: string]: unknown;
}

const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(LOCK, 'utf8'));
const { packages } = lock;
for (const [path, { dev = false, optionalDependencies = {} }] of Object.entries(packages)) {
  if (path === '') continue; // our own versions are ranges
  for (const [name, range] of Object.entries(optionalDependencies)) add(path, name, range, dev);
}
const paths = Object.keys(packages).sort((one, other) => one.localeCompare(other, 'en'));
lock.packages = Object.fromEntries(paths.map((path) => [path, packages[path] as Entry]));
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);

/** Adds it where the package at `parent` finds it: at the top, or below itself if another version is at the top. */
function add(parent: string, name: string, range: string, dev: boolean): void {
  const [atTop, below] = [`node_modules/${name}`, `${parent}/node_modules/${name}`];
  const version = range.replace(/^[~^]/, '');
  const fits = packages[atTop] && (range !== version || packages[atTop].version === version);
  if (fits || packages[below]) return;
  packages[packages[atTop] ? below : atTop] = entryOf(name, version, dev);
}

/** The platform is in the name: `binding-linux-arm64-musl`, `cli-darwin-x64`. */
function entryOf(name: string, version: string, dev: boolean): Entry {
  const words = name
    .split(/[/-]/)
    .map((word) => (word === 'arm' || word === 'wasi' ? word : word.replace(/eabi.*/, '')));
  const [os, cpu] = [SYSTEMS, PROCESSORS].map((known) => words.filter((word) => known.includes(word)));
  const libc = name.split('-').flatMap((word) => LIBRARIES[word] ?? []);
  return {
    version,
    ...(cpu?.length ? { cpu } : {}),
    ...(dev ? { dev } : {}),
    ...(libc.length ? { libc } : {}),
    license: 'MIT',
    optional: true,
    ...(os?.length ? { os } : {}),
  };
}
