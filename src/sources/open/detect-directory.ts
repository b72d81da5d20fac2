import { isBacklogDirectory } from '../backlog/place.ts';
import { isBeadsDirectory } from '../beads/place.ts';
import { isMaestroDirectory } from '../sessions/maestro-files.ts';

/** What a directory can be a source of as a whole. */
export type DirectoryFormat = 'maestro' | 'backlog' | 'beads';

/** Returns what a directory is a source of as a whole, told by the names of the directories in it; null if it is none. */
export async function detectDirectoryFormat(
  directory: string,
  inside: readonly string[],
): Promise<DirectoryFormat | null> {
  if (await isBeadsDirectory(directory)) return 'beads';
  if (!inside.includes('tasks')) return null;
  if (await isMaestroDirectory(directory)) return 'maestro';
  return (await isBacklogDirectory(directory)) ? 'backlog' : null;
}
