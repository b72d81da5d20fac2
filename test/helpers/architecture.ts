import { isOwn, readSourceFile, type SourceFile } from './source-file.ts';

/** Source files by their path below `src/`, with `/` between folders. */
export type Tree = ReadonlyMap<string, string>;

/** The rooms behind a view, in the order of the flow. */
const BACK_END = ['model', 'storage', 'io', 'nostr', 'ledger', 'publish', 'sources'];
const CORE = [
  ...BACK_END,
  'agents',
  'store',
  'eta',
  'present',
  'relay',
  'serve',
  'notify',
  'monitor.ts',
  'session',
];

/** What each room may import, in addition to itself and the clock, which every room may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  input: [],
  store: ['model'],
  eta: ['model'],
  present: ['model', 'store', 'eta'],
  ui: ['model', 'input', 'io', 'store', 'eta', 'present', 'monitor.ts'],
  react: ['model', 'input', 'present'],
  storage: ['model'],
  io: ['model', 'storage'],
  nostr: ['model', 'storage', 'io'],
  ledger: ['model', 'storage', 'io'],
  publish: ['model', 'storage', 'io', 'nostr', 'ledger'],
  sources: ['model', 'storage', 'io', 'nostr', 'ledger', 'publish'],
  agents: [...BACK_END.slice(0, -1), 'sources/kit'],
  relay: ['model', 'storage', 'io'],
  serve: ['model', 'storage', 'io', 'store', 'present', 'monitor.ts', 'publish/agui'],
  notify: ['model', 'storage', 'io', 'input', 'store', 'present', 'monitor.ts'],
  run: ['model', 'eta', 'io', 'publish'],
  demo: [...BACK_END, 'relay'],
  'monitor.ts': ['model', 'store', 'eta', 'sources/kit/source.ts'],
  session: [...BACK_END, 'agents', 'store', 'eta', 'monitor.ts'],
  cli: [...CORE, 'input', 'ui', 'react', 'run', 'demo'],
  'index.ts': CORE,
  'clock.ts': [],
};

/** Rooms that serve every task, and know none. */
const KNOWS_NO_TASKS = ['io', 'input'];
const TASKS = /^model\/(task|event|command)\.ts$/;

/** Systems of `sources/` that read another one's documents. Each may import `kit`, and `open` may import all of them. */
const SYSTEM_PAIRS: ReadonlySet<string> = new Set([
  'agui → dashboard-state',
  'attach → agui',
  'exec → dashboard-state',
]);

