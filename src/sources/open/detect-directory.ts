import { isBacklogDirectory } from '../backlog/place.ts';
import { isBeadsDirectory } from '../beads/place.ts';
import { isMaestroDirectory } from '../sessions/maestro-files.ts';

/** What kind of source a directory can be as a whole. */
export type DirectoryFormat = 'maestro' | 'backlog' | 'beads';

/**
 * Returns the kind of source that a directory is as a whole, judging by the names of the directories in it; null if it is not
 * one.
 */
export async function detectDirectoryFormat(
  directory: string,
  inside: readonly string[],
): Promise<DirectoryFormat | null> {
  if (await isBeadsDirectory(directory)) return 'beads';
  if (!inside.includes('tasks')) return null;
  if (await isMaestroDirectory(directory)) return 'maestro';
  return (await isBacklogDirectory(directory)) ? 'backlog' : null;
}
