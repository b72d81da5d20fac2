import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Returns the names of the files that this user's processes with a given command have open; null if the system does not tell
 * (anything but Linux).
 */
export async function filesOpenIn(command: string): Promise<ReadonlySet<string> | null> {
  const names = await readdir('/proc').catch((): string[] => []);
  if (!names.includes('self')) return null;
  const open = new Set<string>();
  for (const pid of names.filter((name) => /^\d+$/u.test(name))) {
    const own = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (!own.startsWith(command)) continue;
    const descriptors = await readdir(`/proc/${pid}/fd`).catch((): string[] => []);
    for (const descriptor of descriptors)
      open.add(basename(await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')));
  }
  return open;
}
