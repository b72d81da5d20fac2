import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { FILE_LIMIT_BYTES, notJsonProblem, tooLargeProblem } from '../../io/file-problem.ts';
import { parseJson } from '../../io/json-text.ts';
import { readWhole } from '../../io/read-file.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { type Environment, homeOf } from '../../storage/home.ts';
import { decodePueue, type PueueReading } from './format.ts';

type StateFileReading =
  | ({ readonly kind: 'read' } & PueueReading)
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Returns where pueue keeps its state, if its settings name no other place. */
export function usualDirectory(env: Environment): string {
  if (process.platform === 'darwin') return path.join(homeOf(env), 'Library/Application Support/pueue');
  if (process.platform === 'win32')
    return path.join(env.LOCALAPPDATA || path.join(homeOf(env), 'AppData/Local'), 'pueue');
  const { XDG_DATA_HOME: given } = env;
  return path.join(given && path.isAbsolute(given) ? given : path.join(homeOf(env), '.local/share'), 'pueue');
}

/** Returns the directory that contains a state file; `place` itself if it does not name a file. */
export function directoryOf(place: string): string {
  return isFile(place) ? path.dirname(place) : place;
}

function isFile(place: string): boolean {
  return /\.(?:json|gz)$/iu.test(place);
}

/** Reads the state that a daemon has saved: in one of pueue's directories, or in a file that was named. */
export async function readStateFile(place: string): Promise<StateFileReading> {
  const files = isFile(place)
    ? [place]
    : ['state.json', 'state.json.gz'].map((name) => path.join(place, name));
  const readings = await Promise.all(files.map((file) => readWhole(file)));
  const found = readings.findIndex((reading) => 'bytes' in reading);
  const at = Math.max(0, found);
  const [file = place, reading] = [files[at], readings[at]];
  if (!reading || 'problem' in reading)
    return { kind: 'failed', problem: reading?.problem ?? notPueue(file) };
  const bytes = await unpacked(reading.bytes);
  if (!bytes) return { kind: 'failed', problem: tooLargeProblem(file) };
  const parsed = parseJson(bytes.toString());
  if (!('value' in parsed)) return { kind: 'failed', problem: notJsonProblem(file, parsed.explain()) };
  const decoded = decodePueue(parsed.value);
  return decoded ? { kind: 'read', ...decoded } : { kind: 'failed', problem: notPueue(file) };
}

/** Returns the bytes before `gzip`; null if they are too many, or were not compressed by it. */
async function unpacked(bytes: Buffer): Promise<Buffer | null> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return promisify(gunzip)(bytes, { maxOutputLength: FILE_LIMIT_BYTES }).catch(() => null);
}

function notPueue(file: string): Problem {
  return problem(
    'malformed',
    'down',
    words`${plainName(file)} is not a state file of pueue`,
    'name its state.json',
  );
}
