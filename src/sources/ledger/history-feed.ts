import type { Clock } from '../../clock.ts';
import type { LedgerConnection } from './connection.ts';
import { decodeHistoryRow } from './rows.ts';
import type { HistoryEntry } from './types.ts';

export type HistoryListener = (entry: HistoryEntry) => void;

/** Tells listeners each line of the history once and in order, whoever has written it. */
export interface HistoryFeed {
  add(listener: HistoryListener): () => void;
  /** After a change of our own: tells of it at once. */
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
  let lastId = 0;
  let dataVersion = 0;
  let stopTimer: (() => void) | null = null;
  let turn: Promise<void> = Promise.resolve();

  function begin(): void {
    dataVersion = connection.dataVersion();
    turn = connection
      .read((tables) => tables.lastHistoryId())
      .then((id) => {
        lastId = id;
      });
    schedule();
  }

  function schedule(): void {
    stopTimer = clock.after(LOOK_EVERY_MS, () => {
      schedule();
      const version = connection.dataVersion();
      if (version !== dataVersion)
        void catchUp().then(
          () => (dataVersion = version),
          () => {},
        );
    });
  }

  function end(): void {
    stopTimer?.();
    stopTimer = null;
  }

  function catchUp(): Promise<void> {
    if (listeners.size === 0) return Promise.resolve();
    turn = turn.catch(() => {}).then(tellAll);
    return turn;
  }

  async function tellAll(): Promise<void> {
    for (;;) {
      const rows = await connection.read((tables) => tables.history({ afterId: lastId, limit: PAGE_LENGTH }));
      for (const row of rows) {
        lastId = row.id;
        for (const listener of listeners) listener(decodeHistoryRow(row));
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
