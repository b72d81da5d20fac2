import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import path from 'node:path';
import { processesBelow } from '../../../io/child-processes.ts';
import { LEAST_BYTES, type OpenFile } from './read-position.ts';

/** Limits the work for builds with thousands of processes and servers with thousands of files. */
const MOST_PROCESSES = 32;
const MOST_FILES = 64;
/** Where programs and the system's own data are; reading those is not work. */
const SYSTEM = /^\/(?:usr|lib|lib64|proc|sys|dev|etc)\//u;
const ACCESS_MODE = 0o3;
const READ_ONLY = 0;

/** Returns every file that a process below `pid` has opened for reading only; none if the system does not tell (not Linux). */
export async function filesReadBelow(pid: number): Promise<OpenFile[]> {
  const found: OpenFile[] = [];
  for (const child of await processesBelow(pid, MOST_PROCESSES)) found.push(...(await filesReadBy(child)));
  return found;
}

async function filesReadBy(pid: number): Promise<OpenFile[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const files = await Promise.all(descriptors.slice(0, MOST_FILES).map((fd) => fileReadBy(pid, fd)));
  return files.filter((file) => file !== null);
}

async function fileReadBy(pid: number, fd: string): Promise<OpenFile | null> {
  const file = `/proc/${pid}/fd/${fd}`;
  const target = await readlink(file).catch(() => '');
  if (!target.startsWith('/') || SYSTEM.test(target)) return null;
  const stats = await stat(file).catch(() => null);
  if (!stats?.isFile() || stats.size < LEAST_BYTES) return null;
  const info = await readText(`/proc/${pid}/fdinfo/${fd}`);
  const position = Number(/^pos:\s*(\d+)/mu.exec(info)?.[1] ?? Number.NaN);
  const flags = Number.parseInt(/^flags:\s*([0-7]+)/mu.exec(info)?.[1] ?? '1', 8);
  if ((flags & ACCESS_MODE) !== READ_ONLY || Number.isNaN(position)) return null;
  return { key: `${pid} ${fd} ${target}`, name: path.basename(target), position, size: stats.size };
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
