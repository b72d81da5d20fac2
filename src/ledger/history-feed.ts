import type { Clock } from '../clock.ts';
import type { LedgerConnection } from './connection.ts';
import type { HistoryEntry } from './history-entry.ts';
import { decodeHistoryRow } from './rows.ts';

export type HistoryListener = (entry: HistoryEntry) => void;

/** Passes each line of the history to listeners, once and in order, whichever process wrote it. */
export interface HistoryFeed {
  add(listener: HistoryListener): () => void;
  /** To be called after a change of our own: passes it on at once, or, if it cannot be read now, with the next one. */
  catchUp(): Promise<void>;
  close(): void;
}

/** How often to check whether another process has written, ms; a check takes 2 µs. */
const LOOK_EVERY_MS = 100;
/** How many lines are read at once. */
const PAGE_LENGTH = 1_000;

/** Creates a feed. It checks nothing while nobody listens. If the file is locked or gone, the next check tries again. */
export function createHistoryFeed(connection: LedgerConnection, clock: Clock): HistoryFeed {
  const listeners = new Set<HistoryListener>();
  /** The id of the last line that was passed on; null until it is known where to begin. */
  let lastId: number | null = null;
  let dataVersion: number | null = null;
  let stopTimer: (() => void) | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  function begin(): void {
    dataVersion = null;
    turn = findEnd().catch(() => {});
    lookLater();
  }

  /** Finds the last line there is: the lines after it will be passed on. */
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
      dataVersion = null; // check again
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
 * Calls a listener. If it throws, that is a bug in its program: the error is thrown asynchronously, so that it affects neither
 * the change nor other listeners.
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
