import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Io } from '../../../io/io.ts';
import { readWhole } from '../../../io/read-file.ts';
import { jsonObject, readJson } from '../../../model/json.ts';
import { type KnownTask, readKnownTasks } from '../../../model/known-task.ts';
import { userDirectories } from '../../../storage/directories.ts';

/** At most this many runs are read. */
const MOST_RUNS = 100;
/** Far more than a run's state takes. */
const LARGEST_RUN_BYTES = 256 * 1024;
const LARGEST_BOARD_BYTES = 1024 * 1024;

/** Returns the tasks that can be named: those of an open view or server; without one, this user's own runs. */
export async function tasksHere(io: Io): Promise<KnownTask[]> {
  return (await askOpen(io)) ?? runsOf(io);
}

async function askOpen({ env, clock }: Io): Promise<KnownTask[] | null> {
  const { findNamesSockets } = await import('../../../storage/runtime-directory.ts');
  for (const socket of findNamesSockets(env)) {
    const { askAtSocket } = await import('../../../serve/json-socket.ts');
    const told = await askAtSocket(socket, clock);
    if (told !== undefined) return readKnownTasks(told);
  }
  return null;
}

async function runsOf({ env }: Io): Promise<KnownTask[]> {
  const directory = userDirectories(env).runs;
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.json'));
  const dated = await Promise.all(
    names.map(async (name) => {
      const file = path.join(directory, name);
      return { file, at: (await stat(file).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  const newest = dated.toSorted((a, b) => b.at - a.at).slice(0, MOST_RUNS);
  const read = await Promise.all(newest.map(({ file }) => readDocument(file, LARGEST_RUN_BYTES)));
  return read.flatMap((state) => {
    const tasks = jsonObject(state)?.activeTasks;
    if (!Array.isArray(tasks)) return [];
    return readKnownTasks(
      tasks.map((task) => {
        const { taskId: id, taskName: name, status } = jsonObject(task) ?? {};
        return { id, name, status };
      }),
    );
  });
}

/** Returns the tasks of a ledger, leaving no trace in its directory. */
export async function ledgerTasks(db: string | undefined, io: Io): Promise<KnownTask[]> {
  const [{ defaultLedgerPath }, { readUntouched }, { DEFINITIONS_BY_NEWS }] = await Promise.all([
    import('../../../ledger/sql/ledger-file.ts'),
    import('../../../storage/read-untouched.ts'),
    import('../../../ledger/sql/known-definitions.ts'),
  ]);
  const file = db === undefined ? defaultLedgerPath(io.env) : path.resolve(io.cwd, db);
  const read = readUntouched(file, (database) => database.prepare(DEFINITIONS_BY_NEWS).all());
  return 'value' in read ? readKnownTasks(read.value) : [];
}

/** Returns the tasks of a session board's file. */
export async function boardTasks(board: string | undefined, { cwd }: Io): Promise<KnownTask[]> {
  const [{ DEFAULT_BOARD }, { decodeBoard }] = await Promise.all([
    import('../task/with-place.ts'),
    import('../../../sources/sessions/format.ts'),
  ]);
  const read = decodeBoard(
    await readDocument(path.resolve(cwd, board ?? DEFAULT_BOARD), LARGEST_BOARD_BYTES),
  );
  return readKnownTasks(
    read?.tasks.map(({ nativeId: id, name, state: { status } }) => ({ id, name, status })),
  );
}

async function readDocument(file: string, limitBytes: number): Promise<unknown> {
  const read = await readWhole(file, limitBytes);
  return 'problem' in read ? undefined : readJson(read.bytes.toString());
}
