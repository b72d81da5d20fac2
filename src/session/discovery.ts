import { dirname } from 'node:path';
import { defaultLedgerPath } from '../ledger/sql/ledger-file.ts';
import type { SourceId } from '../model/id.ts';
import { problem } from '../model/problem.ts';
import { type PlainText, words } from '../model/text.ts';
import type { Source } from '../sources/kit/source.ts';
import type { FoundFile } from '../sources/open/find-sources.ts';
import type { DirectorySearch } from '../sources/open/search-directory.ts';
import { userDirectories } from '../storage/directories.ts';
import type { SessionContext } from './context.ts';
import { type DiscoveredKind, KINDS_HERE, type KindHere, type Switches } from './discovered-kinds.ts';
import { createFileOpener } from './found-files.ts';
import { createFileNames, type FileNames } from './name-files.ts';
import type { Selection } from './selection.ts';
import { type UserPlace, userPlaces } from './user-places.ts';

/** The result of the search for one kind in one place. */
export interface Looked {
  readonly kind: DiscoveredKind;
  readonly place: string;
  /** Whether the place is the current directory, or one of this user's own. */
  readonly where: 'here' | 'yours';
  readonly found: number;
  /** Why there is nothing to show; null if there is something. */
  readonly why: PlainText | null;
  /** Whether this kind is searched for at all. */
  readonly isOn: boolean;
}

/** A search for sources that nobody named; it may go on. */
export interface Discovery {
  /** Resolves with what was found, once every place has been searched. */
  readonly searched: Promise<readonly Looked[]>;
  /** Passes on the sources that have been found, and those found later; and which of them are gone. */
  deliverTo(add: (sources: readonly Source[]) => void, remove?: (id: SourceId) => void): void;
  /** Resolves once nothing but the sources is left open. */
  close(): Promise<void>;
}

export interface DiscoveryParts {
  /** Directories that are searched because they were named. */
  readonly directories: readonly string[];
  /** Whether to search the current directory and this user's own places, for the kinds that are not switched off. */
  readonly isUnasked: boolean;
  readonly selection: Pick<Selection, 'discover' | 'follows' | 'awaitsRuns'>;
  readonly context: SessionContext;
  readonly names: FileNames;
  /** The files that were named. */
  readonly named: ReadonlySet<string>;
  /** Is applied to each source before it is passed on. */
  readonly prepare?: (source: Source) => Source;
}

/** The screen does not wait for the search of the current directory, so it may take longer than others. */
const SEARCH_LIMIT_MS = 5_000;
/**
 * How long to wait before an empty place of the user is searched again: at least this, and at least this multiple of the
 * time that the search took.
 */
const LOOK_AGAIN_MS = 10_000;
const LOOK_FACTOR = 300;

/** Searches for what can be shown; if the selection follows, also for what appears later. */
export function startDiscovery(parts: DiscoveryParts): Discovery {
  const { directories, isUnasked, selection, context, prepare = (source) => source } = parts;
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, context.signal]);
  let waiting: Source[] = [];
  let deliver: (sources: readonly Source[]) => void = (sources) => waiting.push(...sources);
  const add = (sources: readonly Source[]) => {
    if (sources.length > 0 && !signal.aborted) deliver(sources.map(prepare));
  };
  let takeBack: (id: SourceId) => void = () => {};
  const remove = (id: SourceId) => {
    waiting = waiting.filter((source) => source.id !== id);
    if (!signal.aborted) takeBack(id);
  };
  const inside = { ...parts, signal, add, remove };
  const here = searchDirectories(
    isUnasked ? [...directories, context.cwd] : directories,
    inside,
    selection.discover,
  );
  const own = isUnasked ? lookAtOwn(inside) : null;
  const searched = Promise.all([here.searched, own?.looked ?? []]).then((rows) => rows.flat());

  return {
    searched,
    deliverTo(receive, forget = () => {}) {
      deliver = receive;
      takeBack = forget;
      if (waiting.length > 0 && !signal.aborted) deliver(waiting);
      waiting = [];
    },
    async close() {
      closing.abort();
      await searched;
      own?.close();
      await here.close();
    },
  };
}

type Inside = DiscoveryParts & {
  readonly signal: AbortSignal;
  readonly add: (sources: readonly Source[]) => void;
  readonly remove: (id: SourceId) => void;
};

