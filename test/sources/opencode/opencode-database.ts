import { DatabaseSync } from 'node:sqlite';

type Json = Readonly<Record<string, unknown>>;

/** A database as opencode 1.18 makes it, as far as it is read, and with columns of others beside. */
export function openOpencodeDatabase(path: string) {
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS session (id text PRIMARY KEY, project_id text NOT NULL, parent_id text, slug text,
      directory text NOT NULL, title text NOT NULL, version text NOT NULL, share_url text, permission text, fork text,
      time_created integer NOT NULL, time_updated integer NOT NULL, time_archived integer);
    CREATE TABLE IF NOT EXISTS message (id text PRIMARY KEY, session_id text NOT NULL, time_created integer NOT NULL,
      time_updated integer NOT NULL, data text NOT NULL);
    CREATE INDEX IF NOT EXISTS message_session_time_created_id_idx ON message (session_id, time_created, id);
    CREATE TABLE IF NOT EXISTS part (id text PRIMARY KEY, message_id text NOT NULL, session_id text NOT NULL,
      time_created integer NOT NULL, time_updated integer NOT NULL, data text NOT NULL);
    CREATE INDEX IF NOT EXISTS part_message_id_id_idx ON part (message_id, id);
    CREATE TABLE IF NOT EXISTS todo (session_id text NOT NULL, content text NOT NULL, status text NOT NULL,
      priority text NOT NULL, position integer NOT NULL, time_created integer NOT NULL, time_updated integer NOT NULL,
      PRIMARY KEY (session_id, position))`);
  let count = 0;
  const nextId = (kind: string) => {
    count += 1;
    return `${kind}_${String(count).padStart(6, '0')}`;
  };

  return {
    database,
    addSession(
      title: string,
      given: { id?: string; parent?: string; at?: number; directory?: string } = {},
    ): string {
      const id = given.id ?? nextId('ses');
      const at = given.at ?? Date.now();
      database
        .prepare(
          `INSERT INTO session (id, project_id, parent_id, directory, title, version, permission, time_created, time_updated)
           VALUES (?, 'global', ?, ?, ?, '1.18.33', 'secret', ?, ?)`,
        )
        .run(id, given.parent ?? null, given.directory ?? '/home/user/project', title, at, at);
      return id;
    },
    /** What the user says, or the agent: `data` as opencode writes it. */
    addMessage(session: string, data: Json | string, at = Date.now()): string {
      const id = nextId('msg');
      const text = typeof data === 'string' ? data : JSON.stringify({ time: { created: at }, ...data });
      database.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?)').run(id, session, at, at, text);
      return id;
    },
    addPart(session: string, message: string, data: Json | string, at = Date.now()): void {
      const text = typeof data === 'string' ? data : JSON.stringify(data);
      database
        .prepare('INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)')
        .run(nextId('prt'), message, session, at, at, text);
    },
    setTodos(session: string, todos: readonly (readonly [content: string, status: string])[]): void {
      database.prepare('DELETE FROM todo WHERE session_id = ?').run(session);
      const insert = database.prepare("INSERT INTO todo VALUES (?, ?, ?, 'high', ?, 1, 1)");
      for (const [position, [content, status]] of todos.entries())
        insert.run(session, content, status, position);
    },
    remove(session: string): void {
      database.prepare('DELETE FROM session WHERE id = ?').run(session);
    },
    close: () => database.close(),
  };
}
