import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { sleep, systemClock } from '../../src/clock.ts';
import { openLedgerDatabase } from '../../src/ledger/sql/open-ledger.ts';
import { temporaryLedger } from './ledger.ts';

/** What resulted from several processes that wrote to one ledger at once. */
export interface SharingFigures {
  /** Lines of the history in addition to those of the registrations. */
  readonly lines: number;
  /** Runs whose version is not the number of their lines: an update was lost, or a line was. */
  readonly unequal: number;
  /** The errors of the processes: most likely a lock. */
  readonly complaints: string;
  readonly durationMs: number;
}

/** Lets each process update a task of its own, and all of them the same one as well. */
export async function runSharingTrial(processes: number, updates: number): Promise<SharingFigures> {
  await using world = await temporaryLedger();
  const { ledger, path } = world;
  const own = Array.from({ length: processes }, (_, n) => `own-${n}`);
  await ledger.register([...own, 'shared'].map((id) => ({ id })));
  await ledger.start('shared');
  const startedAt = performance.now();
  const half = Math.floor(updates / 2);
  const words = await Promise.all(
    own.map(async (task) => {
      const first = await complaintsOf(startWriter({ path, task: 'shared', updates: half }));
      return first + (await complaintsOf(startWriter({ path, task, updates: updates - half })));
    }),
  );
  const durationMs = performance.now() - startedAt;
  const history = await ledger.history();
  const tasks = await ledger.query();
  return {
    lines: history.length - tasks.length - 1,
    unequal: tasks.filter(
      ({ status }) => status.version !== history.filter(({ task }) => task === status.task).length,
    ).length,
    complaints: words.join(''),
    durationMs,
  };
}

/** What kills left behind. */
export interface KillFigures {
  readonly kills: number;
  /** Checks after which `PRAGMA integrity_check` or a foreign key was not in order, or versions and lines differed. */
  readonly broken: number;
  readonly lines: number;
  readonly complaints: string;
}

/** Kills a writer at random moments once it has begun to write (`random`: 0–1), and checks the file after each. */
export async function runKillTrial(kills: number, random: () => number): Promise<KillFigures> {
  await using world = await temporaryLedger();
  const { ledger, path } = world;
  await ledger.register({ id: 'a' });
  await ledger.close();
  let broken = 0;
  let complaints = '';
  for (let kill = 0; kill < kills; kill += 1) {
    const writer = startWriter({ path, task: 'a', updates: 1_000_000 });
    if (writer.stdout) await once(writer.stdout, 'data');
    await sleep(systemClock, random() * 150);
    writer.kill('SIGKILL');
    complaints += await complaintsOf(writer);
    if (!isWhole(path)) broken += 1;
  }
  const { database } = openLedgerDatabase(path, 0);
  const lines = Number(database.prepare('SELECT count(*) AS n FROM task_status_history').get()?.n);
  database.close();
  return { kills, broken, lines, complaints };
}

function isWhole(path: string): boolean {
  const { database } = openLedgerDatabase(path, 0);
  const check = database.prepare('PRAGMA integrity_check').get()?.integrity_check;
  const strays = database.prepare('PRAGMA foreign_key_check').all().length;
  const unequal = database
    .prepare(
      `SELECT count(*) AS n FROM task_statuses s WHERE s.version <>
         (SELECT count(*) FROM task_status_history h WHERE h.task = s.task AND h.run = s.run)`,
    )
    .get()?.n;
  database.close();
  return check === 'ok' && strays === 0 && unequal === 0;
}

function startWriter(order: { path: string; task: string; updates: number }): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'ledger-writer.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdout?.resume();
  child.stdin?.on('error', () => {}); // killed before it could read
  child.stdin?.end(JSON.stringify(order));
  return child;
}

/** Returns what a process prints on standard error until it has ended. */
async function complaintsOf(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit');
  const words = child.stderr ? await text(child.stderr) : '';
  if (child.exitCode === null && child.signalCode === null) await ended;
  return words;
}
