import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemProblem } from '../../io/file-problem.ts';
import { inBatches } from '../../io/in-batches.ts';
import { parseJson } from '../../io/json-text.ts';
import { readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { jsonObject } from '../../model/json.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, plainNameOrNull, words } from '../../model/text.ts';
import { withoutEnvironment } from './environment.ts';
import { isBoard } from './format.ts';
import { byId, decodeMaestroProject, type MaestroData, type MaestroProject } from './maestro-format.ts';
import { decodeMaestroSession, type MaestroSession } from './maestro-session.ts';

/** What a data directory contains, and what could not be read. */
export interface MaestroReading {
  readonly data: MaestroData;
  readonly problem: Problem | null;
  /** The file of each task, by its id. */
  readonly files: ReadonlyMap<string, string>;
}

/** Reads a data directory again and again; a file that has not changed is not read twice. */
export interface MaestroFiles {
  /** Never throws; returns `down` if there is no data directory now. */
  read(): Promise<MaestroReading | { readonly down: Problem }>;
}

interface Cached {
  readonly identity: string;
  readonly value: unknown;
  readonly problem: Problem | null;
}

export function createMaestroFiles(directory: string): MaestroFiles {
  let cache = new Map<string, Cached>();

  return {
    async read() {
      const tasks = join(directory, 'tasks');
      const entries = await readdir(tasks, { withFileTypes: true }).catch((error: unknown) => error);
      if (!Array.isArray(entries)) return { down: notThere(directory, entries) };
      const next = new Map<string, Cached>();
      const load = async (paths: readonly string[], keep: (raw: unknown) => unknown) => {
        const loaded = await inBatches(paths, (path) => loadFile(path, cache.get(path), keep));
        for (const [index, path] of paths.entries()) next.set(path, loaded[index] as Cached);
        return paths.map((path, index) => ({ path, ...(loaded[index] as Cached) }));
      };
      const taskFiles = await load(await taskPaths(tasks, entries), withoutEnvironment);
      const sessions = await load(await jsonIn(join(directory, 'sessions')), decodeMaestroSession);
      const projects = await load(await jsonIn(join(directory, 'projects')), decodeMaestroProject);
      cache = next;
      const readable = taskFiles.filter(({ value }) => value !== null);
      return {
        data: {
          tasks: readable.map(({ value }) => value),
          sessions: byId(sessions.map(({ value }) => value as MaestroSession | null)),
          projects: byId(projects.map(({ value }) => value as MaestroProject | null)),
        },
        files: new Map(readable.map(({ path, value }) => [idOf(value), path])),
        problem: inOneProblem([...taskFiles, ...sessions, ...projects].flatMap((file) => file.problem ?? [])),
      };
    },
  };
}

/** How many of its tasks are looked at to tell a data directory from others that contain the same names. */
const LOOKED_AT = 5;
const BESIDE_TASKS = ['sessions', 'projects', 'server-url'];

/** Tells whether this is a Maestro's data directory: tasks in its format, and the other things that it keeps there. */
export async function isMaestroDirectory(directory: string): Promise<boolean> {
  const names: string[] = await readdir(directory).catch(() => []);
  if (!names.includes('tasks') || !BESIDE_TASKS.some((name) => names.includes(name))) return false;
  const tasks = join(directory, 'tasks');
  const entries: Dirent[] = await readdir(tasks, { withFileTypes: true }).catch(() => []);
  const paths = (await taskPaths(tasks, entries)).slice(0, LOOKED_AT);
  if (paths.length === 0) return names.includes('server-url');
  const files = await inBatches(paths, (path) => loadFile(path, undefined, jsonObject));
  return files.some(({ value }) => isMaestroTask(value));
}

function isMaestroTask(value: unknown): boolean {
  const task = jsonObject(value);
  return task !== null && 'id' in task && ('projectId' in task || isBoard(task));
}

/** Returns `tasks/<project>/<task>.json` and, as in earlier versions, `tasks/<task>.json`. */
async function taskPaths(tasks: string, entries: readonly Dirent[]): Promise<string[]> {
  const direct = entries.filter(isJson).map(({ name }) => join(tasks, name));
  const isFolder = (entry: Dirent) => entry.isDirectory() || (entry.isSymbolicLink() && !isJson(entry));
  const folders = entries.filter(isFolder).map(({ name }) => join(tasks, name));
  const inFolders = await inBatches(folders, jsonIn);
  return [...inFolders.flat(), ...direct].sort();
}

async function jsonIn(directory: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries
    .filter(isJson)
    .map(({ name }) => join(directory, name))
    .sort();
}

function isJson(entry: Dirent): boolean {
  return !entry.isDirectory() && entry.name.endsWith('.json');
}

/** Loads a file. A file that cannot be read keeps its previous content; one that is just being removed is not a problem. */
async function loadFile(
  path: string,
  known: Cached | undefined,
  keep: (raw: unknown) => unknown,
): Promise<Cached> {
  const stats = await stat(path).catch(() => null);
  const identity = stats ? identityOf(stats) : '';
  if (known && known.identity === identity) return known;
  const found = await readWhole(path);
  if ('problem' in found)
    return { identity: '', value: known?.value ?? null, problem: found.isMissing ? null : found.problem };
  const parsed = parseJson(decodeText(found.bytes));
  if ('value' in parsed) return { identity, value: keep(parsed.value), problem: null };
  const { what } = parsed.explain();
  const why = words`${plainName(path)} is not valid JSON: ${plainName(what)}`;
  return {
    identity,
    value: known?.value ?? null,
    problem: problem('malformed', 'degraded', why, 'its previous content is shown'),
  };
}

function identityOf({ ino, mtimeMs, size }: Stats): string {
  return `${ino} ${mtimeMs} ${size}`;
}

function idOf(task: unknown): string {
  return plainNameOrNull(jsonObject(task)?.id) ?? '';
}

function inOneProblem(problems: readonly Problem[]): Problem | null {
  const [first] = problems;
  if (!first) return null;
  const others = problems.length > 1 ? words` (and ${problems.length - 1} more like this)` : '';
  return problem(first.kind, 'degraded', words`${first.message}${others}`, first.hint);
}

function notThere(directory: string, error: unknown): Problem {
  const found = systemProblem(error, join(directory, 'tasks'));
  if (found.kind !== 'missing') return found;
  return problem(
    'missing',
    'down',
    words`${plainName(directory)} is not a Maestro data directory: it has no tasks in it`,
    'it appears once the server has created it (usually ~/.maestro/data)',
  );
}
