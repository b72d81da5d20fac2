import type { Clock } from '../../clock.ts';
import { askDatabase, type DatabaseAnswer } from '../../io/follow-database.ts';
import { checkLedger } from '../../ledger/sql/open-ledger.ts';
import { TASK_LIMIT } from '../../model/limits.ts';
import { markDatabase } from '../../storage/read-untouched.ts';
import type { Database } from '../../storage/transaction.ts';

import type { TaskDraft } from '../kit/task-draft.ts';
import { createLedgerIndex, type LedgerIndex } from './ledger-index.ts';
import { markPage } from './page-marks.ts';
import { readPage, readRange, readTasks, type ShownRows } from './shown-rows.ts';
import { decodeShownTask } from './shown-task.ts';

/** The result of a look at a ledger. */
export interface LedgerNews {
  readonly home: 'own' | 'guest';
  /** All tasks, or only those that may have changed since the last look. */
  readonly scope: 'all' | 'changed';
  readonly tasks: readonly TaskDraft[];
  /** There are more tasks than are read. */
  readonly isCut: boolean;
}

/** How many tasks are read at once; in between, writers and the screen get their turn. */
const PAGE_LENGTH = 1_000;

/** A line of the history. While it is there unchanged, the file is the same ledger, and only what follows is new. */
interface Line {
  readonly id: number;
  readonly task: string;
  readonly at: number;
}

/** Tasks that were read together: those after the id `after`, up to `last` (to the end if that is null). */
interface Page {
  readonly after: string;
  readonly last: string | null;
  /** null until the first audit, so that nobody who opens a ledger waits for it. */
  mark: string | null;
}

interface Known {
  readonly pages: Page[];
  /** The state of the file when reading began. */
  readonly stamp: string;
  readonly home: LedgerNews['home'];
  readonly index: LedgerIndex;
  /** The last known line of the history; null if it has none. */
  line: Line | null;
  /** The last id that was read; null once all are. */
  after: string | null;
  isTold: boolean;
  isCut: boolean;
}

/** The queries that a ledger is asked again and again. */
export interface LedgerReader {
  /**
   * Returns what is new. The first time, all tasks are read, page by page; a write in between costs only the page. What changed
   * meanwhile, and later, is taken from the history, in which each of our changes has a line.
   */
  ask(): Promise<DatabaseAnswer<LedgerNews>>;
  /**
   * Returns what was changed without a line in the history, as by plain SQL; null if somebody is writing, or nothing is known
   * yet.
   */
  audit(): Promise<LedgerNews | null>;
}

export function createLedgerReader(path: string, clock: Clock): LedgerReader {
  let known: Known | null = null;
  const stampNow = () => markDatabase(path, clock).text;

  return { ask, audit };

  async function ask(): Promise<DatabaseAnswer<LedgerNews>> {
    if (!known) {
      const begun = askDatabase(path, (database) => begin(database, stampNow()));
      if (!('value' in begun)) return begun;
      known = begun.value;
    }
    while (known.after !== null) {
      const { after } = known;
      const page = askDatabase(path, (database) => readPage(database, after, PAGE_LENGTH));
      if (!('value' in page)) return page;
      takePage(known, after, page.value);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const before = known;
    const news = askDatabase(path, (database) => readNews(database, before));
    if (!('value' in news)) return news;
    if (news.value === 'other ledger') {
      known = null;
      return ask();
    }
    return { value: takeNews(known, news.value) };
  }

  /** Audits pages. It reads only those that have changed; in between, others get their turn, as above. */
  async function audit(): Promise<LedgerNews | null> {
    const audited = known;
    if (!audited?.isTold) return null;
    const tasks: TaskDraft[] = [];
    for (const page of audited.pages) {
      const isAsRead = () => page.mark === null && stampNow() === audited.stamp;
      const answer = askDatabase(path, (database) => readChangedPage(database, page, isAsRead));
      if (!('value' in answer) || known !== audited) return null;
      page.mark = answer.value.mark;
      if (answer.value.rows) tasks.push(...audited.index.put(decodeAll(answer.value.rows)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const count = askDatabase(path, countTasks);
    if (!('value' in count) || known !== audited) return null;
    if (count.value >= audited.index.size) return { ...audited, scope: 'changed', tasks };
    known = null; // some were deleted
    const anew = await ask();
    return 'value' in anew ? anew.value : null;
  }
}

/** Reads a page's mark, and its tasks if they may have changed since they were last read. */
function readChangedPage(database: Database, { after, last, mark }: Page, isAsRead: () => boolean) {
  const now = markPage(database, after, last);
  const isSame = now === mark || isAsRead();
  return { mark: now, rows: isSame ? null : readRange(database, after, last) };
}

function countTasks(database: Database): number {
  return Number(database.prepare('SELECT count(*) AS count FROM task_definitions').get()?.count);
}

function begin(database: Database, stamp: string): Known {
  const home = checkLedger(database);
  return {
    home,
    pages: [],
    stamp,
    index: createLedgerIndex(),
    line: readLastLine(database),
    after: '',
    isTold: false,
    isCut: false,
  };
}

function takePage(known: Known, after: string, page: ShownRows): void {
  const last = page.rows.length < PAGE_LENGTH ? null : (page.rows.at(-1)?.id ?? null);
  known.index.add(decodeAll(page));
  known.pages.push({ after, last, mark: null });
  known.after = known.index.size >= TASK_LIMIT ? null : last;
}

function takeNews(known: Known, { line, changed, isCut }: News): LedgerNews {
  const tasks = known.index.put(decodeAll(changed));
  const scope = known.isTold ? 'changed' : 'all';
  known.line = line;
  known.isTold = true;
  known.isCut = isCut;
  return {
    home: known.home,
    scope,
    tasks: scope === 'all' ? known.index.all() : tasks,
    isCut,
  };
}

interface News {
  readonly line: Line | null;
  readonly changed: ShownRows;
  readonly isCut: boolean;
}

const NOTHING: ShownRows = { rows: [], dependencies: new Map(), notes: new Map(), durations: new Map() };

/**
 * Reads what is new. Tasks are never removed from a ledger: if some are missing, or the last known line is, it is another
 * ledger.
 */
function readNews(database: Database, { line, index, isTold, isCut }: Known): News | 'other ledger' {
  if (line && !hasLine(database, line)) return 'other ledger';
  const last = readLastLine(database);
  if (isTold && last?.id === line?.id) return { line, changed: NOTHING, isCut };
  const ids = database
    .prepare('SELECT DISTINCT task FROM task_status_history WHERE id > ?')
    .all(line?.id ?? 0)
    .map(({ task }) => String(task));
  const count = countTasks(database);
  if (count < index.size) return 'other ledger';
  return { line: last, changed: readTasks(database, ids), isCut: count > TASK_LIMIT };
}

function readLastLine(database: Database): Line | null {
  const row = database.prepare('SELECT id, task, at FROM task_status_history ORDER BY id DESC LIMIT 1').get();
  return row ? { id: Number(row.id), task: String(row.task), at: Number(row.at) } : null;
}

function hasLine(database: Database, { id, task, at }: Line): boolean {
  const row = database.prepare('SELECT task, at FROM task_status_history WHERE id = ?').get(id);
  return row !== undefined && String(row.task) === task && Number(row.at) === at;
}

function decodeAll(rows: ShownRows) {
  return rows.rows.map((row) => decodeShownTask(row, rows));
}
