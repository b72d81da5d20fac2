import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One file of a log. A log has several; when a new one is begun, the oldest is removed, and none is ever overwritten. */
export interface Segment {
  /** Increases with each file, from 1. */
  readonly number: number;
  readonly path: string;
}

/** How much of a log is kept, and how much in one file, in bytes. */
export const LOG_BYTES = 16 * 1024 * 1024;
export const SEGMENT_BYTES = LOG_BYTES / 4;

/** Where the files of a log are. A directory may contain several logs. */
export interface LogPlace {
  readonly directory: string;
  /** Letters, digits and dashes. */
  readonly name: string;
}

export function segmentAt({ directory, name }: LogPlace, number: number): Segment {
  return { number, path: join(directory, `${name}.${number}.log`) };
}

/** Returns the files of a log, the oldest first. Rejects with the system's error if the directory cannot be read. */
export async function listSegments(place: LogPlace): Promise<Segment[]> {
  const names = await readdir(place.directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((file) => {
      const number = file.startsWith(`${place.name}.`) ? numberIn(file.slice(place.name.length)) : null;
      return number === null ? [] : [segmentAt(place, number)];
    })
    .sort((a, b) => a.number - b.number);
}

function numberIn(rest: string): number | null {
  const [, digits] = /^\.([1-9]\d{0,14})\.log$/u.exec(rest) ?? [];
  return digits === undefined ? null : Number(digits);
}
