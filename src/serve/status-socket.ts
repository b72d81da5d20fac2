import type { Clock } from '../clock.ts';
import { readStatusFigures, type StatusFigures } from '../model/status-figures.ts';
import { askAtSocket, tellAtSocket } from './json-socket.ts';

/** Sends the state of all tasks to everybody who connects to the socket. Rejects if it cannot be opened. */
export function listenForStatus(
  path: string,
  figures: () => Promise<StatusFigures>,
): Promise<{ close(): Promise<void> }> {
  return tellAtSocket(path, figures);
}

/** Reads the state of all tasks from a socket. Resolves with null if there is no answer in time, or it is not understood. */
export async function askForStatus(path: string, clock: Clock): Promise<StatusFigures | null> {
  return readStatusFigures(await askAtSocket(path, clock));
}
