import { readdir, readFile, stat } from 'node:fs/promises';

/**
 * Tells whether this user has a process with this name; null if the system does not tell (anything but Linux). A name of more
 * than 15 characters is never found, because the system truncates names.
 */
export async function isProcessNamed(name: string): Promise<boolean | null> {
  const found = await readdir('/proc').catch((): string[] => []);
  if (!found.includes('self')) return null;
  for (const pid of found.filter((entry) => /^\d+$/u.test(entry))) {
    const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (command.trimEnd() === name && (await isOwn(`/proc/${pid}`))) return true;
  }
  return false;
}

async function isOwn(place: string): Promise<boolean> {
  const stats = await stat(place).catch(() => null);
  return stats !== null && stats.uid === process.getuid?.();
}
