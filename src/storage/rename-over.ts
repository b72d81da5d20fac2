import { renameSync } from 'node:fs';
import { type Clock, sleep, systemClock } from '../clock.ts';

/** The errors of Windows while another program (a scanner, an indexer, a reader) has one of the two files open. */
const HELD: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** How long to wait before each further try, ms: 1.3 s in all, which outlasts a scan. */
const WAITS_MS = [5, 10, 20, 40, 80, 160, 320, 640];

/** The parts of the system that renaming needs. */
export interface RenamingSystem {
  readonly platform: NodeJS.Platform;
  readonly rename: (from: string, to: string) => void;
  readonly clock: Clock;
}

const THIS_SYSTEM: RenamingSystem = { platform: process.platform, rename: renameSync, clock: systemClock };

/** Tells whether to go on. If it returns a function, that is asked again, synchronously, just before the rename. */
export type StillRight = () => Promise<boolean | (() => boolean)>;

/**
 * Replaces a file with another. On Windows, which refuses that while other programs have one of them open, tries again for a
 * while. `isStillRight` is asked before each try; false cancels the rename. Tells whether the file was renamed. Rejects with
 * the system's error.
 */
export async function renameOver(
  from: string,
  to: string,
  isStillRight: StillRight = async () => true,
  { platform, rename, clock }: RenamingSystem = THIS_SYSTEM,
): Promise<boolean> {
  for (const waitMs of [...WAITS_MS, null]) {
    const isRight = await isStillRight();
    if (!isRight || (isRight !== true && !isRight())) return false;
    try {
      // Synchronous: waiting for a thread would give others a hundred times as long to write in between.
      rename(from, to);
      return true;
    } catch (error) {
      if (platform !== 'win32' || waitMs === null || !isHeld(error)) throw error;
      await sleep(clock, waitMs);
    }
  }
  return false;
}

/** Does the same synchronously, for the last moment of a process. Blocks while it waits. */
export function renameOverNow(
  from: string,
  to: string,
  { platform, rename }: Pick<RenamingSystem, 'platform' | 'rename'> = THIS_SYSTEM,
): void {
  for (const waitMs of [...WAITS_MS, null]) {
    try {
      return rename(from, to);
    } catch (error) {
      if (platform !== 'win32' || waitMs === null || !isHeld(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
    }
  }
}

function isHeld(error: unknown): boolean {
  return HELD.has((error as NodeJS.ErrnoException).code);
}
