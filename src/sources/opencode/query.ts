import { STEP_LIMIT } from '../../model/limits.ts';
import { asText, findTable, quoted, type Row, type Table } from '../../storage/foreign-tables.ts';
import type { Database } from '../../storage/transaction.ts';

/** A session with everything that determines its state. */
export interface SessionRecord {
  readonly session: Row;
  /** Its last message; null if there is none. */
  readonly message: Row | null;
  /** The last parts of that message, the newest first. */
  readonly parts: readonly Row[];
  readonly todos: readonly Row[];
}

/** The newest sessions; or, in a sentence, why it is not an opencode database. */
export type SessionsAnswer = readonly SessionRecord[] | { readonly wrong: string };

const MOST_SESSIONS = 500;
const MOST_PARTS = 50;
/** A session is updated when its user sends a message, and its turn may then go on for long. */
const TOUCHED_WITHIN_MS = 7 * 24 * 60 * 60_000;
/** Anything longer is not a message, but somebody's complete files. */
const LONGEST_JSON_BYTES = 4 * 1024 * 1024;

const SESSION = [
  'id',
  'parent_id',
  'directory',
  'title',
  'version',
  'share_url',
  'time_created',
  'time_updated',
];
const MESSAGE = {
  role: '$.role',
  parent: '$.parentID',
  created: '$.time.created',
  completed: '$.time.completed',
  finish: '$.finish',
  agent: '$.agent',
  model: '$.modelID',
  error: '$.error.name',
  why: '$.error.data.message',
};
const PART = {
  type: '$.type',
  tool: '$.tool',
  status: '$.state.status',
  title: '$.state.title',
  text: '$.text',
  question: '$.state.input.questions[0]',
};

/** Reads the sessions that were updated recently. Unknown columns are ignored. */
export function querySessions(database: Database, nowMs: number): SessionsAnswer {
  const session = findTable(database, 'session');
  const message = findTable(database, 'message');
  if (!session || !message) return { wrong: 'it has no sessions with messages' };
  const part = findTable(database, 'part');
  const todo = findTable(database, 'todo');
  // A view runs whatever its author wrote, and may take any time.
  if ([session, message, part, todo].some((table) => table?.isStored === false))
    return { wrong: 'its tables are views, or compute columns' };

  const lastMessage = database.prepare(
    `SELECT ${picked(message, MESSAGE)}, ${asText('time_updated')} AS updated,
       (SELECT ${asText('asked.time_created')} FROM ${message.name} asked
         WHERE asked.id = ${jsonField('message.data', MESSAGE.parent)}) AS asked, id
     FROM ${message.name} message WHERE session_id = ? ORDER BY time_created DESC, id DESC LIMIT 1`,
  );
  const lastParts =
    part &&
    database.prepare(
      `SELECT ${picked(part, PART)}, ${asText('time_updated')} AS updated FROM ${part.name}
       WHERE message_id = ? ORDER BY id DESC LIMIT ${MOST_PARTS}`,
    );
  const todos =
    todo &&
    database.prepare(
      `SELECT ${asText('content')} AS content, ${asText('status')} AS status FROM ${todo.name}
       WHERE session_id = ? ORDER BY position LIMIT ${STEP_LIMIT}`,
    );
  return newestSessions(database, session, nowMs).map((row): SessionRecord => {
    const id = row.id ?? '';
    const last = (lastMessage.get(id) as Row | undefined) ?? null;
    return {
      session: row,
      message: last,
      parts: (last && (lastParts?.all(last.id ?? '') as Row[] | undefined)) ?? [],
      todos: (todos?.all(id) as Row[] | undefined) ?? [],
    };
  });
}

function newestSessions(database: Database, table: Table, nowMs: number): Row[] {
  const has = new Set(table.columns.map(({ name }) => name));
  const columns = SESSION.map((name) => `${has.has(name) ? asText(quoted(name)) : 'NULL'} AS ${name}`);
  const isThere = has.has('time_archived') ? 'AND time_archived IS NULL' : '';
  return database
    .prepare(
      `SELECT ${columns.join(', ')} FROM ${table.name}
       WHERE time_updated >= ? ${isThere} ORDER BY time_updated DESC LIMIT ${MOST_SESSIONS}`,
    )
    .all(nowMs - TOUCHED_WITHIN_MS) as Row[];
}

/** Returns SQL for values in the JSON of a table's column `data`. */
function picked(table: Table, fields: Readonly<Record<string, string>>): string {
  const data = table.columns.some(({ name }) => name === 'data') ? 'data' : 'NULL';
  return Object.entries(fields)
    .map(([name, path]) => `${jsonField(data, path)} AS ${name}`)
    .join(', ');
}

function jsonField(data: string, path: string): string {
  const isReadable = `octet_length(${data}) <= ${LONGEST_JSON_BYTES} AND json_valid(${data})`;
  return asText(`CASE WHEN ${isReadable} THEN json_extract(${data}, '${path}') END`);
}
