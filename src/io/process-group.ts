/**
 * Sends a signal to every process of a group. Says whether it could: not where all that are left belong to another user, as
 * under `sudo`. A group is gone once its last process has ended: nothing to do then.
 */
export function signalGroup(leader: number | undefined, name: NodeJS.Signals): boolean {
  if (leader === undefined) return true;
  try {
    return process.kill(-leader, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return true;
    if (code === 'EPERM') return false;
    throw error;
  }
}
