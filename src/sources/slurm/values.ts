import { jsonNumber, jsonObject } from '../../model/json.ts';
import { readMoment } from '../../model/moment.ts';
import { type PlainText, plainNameOrNull, words } from '../../model/text.ts';

/**
 * Reads one of Slurm's numbers: newer versions write `{"set": true, "infinite": false, "number": 30}`. null if it is not set,
 * or infinite.
 */
export function slurmNumber(raw: unknown): number | null {
  const wrapped = jsonObject(raw);
  if (wrapped && (wrapped.set === false || wrapped.infinite === true)) return null;
  const value = wrapped ? wrapped.number : raw;
  const number = value === null || value === undefined ? Number.NaN : jsonNumber(value);
  return Number.isFinite(number) ? number : null;
}

/** Reads a number of seconds since 1970; 0 means none. */
export function slurmMoment(raw: unknown): number | null {
  const seconds = slurmNumber(raw);
  return seconds === null || seconds <= 0 ? null : readMoment(seconds);
}

/** Reads the words of a state: one, or in newer versions a list with a state and flags. */
export function slurmWords(raw: unknown): readonly string[] {
  const listed = Array.isArray(raw) ? raw.slice(0, 20) : [raw];
  return listed.filter((word) => typeof word === 'string').map((word) => word.toUpperCase());
}

/** Reads how a job's process has ended: a wait status, or in newer versions an object; null if it ended well. */
export function slurmExit(raw: unknown): { readonly code: number } | { readonly signal: PlainText } | null {
  const told = jsonObject(raw);
  const code = slurmNumber(told && Object.hasOwn(told, 'return_code') ? told.return_code : raw);
  if (!told || !Object.hasOwn(told, 'return_code')) return ofWaitStatus(code);
  const signal = jsonObject(told.signal);
  const name = plainNameOrNull(signal?.name) ?? plainNameOrNull(slurmNumber(signal?.id ?? signal?.signal_id));
  if (name && name !== 'NONE' && name !== '0') return { signal: name };
  return code ? { code } : null;
}

function ofWaitStatus(
  status: number | null,
): { readonly code: number } | { readonly signal: PlainText } | null {
  if (status === null || status <= 0) return null;
  const signal = status % 128;
  return signal === 0 ? { code: Math.floor(status / 256) } : { signal: words`${signal}` };
}

/** How many waiting tasks of an array have rows of their own. */
const MOST_ARRAY_TASKS = 1_000;

/** Reads the ids in `1-3,7,10-20:5%2`; null if it is not such a list, was cut, or has too many. */
export function arrayTaskIds(list: string): readonly number[] | null {
  const ids: number[] = [];
  for (const part of list.replace(/%\d+$/u, '').split(',')) {
    const [, from, to = from, step = '1'] = /^(\d{1,9})(?:-(\d{1,9})(?::(\d{1,9}))?)?$/u.exec(part) ?? [];
    if (from === undefined || Number(step) === 0) return null;
    if (ids.length + (Number(to) - Number(from)) / Number(step) >= MOST_ARRAY_TASKS) return null;
    for (let id = Number(from); id <= Number(to); id += Number(step)) ids.push(id);
  }
  return ids;
}
