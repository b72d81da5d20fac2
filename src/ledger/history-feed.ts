import type { Clock } from '../clock.ts';
import type { LedgerConnection } from './connection.ts';
import type { HistoryEntry } from './history-entry.ts';
import { decodeHistoryRow } from './rows.ts';

export type HistoryListener = (entry: HistoryEntry) => void;

/** Tells listeners each line of the history once and in order, no matter which process has written it. */
export interface HistoryFeed {
  add(listener: HistoryListener): () => void;
  /** After a change of our own: tells of it at once. What cannot be read now is told with the next one. */
  catchUp(): Promise<void>;
  close(): void;
}

/** How often it is looked whether another process has written, ms; a look costs 2 µs. */
const LOOK_EVERY_MS = 100;
/** Lines read at once. */
const PAGE_LENGTH = 1_000;

/** Looks at nothing while nobody listens. A look that fails (the file is locked or gone) is tried again with the next. */
export function createHistoryFeed(connection: LedgerConnection, clock: Clock): HistoryFeed {
  const listeners = new Set<HistoryListener>();
  /** The last line that was told of; null until it is known where to begin. */
  let lastId: number | null = null;
  let dataVersion: number | null = null;
  let stopTimer: (() => void) | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  function begin(): void {
    dataVersion = null;
    turn = findEnd().catch(() => {});
    lookLater();
  }

  /** Asks at once: what is written from here on is told. */
  async function findEnd(): Promise<number> {
    lastId = null;
    lastId = await connection.read((tables) => tables.lastHistoryId());
    return lastId;
  }

  function lookLater(): void {
    stopTimer = clock.after(LOOK_EVERY_MS, () => {
      lookLater();
      const version = connection.dataVersion();
      if (version === null || version === dataVersion) return;
      dataVersion = version;
      void catchUp();
    });
  }

  function end(): void {
    stopTimer?.();
    stopTimer = null;
  }

  async function catchUp(): Promise<void> {
    if (listeners.size === 0) return;
    turn = turn.then(tellAll).catch(() => {
      dataVersion = null; // look again
    });
    await turn;
  }

  async function tellAll(): Promise<void> {
    for (;;) {
      const afterId: number = lastId ?? (await findEnd());
      const rows = await connection.read((tables) => tables.history({ afterId, limit: PAGE_LENGTH }));
      for (const row of rows) {
        lastId = row.id;
        for (const listener of listeners) tell(listener, decodeHistoryRow(row));
      }
      if (rows.length < PAGE_LENGTH) return;
    }
  }

  return {
    add(listener) {
      listeners.add(listener);
      if (listeners.size === 1) begin();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) end();
      };
    },
    catchUp,
    close() {
      listeners.clear();
      end();
    },
  };
}

/**
 * Tells a listener. If it throws, that is a bug of its owner's program: it surfaces there, and harms neither the change
 * nor the other listeners.
 */
function tell(listener: HistoryListener, entry: HistoryEntry): void {
  try {
    listener(entry);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