function searchDirectories(directories: readonly string[], parts: Inside, discover: Switches) {
  const { context, selection, isUnasked, signal, add, remove } = parts;
  const searches: DirectorySearch[] = [];
  const { runs } = userDirectories(context.env);
  const isOwnRun = (file: string) => isUnasked && dirname(file) === runs;
  const open = createFileOpener({
    ...parts,
    onGone: selection.follows ? onGone : undefined,
    opened: isUnasked ? [...parts.named, defaultLedgerPath(context.env)] : parts.named,
  });

  function onGone(path: string, ids: readonly SourceId[]): void {
    ids.forEach(remove);
    for (const search of searches) search.forget(path);
  }

  async function search(directory: string): Promise<Looked[]> {
    const { searchDirectory, followDirectory } = await import('../sources/open/search-directory.ts');
    const isHere = isUnasked && directory === context.cwd;
    const isOn = (kind: KindHere) => !isHere || discover[kind] !== false;
    const take = async (found: readonly FoundFile[]) => {
      const { fresh, sources } = await open(
        found.filter(({ path, format }) => isOn(format) && !isOwnRun(path)),
      );
      add(sources);
      return fresh;
    };
    const onFound = (file: FoundFile) => void take([file]);
    const { clock } = context;
    const timeLimitMs = isHere ? SEARCH_LIMIT_MS : undefined;
    const search = { directory, clock, signal, timeLimitMs };
    const started = selection.follows ? followDirectory({ ...search, onFound }) : searchDirectory(search);
    searches.push(started);
    const { files, unsearched } = await started.searched;
    for (const message of unsearched) context.onProblem(problem('unreadable', 'degraded', message));
    const fresh = await take(files);
    return isHere ? kindsIn(directory, fresh, isOn) : [];
  }

  return {
    searched: Promise.all([...new Set(directories)].map(search)).then((rows) => rows.flat()),
    close: () => Promise.all(searches.map((started) => started.close())),
  };
}

/** Returns what was found in a directory, for each kind. */
function kindsIn(
  directory: string,
  files: readonly FoundFile[],
  isOn: (kind: KindHere) => boolean,
): Looked[] {
  return (Object.keys(KINDS_HERE) as KindHere[]).map((kind) => {
    const found = files.filter(({ format }) => format === kind).length;
    const why = found === 0 && isOn(kind) ? words`none` : null;
    return { kind, place: directory, where: 'here', found, why, isOn: isOn(kind) };
  });
}

/** Searches this user's own places. If the selection follows, searches the empty ones again later. */
function lookAtOwn({ selection, context, names, named, signal, add }: Inside) {
  let stopTimer = () => {};

  async function look(place: UserPlace): Promise<Looked> {
    const { kind } = place;
    const row = { kind, place: place.place, where: 'yours', found: 0, why: null } as const;
    if (selection.discover[kind] === false) return { ...row, isOn: false };
    if (named.has(place.place)) return { ...row, isOn: true, why: words`shown already: it is configured` };
    const looked = await place.look();
    if ('why' in looked) return { ...row, ...looked, isOn: true };
    const opened = await place.open();
    add(opened.filter(({ id }) => names.take(id)));
    return { ...row, ...looked, isOn: true };
  }

  async function lookAt(places: readonly UserPlace[]): Promise<Looked[]> {
    const startedAt = context.clock.monotonic();
    const rows = await Promise.all(places.map(look));
    const empty = places.filter((_, index) => rows[index]?.why);
    if (selection.follows && empty.length > 0 && !signal.aborted) {
      const tookMs = context.clock.monotonic() - startedAt;
      const afterMs = Math.max(LOOK_AGAIN_MS, LOOK_FACTOR * tookMs);
      stopTimer = context.clock.after(afterMs, () => void lookAt(empty));
    }
    return rows;
  }

  return { looked: userPlaces(selection, context).then(lookAt), close: () => stopTimer() };
}

/** Searches once for what would be shown if nothing were named, without reading it. */
export async function discover(switches: Switches, context: SessionContext): Promise<readonly Looked[]> {
  const discovery = startDiscovery({
    directories: [],
    isUnasked: true,
    selection: { discover: switches, follows: false, awaitsRuns: false },
    context,
    names: createFileNames(),
    named: new Set(),
  });
  const looked = await discovery.searched;
  await discovery.close();
  return looked;
}
