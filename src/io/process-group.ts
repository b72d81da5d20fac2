import { spawn } from 'node:child_process';

/**
 * Sends a signal to every process of a group. Returns false if that is not allowed, because all remaining processes belong to
 * another user, as under `sudo`; true if the group is gone. Windows has no groups, and Node does not accept negative ids there:
 * the leader is ended, with everything that it has started.
 */
export function signalGroup(
  leader: number | undefined,
  name: NodeJS.Signals,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (leader === undefined) return true;
  if (platform === 'win32') return endTree(leader, name);
  try {
    return process.kill(-leader, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return true;
    if (code === 'EPERM') return false;
    throw error;
  }
}

/** The signals that end a program; Windows has no others. */
const ENDING: ReadonlySet<NodeJS.Signals> = new Set(['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGQUIT', 'SIGHUP']);

/**
 * Ends a process and all its descendants on Windows, if the signal is one that ends; returns false if that is not allowed. Does
 * not ask the process to close first, because a program without a window would not notice.
 */
export function endTree(root: number, name: NodeJS.Signals): boolean {
  if (!ENDING.has(name)) return true;
  try {
    process.kill(root, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
  const words = ['/PID', `${root}`, '/T', '/F'];
  spawn('taskkill', words, { stdio: 'ignore', windowsHide: true }).on('error', () => endAlone(root));
  return true;
}

function endAlone(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
