import { readdir, readFile } from 'node:fs/promises';

/** Tells whether a process of this name lives; null if the system does not tell (anything but Linux). */
export async function isProcessNamed(name: string): Promise<boolean | null> {
  const found = await readdir('/proc').catch((): string[] => []);
  if (!found.includes('self')) return null;
  for (const pid of found.filter((entry) => /^\d+$/u.test(entry))) {
    const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (command.trimEnd() === name) return true;
  }
  return false;
}
