import type { Migration } from './migrate.ts';
import { openDatabase } from './open.ts';
import { type Database, inTransaction } from './transaction.ts';

/** A job as its worker knows it: its state, and everything that is needed to resume it after a crash. */
export interface StoredJob {
  readonly id: string;
  readonly state: string;
  readonly ended: boolean;
  /** JSON. */
  readonly document: string;
  /** Epoch ms. */
  readonly updatedAt: number;
}

/** A signed event that must reach the relays. */
export interface StoredEvent {
  readonly id: string;
  readonly job: string;
  /** Whether the next event of the same job replaces this one if it has not been sent yet. */
  readonly replaceable: boolean;
  /** The event's JSON, so that exactly the same event is published again after a crash. */
  readonly document: string;
  /** Epoch ms. */
  readonly storedAt: number;
}

/** What a worker's tracker remembers across restarts: jobs, events, and which relay has accepted which event. */
export interface Outbox {
  jobs(): StoredJob[];
  /** Returns the events that not every relay has accepted, oldest first. */
  events(): StoredEvent[];
  /** Returns the relays that have accepted an event, or never will. */
  settledRelays(eventId: string): string[];
  /** Stores a job's new state and the events that announce it, in one transaction. */
  record(job: StoredJob, events: readonly StoredEvent[]): void;
  settle(eventId: string, relay: string): void;
  /** Removes an event that is settled at every relay. */
  remove(eventId: string): void;
  close(): void;
}

/** Ended jobs are remembered, so that a request is not served again when a relay sends it again. */
const ENDED_JOBS_KEPT_MS = 30 * 24 * 3_600_000;

const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE jobs (
        id TEXT PRIMARY KEY, state TEXT NOT NULL, ended INTEGER NOT NULL, document TEXT NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX jobs_by_end ON jobs (ended, updated_at);
      CREATE TABLE events (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, job TEXT NOT NULL,
        replaceable INTEGER NOT NULL, document TEXT NOT NULL, stored_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX events_by_job ON events (job);
      CREATE TABLE settled (
        event TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE, relay TEXT NOT NULL,
        PRIMARY KEY (event, relay)
      ) STRICT, WITHOUT ROWID;`,
  },
];

/**
 * Opens or creates the outbox at `path`; with `:memory:`, nothing is kept. Throws the system's or SQLite's error, also if
 * another process has it open: two workers must not do the same jobs.
 */
export function openOutbox(path: string, nowMs: number): Outbox {
  const database = openDatabase(path, MIGRATIONS, { isExclusive: true });
  database.prepare('DELETE FROM jobs WHERE ended = 1 AND updated_at < ?').run(nowMs - ENDED_JOBS_KEPT_MS);
  const sql = prepare(database);

  return {
    jobs: () => sql.jobs.all().map((row) => ({ ...row, ended: row.ended === 1 }) as unknown as StoredJob),
    events: () =>
      sql.events
        .all()
        .map((row) => ({ ...row, replaceable: row.replaceable === 1 }) as unknown as StoredEvent),
    settledRelays: (eventId) => sql.settled.all(eventId).map((row) => String(row.relay)),
    record(job, events) {
      inTransaction(database, () => {
        sql.putJob.run(job.id, job.state, Number(job.ended), job.document, job.updatedAt);
        if (events.length > 0) sql.dropReplaceable.run(job.id);
        for (const event of events)
          sql.putEvent.run(event.id, event.job, Number(event.replaceable), event.document, event.storedAt);
      });
    },
    settle: (eventId, relay) => void sql.settle.run(relay, eventId),
    remove: (eventId) => void sql.remove.run(eventId),
    close: () => database.close(),
  };
}

function prepare(database: Database) {
  const statement = (text: string) => database.prepare(text);
  return {
    jobs: statement(
      'SELECT id, state, ended, document, updated_at AS updatedAt FROM jobs ORDER BY updated_at',
    ),
    events: statement(
      'SELECT id, job, replaceable, document, stored_at AS storedAt FROM events ORDER BY number',
    ),
    settled: statement('SELECT relay FROM settled WHERE event = ?'),
    putJob: statement('INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?)'),
    dropReplaceable: statement('DELETE FROM events WHERE job = ? AND replaceable = 1'),
    putEvent: statement(
      'INSERT OR IGNORE INTO events (id, job, replaceable, document, stored_at) VALUES (?, ?, ?, ?, ?)',
    ),
    settle: statement('INSERT OR IGNORE INTO settled (event, relay) SELECT id, ? FROM events WHERE id = ?'),
    remove: statement('DELETE FROM events WHERE id = ?'),
  };
}
