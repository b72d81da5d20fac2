import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Returns the names of the rollouts that a Codex of this user has open, as it does while it lives; null if the system does
 * not tell (anything but Linux).
 */
export async function openRollouts(): Promise<ReadonlySet<string> | null> {
  const names = await readdir('/proc').catch((): string[] => []);
  if (!names.includes('self')) return null;
  const open = new Set<string>();
  for (const pid of names.filter((name) => /^\d+$/u.test(name))) {
    const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (!command.startsWith('codex')) continue;
    const descriptors = await readdir(`/proc/${pid}/fd`).catch((): string[] => []);
    for (const descriptor of descriptors) {
      const target = basename(await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => ''));
      if (target.startsWith('rollout-')) open.add(target);
    }
  }
  return open;
}
