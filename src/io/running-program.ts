import { readdirSync, readFileSync, statSync } from 'node:fs';

/**
 * Tells whether a process of this user bears a program's name; null if the system does not say which there are. A name of
 * more than 15 characters is never found: the system cuts them.
 */
export function isProgramRunning(name: string): boolean | null {
  try {
    const own = process.getuid?.();
    return readdirSync('/proc').some((pid) => /^\d+$/u.test(pid) && isNamed(`/proc/${pid}`, name, own));
  } catch {
    return null;
  }
}

function isNamed(place: string, name: string, owner: number | undefined): boolean {
  try {
    return readFileSync(`${place}/comm`, 'utf8').trimEnd() === name && statSync(place).uid === owner;
  } catch {
    return false; // it has just ended
  }
}
