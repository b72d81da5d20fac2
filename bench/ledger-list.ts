import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../src/clock.ts';
import { decodeDefinitions } from '../src/ledger/format.ts';
import { registerDefinitions } from '../src/ledger/registration.ts';
import { TaskTrackingService } from '../src/ledger/service.ts';
import { openLedgerDatabase } from '../src/ledger/sql/open-ledger.ts';
import { createLedgerTables } from '../src/ledger/sql/tables.ts';
import { inTransaction } from '../src/storage/transaction.ts';
import { type Figure, median, short } from './figure.ts';
import { BIN, inScratchFolder } from './program.ts';

const TASKS = 100_000;
const QUERY_ROUNDS = 1_500;
const PROCESS_ROUNDS = 15;

const PAGE = `SELECT * FROM task_definitions d CROSS JOIN task_statuses s ON s.task = d.id AND s.is_current = 1
  ORDER BY d.priority IS NULL, d.priority, d.id LIMIT 50`;
const DEPENDENCIES = 'SELECT depends_on FROM task_dependencies WHERE task = ? ORDER BY position';

/** A program that uses only `node:sqlite`: it opens the file, reads one page in the same order and prints it. */
const BARE = `
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const rows = new DatabaseSync(process.argv[1]).prepare(\`${PAGE}\`).all();
  process.stdout.write(rows.map((row) => [row.id, row.status, row.name].join('  ')).join('\\n') + '\\n');`;

/** Measures one page of many tasks: as the service reads it, and as `taskglass ledger list-tasks --limit 50` prints it. */
export function measureLedgerList(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const path = join(folder, 'ledger.db');
    fillLedger(path, TASKS);
    return [await measureQuery(path), measureCommand(path, folder)];
  });
}

async function measureQuery(path: string): Promise<Figure> {
  const ledger = await TaskTrackingService.open({ path });
  const bare = new DatabaseSync(path);
  const times: { ours: number; bare: number }[] = [];
  for (let round = 0; round < QUERY_ROUNDS; round += 1) {
    const start = performance.now();
    await ledger.query({ limit: 50 });
    const middle = performance.now();
    readBare(bare);
    times.push({ ours: middle - start, bare: performance.now() - middle });
  }
  await ledger.close();
  bare.close();
  return figureOf('a page of 50 through the service', times, 1.5);
}

/** Reads the same rows, with their documents and dependencies: by hand what `query` returns. */
function readBare(database: DatabaseSync): void {
  const dependencies = database.prepare(DEPENDENCIES);
  for (const { id, document, steps } of database.prepare(PAGE).all()) {
    JSON.parse(String(document));
    JSON.parse(String(steps));
    dependencies.all(String(id));
  }
}

/** Measures whole processes; nearly all of that is the start of the program. */
function measureCommand(path: string, folder: string): Figure {
  const ours = [BIN, 'ledger', 'list-tasks', '--limit', '50', '--db', path];
  const bare = ['--no-warnings', '--eval', BARE, path];
  runMs(ours, folder); // fills the compile cache
  const times: { ours: number; bare: number }[] = [];
  for (let round = 0; round < PROCESS_ROUNDS; round += 1)
    times.push({ bare: runMs(bare, folder), ours: runMs(ours, folder) });
  return figureOf('list-tasks --limit 50, start to end', times, 5);
}

function figureOf(what: string, times: readonly { ours: number; bare: number }[], bound: number): Figure {
  const ours = median(times.map((time) => time.ours));
  const bare = median(times.map((time) => time.bare));
  return {
    what: `ledger of ${TASKS.toLocaleString('en')} tasks: ${what}`,
    measured: `${short(ours / bare)}× bare node:sqlite (${short(ours)} ms against ${short(bare)} ms)`,
    value: ours / bare,
    bound,
    unit: '×',
  };
}

/** Fills a ledger with that many tasks: every third waits for the one before it, every seventh has no priority. */
export function fillLedger(path: string, count: number): void {
  const definitions = decodeDefinitions(
    Array.from({ length: count }, (_, n) => ({
      id: `task-${n}`,
      name: `Task number ${n}`,
      job: `job-${n % 50}`,
      module: `module-${n % 20}`,
      priority: n % 7 === 0 ? null : n % 10,
      dependencies: n % 3 === 1 ? [`task-${n - 1}`] : [],
    })),
  );
  const now = systemClock.now();
  const { database } = openLedgerDatabase(path, now);
  const tables = createLedgerTables(database);
  inTransaction(database, () => registerDefinitions(tables, definitions, {}, { by: null, now }));
  database.close();
}

function runMs(args: string[], folder: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(String(stderr));
  return performance.now() - start;
}
