import { dirname, join } from 'node:path/posix';
import { type BinaryExpression, type Expression, type ParseResult, parseSync, Visitor } from 'oxc-parser';

/** Source files by their path below `src/`, with `/` between folders. */
export type Tree = ReadonlyMap<string, string>;

const CORE = ['model', 'store', 'eta', 'present', 'storage', 'sources', 'relay', 'serve', 'monitor.ts'];

/** What each part may import besides itself and the clock, which is everyone's. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  input: [],
  store: ['model'],
  eta: ['model'],
  present: ['model', 'store', 'eta'],
  ui: ['model', 'input', 'store', 'eta', 'present', 'monitor.ts'],
  react: ['model', 'input', 'present'],
  storage: ['model'],
  sources: ['model', 'storage'],
  relay: ['model', 'storage'],
  serve: [
    ...['model', 'storage', 'store', 'present', 'monitor.ts'],
    ...['sources/agui/request.ts', 'sources/agui/run-events.ts', 'sources/agui/run-input.ts'],
  ],
  'monitor.ts': ['model', 'store', 'eta', 'sources/source.ts'],
  cli: [...CORE, 'input', 'ui', 'react'],
  'index.ts': CORE,
  'clock.ts': [],
};

/** Modules that only some places may import: whoever else wants what they do asks those places. */
const KEPT_IN: readonly { modules: RegExp; places: readonly string[] }[] = [
  { modules: /^(ink|react)(\/|$)/, places: ['ui', 'react'] },
  { modules: /^node:sqlite$/, places: ['storage'] },
  { modules: /^nostr-tools\/(abstract-)?(pool|relay)$/, places: ['sources/nostr/relays.ts'] },
  { modules: /^@nostr-relay\//, places: ['relay/nostr-relay.ts'] },
  { modules: /^node:timers/, places: ['clock.ts'] },
];

/** What only one file may use: time would not be an argument elsewhere, an exit would cut others short. */
const USED_IN: ReadonlyMap<string, string> = new Map([
  ['Date.now', 'clock.ts'],
  ['new Date()', 'clock.ts'],
  ['performance.now', 'clock.ts'],
  ['setTimeout', 'clock.ts'],
  ['setInterval', 'clock.ts'],
  ['AbortSignal.timeout', 'clock.ts'],
  ['process.exit', 'cli/main.ts'],
]);

/**
 * Where `now()` may be added, subtracted or compared: with a stamp that others made, or that they will read, and with a
 * bound where somebody waits. The clock can be set at any time, so an interval of our own is measured by `monotonic()`.
 */
const COMPARES_STAMPS = [
  'clock.ts',
  'cli/commands/config-history.ts', // when runs ended
  'cli/commands/run/targets.ts', // the age of files
  'sources/dashboard-state/listen-commands.ts', // when a command was sent
  'sources/file-lock.ts', // the age of a lock; how long is waited goes by timers
  'sources/follow-file.ts', // when a file was written, at most 2 s
  'sources/nostr/publisher.ts', // when a task is expected to end
  'sources/nostr/publisher/remote-commands.ts', // from when on commands are asked for
  'sources/nostr/tracker/work-book.ts', // when a move was made
  'sources/temporary-file.ts', // the age of files
  'ui/create-desk.ts', // a remark's end, which moves along when the clock is set
];

/** The only files that pass on the names of others: what the package exports. */
const ENTRIES = ['index.ts', 'react/index.ts'];

const LONGEST_FILE = 250;
const KEBAB_CASE = /^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/;
const EMPTY_WORDS = /(Manager|Helper|Utils?)$|^I[A-Z][a-z]/;

/** Every breach of ARCHITECTURE.md's rules that can be read off the files, one line each, in the order of the files. */
export function findViolations(tree: Tree): string[] {
  const files = [...tree].map(([path, source]) => readFile(path, source));
  return [...files.flatMap(violationsIn), ...circlesAmong(files)];
}

interface File {
  readonly path: string;
  readonly lines: number;
  /** Modules as written, types included; relative ones as paths below `src/`. */
  readonly imports: readonly string[];
  readonly reexports: boolean;
  readonly exportNames: readonly string[];
  readonly uses: readonly string[];
}

function violationsIn(file: File): string[] {
  const found = [
    ...file.imports
      .filter((target) => isOwn(target) && !mayImport(file.path, target))
      .map(goesAgainstTheFlow),
    ...file.imports.flatMap((module) => misplaced(file.path, module)),
    ...file.uses.flatMap((name) => misused(file.path, name)),
    ...file.exportNames
      .filter((name) => EMPTY_WORDS.test(name))
      .map((name) => `exports ${name}: a name that says nothing`),
  ];
  if (file.exportNames.includes('default')) found.push('has a default export');
  if (file.reexports && !ENTRIES.includes(file.path)) found.push('passes on names of other files');
  if (file.lines > LONGEST_FILE) found.push(`has ${file.lines} lines: give it a second room`);
  if (!KEBAB_CASE.test(file.path)) found.push('is not named in kebab-case');
  return found.map((words) => `${file.path} ${words}`);
}

function goesAgainstTheFlow(target: string): string {
  return `imports ${target}, against the flow`;
}

function mayImport(path: string, target: string): boolean {
  const own = path.split('/')[0] ?? path;
  const allowed = [...(MAY_IMPORT[own] ?? []), ...(own.includes('.') ? [] : [own]), 'clock.ts'];
  return isUnder(target, allowed);
}

function misplaced(path: string, module: string): string[] {
  return KEPT_IN.filter(({ modules, places }) => modules.test(module) && !isUnder(path, places)).map(
    ({ places }) => `imports ${module}: that belongs to ${places.join(' and ')}`,
  );
}

function misused(path: string, name: string): string[] {
  const place = USED_IN.get(name);
  if (name === 'using') return ['has `using` without closing(…): Yarn’s handles cannot be disposed of'];
  if (name === 'arithmetic on now()')
    return COMPARES_STAMPS.includes(path) ? [] : ['reckons with now(): an interval takes monotonic()'];
  return place === undefined || place === path ? [] : [`uses ${name}: that belongs to ${place}`];
}

function isUnder(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

/** Each circle once, told from its alphabetically first file. */
function circlesAmong(files: readonly File[]): string[] {
  const importsOf = new Map(files.map((file) => [file.path, file.imports.filter(isOwn)]));
  const circles = new Set<string>();
  const finished = new Set<string>();

  function walk(path: string, way: readonly string[]): void {
    if (way.includes(path)) {
      circles.add(circleText(way.slice(way.indexOf(path))));
    } else if (!finished.has(path)) {
      for (const next of importsOf.get(path) ?? []) walk(next, [...way, path]);
      finished.add(path);
    }
  }

  for (const { path } of files) walk(path, []);
  return [...circles];
}

function circleText(circle: readonly string[]): string {
  const start = circle.indexOf([...circle].sort()[0] ?? '');
  const turned = [...circle.slice(start), ...circle.slice(0, start)];
  return `${turned.join(' → ')} → ${turned[0]} is a circle`;
}

function readFile(path: string, source: string): File {
  const parsed = parseSync(path, source);
  if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0]?.message}`);
  const exported = parsed.module.staticExports.flatMap(({ entries }) => entries);
  return {
    path,
    lines: source.trimEnd().split('\n').length,
    imports: [...new Set(modulesImported(parsed, source).map((module) => resolved(path, module)))],
    reexports: exported.some((entry) => entry.moduleRequest?.value.startsWith('.') ?? false),
    exportNames: exported.map((entry) =>
      entry.exportName.kind === 'Default' ? 'default' : (entry.exportName.name ?? ''),
    ),
    uses: usesOf(parsed),
  };
}

function modulesImported({ module }: ParseResult, source: string): string[] {
  const exported = module.staticExports.flatMap(({ entries }) => entries);
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...exported.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => source.slice(start + 1, end - 1)),
  ];
}

/** Names that a file uses, as `name`, `object.property` and `new Name()`. */
function usesOf({ program }: ParseResult): string[] {
  const uses = new Set<string>();
  new Visitor({
    Identifier: ({ name }) => uses.add(name),
    MemberExpression: ({ object, property }) => {
      if (object.type === 'Identifier' && property.type === 'Identifier')
        uses.add(`${object.name}.${property.name}`);
    },
    BinaryExpression: ({ left, operator, right }) => {
      if (/^[-+<>]/.test(operator) && (isNow(left) || isNow(right))) uses.add('arithmetic on now()');
    },
    VariableDeclaration: ({ kind, declarations }) => {
      if (kind.endsWith('using') && !declarations.every(({ init }) => isCallOf('closing', init)))
        uses.add('using');
    },
    NewExpression: ({ callee, arguments: given }) => {
      if (callee.type === 'Identifier' && given.length === 0) uses.add(`new ${callee.name}()`);
    },
  }).visit(program);
  return [...uses];
}

function isNow(node: BinaryExpression['left']): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const { property } = node.callee;
  return property.type === 'Identifier' && property.name === 'now';
}

function isCallOf(name: string, node: Expression | null): boolean {
  return node?.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === name;
}

function isOwn(module: string): boolean {
  return /\.tsx?$/.test(module) && !module.startsWith('.');
}

function resolved(path: string, module: string): string {
  return module.startsWith('.') ? join(dirname(path), module) : module;
}
