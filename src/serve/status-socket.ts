import type { Clock } from '../clock.ts';
import { readStatusFigures, type StatusFigures } from '../model/status-figures.ts';
import { askAtSocket, tellAtSocket } from './json-socket.ts';

/** Tells everybody who connects to the socket how all tasks stand. Rejects if it cannot be opened. */
export function listenForStatus(
  path: string,
  figures: () => Promise<StatusFigures>,
): Promise<{ close(): Promise<void> }> {
  return tellAtSocket(path, figures);
}

/** Asks at a socket how all tasks stand. Returns null if nobody answers in time, or in words that we do not know. */
export async function askForStatus(path: string, clock: Clock): Promise<StatusFigures | null> {
  return readStatusFigures(await askAtSocket(path, clock));
}
