import type { TaskId } from '../model/id.ts';
import type { OpenTaskTable, State, TaskEntry, TaskTable } from './state.ts';

/** When one place changes, all places of its chunk are copied. */
const CHUNK_BITS = 8;
const CHUNK_PLACES = 1 << CHUNK_BITS;
/** With more empty places than this, and more than there are tasks, a table is compacted. */
const MOST_EMPTY = 1_024;

const NO_HOSTS: readonly string[] = [];

type Chunk = readonly (TaskEntry | undefined)[];
type OwnChunk = (TaskEntry | undefined)[];

/** The chunks of each table, for comparing two tables. */
const chunksOf = new WeakMap<TaskTable, readonly Chunk[]>();

export function emptyTaskTable(): TaskTable {
  return createTable(new Map(), [], 0, 0);
}

/** The differences between two tables. For a replaced entry, the old one is in `gone` and the new one in `come`. */
export interface TableChanges {
  readonly gone: TaskEntry[];
  readonly come: TaskEntry[];
}

/** Returns the differences between two tables. Fast if one was derived from the other, because they share chunks. */
export function tableChanges(before: TaskTable, after: TaskTable): TableChanges {
  const changes: TableChanges = { gone: [], come: [] };
  const [old, now] = [chunksOf.get(before) ?? [], chunksOf.get(after) ?? []];
  for (let index = 0; index < Math.max(old.length, now.length); index += 1)
    if (old[index] !== now[index]) addChunkChanges(changes, old[index] ?? [], now[index] ?? []);
  return changes;
}

function addChunkChanges({ gone, come }: TableChanges, old: Chunk, now: Chunk): void {
  for (let offset = 0; offset < Math.max(old.length, now.length); offset += 1) {
    const [was, is] = [old[offset], now[offset]];
    if (was === is) continue;
    if (was) gone.push(was);
    if (is) come.push(is);
  }
}

const hostsOfChunk = new WeakMap<Chunk, readonly string[]>();

/**
 * Returns on how many known machines the tasks run; any number above one may be too low. Only chunks that have changed are
 * examined again.
 */
export function hostsOf(state: State): number {
  const hosts = new Set<string>();
  for (const { tasks } of state.sources.values()) {
    for (const chunk of chunksOf.get(tasks) ?? []) {
      for (const host of hostsIn(chunk)) hosts.add(host);
      if (hosts.size > 1) return hosts.size;
    }
  }
  return hosts.size;
}

/** Returns at most two hosts. */
function hostsIn(chunk: Chunk): readonly string[] {
  const known = hostsOfChunk.get(chunk);
  if (known) return known;
  const hosts = new Set<string>();
  for (const entry of chunk) {
    if (entry?.task.host) hosts.add(entry.task.host);
    if (hosts.size > 1) break;
  }
  const found = hosts.size === 0 ? NO_HOSTS : [...hosts];
  hostsOfChunk.set(chunk, found);
  return found;
}

/**
 * Creates a table. `places` is shared by a table and those derived from it, which only add to it: a place at or beyond a
 * table's own `end` is not in that table.
 */
function createTable(
  places: Map<TaskId, number>,
  chunks: Chunk[],
  startEnd: number,
  startSize: number,
): OpenTaskTable {
  let end = startEnd;
  let size = startSize;
  /** The chunks that it does not share, while it is open; null once it is closed. */
  let own: Map<number, OwnChunk> | null = new Map();
  let listed: readonly TaskEntry[] | null = null;

  function toArray(): readonly TaskEntry[] {
    if (listed) return listed;
    const entries = ([] as (TaskEntry | undefined)[]).concat(...chunks);
    listed =
      size === entries.length ? (entries as TaskEntry[]) : entries.filter((entry) => entry !== undefined);
    return listed;
  }

  function get(id: TaskId): TaskEntry | undefined {
    const place = places.get(id);
    if (place === undefined || place >= end) return undefined;
    return chunks[place >> CHUNK_BITS]?.[place & (CHUNK_PLACES - 1)];
  }

  function put(place: number, entry: TaskEntry | undefined): void {
    const index = place >> CHUNK_BITS;
    const chunk = own?.get(index) ?? [...(chunks[index] ?? [])];
    own?.set(index, chunk);
    chunks[index] = chunk;
    const offset = place & (CHUNK_PLACES - 1);
    size += Number(entry !== undefined) - Number(chunk[offset] !== undefined);
    chunk[offset] = entry;
    listed = null;
  }

  /** Builds no array, because most callers stop after a few. */
  function* values(): MapIterator<TaskEntry> {
    for (const chunk of chunks) for (const entry of chunk) if (entry) yield entry;
    return undefined;
  }

  function* keys(): MapIterator<TaskId> {
    for (const { task } of values()) yield task.id;
    return undefined;
  }

  function* entries(): MapIterator<[TaskId, TaskEntry]> {
    for (const entry of values()) yield [entry.task.id, entry];
    return undefined;
  }

  const table: OpenTaskTable = {
    get size() {
      return size;
    },
    get,
    has: (id) => get(id) !== undefined,
    keys,
    values,
    entries,
    [Symbol.iterator]: entries,
    toArray,
    placeOf: (id) => (get(id) ? (places.get(id) as number) : -1),
    forEach(visit) {
      for (const entry of toArray()) visit(entry, entry.task.id, table);
    },
    open() {
      const isNewest = places.size === end;
      const isDense = end - size <= Math.max(MOST_EMPTY, size);
      return isNewest && isDense ? createTable(places, [...chunks], end, size) : laidOut(toArray());
    },
    set(id, entry) {
      const place = places.get(id) ?? places.size;
      places.set(id, place);
      end = places.size;
      put(place, entry);
    },
    delete(id) {
      if (get(id)) put(places.get(id) as number, undefined);
    },
    close() {
      own = null;
    },
  };
  chunksOf.set(table, chunks);
  return table;
}

function laidOut(entries: readonly TaskEntry[]): OpenTaskTable {
  const table = createTable(new Map(), [], 0, 0);
  for (const entry of entries) table.set(entry.task.id, entry);
  return table;
}