/** Modules that only some places may import: others that need their work ask those places. */
const KEPT_IN: readonly { modules: RegExp; places: readonly string[] }[] = [
  { modules: /^(ink|react)(\/|$)/, places: ['react'] },
  { modules: /^node:sqlite$/, places: ['storage', 'ledger/sql'] },
  { modules: /^nostr-tools\/(abstract-)?(pool|relay)$/, places: ['nostr/relays.ts'] },
  { modules: /^@nostr-relay\//, places: ['relay/nostr-relay.ts'] },
  { modules: /^node:timers/, places: ['clock.ts'] },
];

/** What only one file may use: elsewhere, time would no longer be an argument, and an exit would cut others short. */
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
 * Where `now()` may be added, subtracted or compared: with a stamp that others made, or that they will read, and with a limit
 * where somebody waits. The clock can be set at any time, so our own intervals are measured with `monotonic()`.
 */
const COMPARES_STAMPS = [
  'clock.ts',
  'cli/commands/config/run-config-history.ts', // when runs ended
  'cli/commands/run/targets.ts', // the age of files
  'publish/dashboard-state/listen-commands.ts', // when a command was sent
  'io/exclusive-mark.ts', // the age of a mark
  'notify/claims.ts', // the age of claims
  'notify/notifier.ts', // when a task will have been silent for too long
  'io/file-lock.ts', // the age of a lock; the wait itself is measured by timers
  'io/directory-lock.ts', // the same
  'io/follow-file.ts', // when a file was written, at most 2 s
  'publish/nostr/publisher.ts', // when a task is expected to end
  'publish/nostr/publisher/remote-commands.ts', // since when commands are requested
  'publish/nostr/tracker/announcer.ts', // when a move was made
  'io/temporary-file.ts', // the age of files
  'sources/beads/file.ts', // when a file was written
  'sources/kit/tick-list.ts', // when a file was written
  'ui/create-view-controller.ts', // a remark's end, which moves along when the clock is set
];

/** The only files that may re-export the names of others: what the package exports. */
const ENTRIES = ['index.ts', 'publish/nostr/index.ts', 'react/index.ts'];

/**
 * The only files that may declare text plain without cleaning it: one creates it, the other makes the names of sources from it.
 */
const MAKE_PLAIN_TEXT = ['model/text.ts', 'model/id.ts'];

/** Files that write to the terminal. `print.ts` takes plain text for people; the others write no words. */
const WRITE_OUT = [
  'io/print.ts',
  'io/output.ts', // nothing at all, to learn when it was accepted
  'ui/run-app.ts', // the clipboard's sequence
  'ui/glass.ts', // what was painted from segments
  'cli/commands/logs/run-logs.ts', // what a task has printed, which `line-text.ts` makes safe
  'sources/job-runs/jobs-worker.ts', // its answer to the process that asked
];

const LONGEST_FILE = 250;
const LONGEST_FUNCTION = 100;
/**
 * No room may contain more than this share of the source: otherwise it is two rooms. In a small tree, any share is permitted.
 */
const LARGEST_SHARE = 0.25;
const SMALL_HOUSE_LINES = 10_000;

/** Functions that are still longer: they are to be shortened, and none may be added. */
const STILL_LONG: ReadonlySet<string> = new Set([
  'nostr/relay/relay-client.ts createRelayClient',
  'nostr/relay/subscription.ts createSubscription',
  'publish/nostr/publisher.ts createTaskPublication',
]);
const KEBAB_CASE = /^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/;
const EMPTY_WORDS = /(Manager|Helper|Utils?)$|^I[A-Z][a-z]/;

/** Returns every violation of ARCHITECTURE.md's rules that shows in the files, one line each, in the order of the files. */
export function findViolations(tree: Tree): string[] {
  const files = [...tree].map(([path, source]) => readSourceFile(path, source));
  return [...files.flatMap(violationsIn), ...circlesAmong(files), ...roomsTooLarge(files)];
}

function violationsIn(file: SourceFile): string[] {
  const own = file.imports.filter(isOwn);
  const found = [
    ...own.filter((target) => !mayImport(file.path, target)).map(goesAgainstTheFlow),
    ...own.flatMap((target) => crossesSystems(file.path, target)),
    ...own.flatMap((target) => knowsTasks(file.path, target)),
    ...file.imports.flatMap((module) => misplaced(file.path, module)),
    ...file.uses.flatMap((name) => misused(file.path, name)),
    ...file.exportNames
      .filter((name) => EMPTY_WORDS.test(name))
      .map((name) => `exports ${name}: a name that says nothing`),
  ];
  if (file.exportNames.includes('default')) found.push('has a default export');
  if (file.reexports && !ENTRIES.includes(file.path)) found.push('passes on names of other files');
  if (file.claimsPlainText && !MAKE_PLAIN_TEXT.includes(file.path))
    found.push(
      'claims that text is plain (a cast to it or to any): make it so with plainName, or say words`…`',
    );
  found.push(...longFunctions(file));
  if (file.lines > LONGEST_FILE) found.push(`has ${file.lines} lines: give it a second room`);
  if (!KEBAB_CASE.test(file.path)) found.push('is not named in kebab-case');
  return found.map((words) => `${file.path} ${words}`);
}

function goesAgainstTheFlow(target: string): string {
  return `imports ${target}, against the flow`;
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function crossesSystems(path: string, target: string): string[] {
  const [from, to] = [systemOf(path), systemOf(target)];
  if (from === null || to === null || [from, 'kit'].includes(to) || from === 'open') return [];
  if (SYSTEM_PAIRS.has(`${from} → ${to}`)) return [];
  return [
    `imports ${target}, of another system: move what both need to sources/kit, or name the pair in SYSTEM_PAIRS`,
  ];
}

/** Returns the folder inside `sources/` or `agents/`; null for everything else. */
function systemOf(path: string): string | null {
  const [room, system, file] = path.split('/');
  return (room === 'sources' || room === 'agents') && file !== undefined ? (system ?? null) : null;
}

function knowsTasks(path: string, target: string): string[] {
  if (!KNOWS_NO_TASKS.includes(roomOf(path)) || !TASKS.test(target)) return [];
  return [`imports ${target}: ${roomOf(path)} knows no tasks; hand in what it needs`];
}

function longFunctions({ path, functions }: SourceFile): string[] {
  return functions
    .filter(({ name, lines }) => lines > LONGEST_FUNCTION && !STILL_LONG.has(`${path} ${name}`))
    .map(
      ({ name, lines }) =>
        `has ${name} with ${lines} lines: at most ${LONGEST_FUNCTION}, make its steps functions`,
    );
}

function roomsTooLarge(files: readonly SourceFile[]): string[] {
  const linesOf = (some: readonly SourceFile[]) => some.reduce((sum, { lines }) => sum + lines, 0);
  const total = linesOf(files);
  if (total < SMALL_HOUSE_LINES) return [];
  return [...Map.groupBy(files, ({ path }) => roomOf(path))].flatMap(([room, inside]) => {
    const share = linesOf(inside) / total;
    return share > LARGEST_SHARE
      ? [`${room} is ${Math.round(100 * share)} % of the house: make two rooms of it`]
      : [];
  });
}

function mayImport(path: string, target: string): boolean {
  const own = roomOf(path);
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
  if (name === 'a write to stdout or stderr')
    return WRITE_OUT.includes(path)
      ? []
      : ['writes to stdout or stderr: what is for people goes through io/print.ts'];
  if (name === 'Text')
    return roomOf(path) === 'react' && path !== 'react/words.tsx'
      ? ['draws text past react/words.tsx, which takes only what is plain']
      : [];
  if (name === 'arithmetic on now()')
    return COMPARES_STAMPS.includes(path) ? [] : ['reckons with now(): an interval takes monotonic()'];
  return place === undefined || place === path ? [] : [`uses ${name}: that belongs to ${place}`];
}

function isUnder(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

/** Returns each circle once, beginning with its alphabetically first file. */
function circlesAmong(files: readonly SourceFile[]): string[] {
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
