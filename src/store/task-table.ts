import type { TaskId } from '../model/id.ts';
import type { OpenTaskTable, TaskEntry, TaskTable } from './state.ts';

/** How many places are copied together when one of them changes. */
const CHUNK_BITS = 8;
const CHUNK_PLACES = 1 << CHUNK_BITS;
/** With so many empty places, and more of them than tasks, a table is laid out anew. */
const MOST_EMPTY = 1_024;

type Chunk = readonly (TaskEntry | undefined)[];
type OwnChunk = (TaskEntry | undefined)[];

export function emptyTaskTable(): TaskTable {
  return createTable(new Map(), [], 0, 0);
}

/**
 * `places` is shared by a table and those made of it, which only ever add to it: what lies at or beyond a table's own
 * `end` is not in it.
 */
function createTable(
  places: Map<TaskId, number>,
  chunks: Chunk[],
  startEnd: number,
  startSize: number,
): OpenTaskTable {
  let end = startEnd;
  let size = startSize;
  /** Chunks of its own while it is open; null once it is closed. */
  let own: Map<number, OwnChunk> | null = new Map();
  let listed: readonly TaskEntry[] | null = null;

  function toArray(): readonly TaskEntry[] {
    listed ??= chunks.flat().filter((entry) => entry !== undefined);
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

  function* keys(): MapIterator<TaskId> {
    for (const { task } of toArray()) yield task.id;
    return undefined;
  }

  function* entries(): MapIterator<[TaskId, TaskEntry]> {
    for (const entry of toArray()) yield [entry.task.id, entry];
    return undefined;
  }

  const table: OpenTaskTable = {
    get size() {
      return size;
    },
    get,
    has: (id) => get(id) !== undefined,
    keys,
    values: () => toArray().values(),
    entries,
    [Symbol.iterator]: entries,
    toArray,
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
  return table;
}

function laidOut(entries: readonly TaskEntry[]): OpenTaskTable {
  const table = createTable(new Map(), [], 0, 0);
  for (const entry of entries) table.set(entry.task.id, entry);
  return table;
}
