import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { decodeDefinitions } from '../src/sources/ledger/format.ts';
import { registerDefinitions } from '../src/sources/ledger/registration.ts';
import { openLedgerDatabase } from '../src/storage/ledger/open-ledger.ts';
import { createLedgerTables } from '../src/storage/ledger/tables.ts';
import { inTransaction } from '../src/storage/transaction.ts';
import { type Figure, median, short } from './figure.ts';
import { BIN, inScratchFolder } from './program.ts';

const TASKS = 100_000;
const ROUNDS = 15;

/** A program that does the same with nothing but `node:sqlite`: opens, reads one page in the same order, prints it. */
const BARE = `
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(process.argv[1]);
  const rows = database.prepare(\`SELECT * FROM task_definitions d CROSS JOIN task_statuses s
    ON s.task = d.id AND s.is_current = 1 ORDER BY d.priority IS NULL, d.priority, d.id LIMIT 50\`).all();
  process.stdout.write(rows.map((row) => [row.id, row.status, row.name].join('  ')).join('\\n') + '\\n');`;

/** `taskglass ledger list-tasks --limit 50`, whole processes in turn with the bare program. */
export function measureLedgerList(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const path = join(folder, 'ledger.db');
    fillLedger(path, TASKS);
    const ours = [BIN, 'ledger', 'list-tasks', '--limit', '50', '--db', path];
    const bare = ['--no-warnings', '--eval', BARE, path];
    runMs(ours, folder); // fills the compile cache
    const times: { ours: number; bare: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      times.push({ bare: runMs(bare, folder), ours: runMs(ours, folder) });
    const oursMs = median(times.map((time) => time.ours));
    const bareMs = median(times.map((time) => time.bare));
    return [
      {
        what: `ledger of ${TASKS.toLocaleString('en')} tasks: list-tasks --limit 50`,
        measured: `${short(oursMs / bareMs)}× bare node:sqlite (${short(oursMs)} ms against ${short(bareMs)} ms)`,
        value: oursMs / bareMs,
        bound: 1.5,
        unit: '×',
      },
    ];
  });
}

/** A ledger of so many tasks: every third waits for the one before it, every seventh has no priority. */
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
