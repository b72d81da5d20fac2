import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Waits at a pipe of ours for the word that all is well. If the pipe ends without it, we were killed: then the group is
 * ended, which nobody else would do any more.
 */
const GUARD = `read -r group && { read -r word || { kill -TERM -"$group"; sleep 2; kill -KILL -"$group"; }; } 2> /dev/null`;

/** Watches over the process group of a command: it does not outlive this process, however that ends. */
export interface Guard {
  /** Names the group; before that, nothing is watched. */
  watch(group: number): void;
  /** The group has ended, or the caller ends it. */
  release(): void;
}

/** Starts a guard, which is a shell outside of our own process group. If there is none, nothing is guarded. */
export function startGuard(): Guard {
  const guard = start();
  guard?.on('error', () => {});
  guard?.stdin?.on('error', () => {}); // it was ended by somebody
  guard?.unref();
  return {
    watch: (group) => void guard?.stdin?.write(`${group}\n`),
    release: () => void guard?.stdin?.end('done\n'),
  };
}

function start(): ChildProcess | null {
  try {
    return spawn('/bin/sh', ['-c', GUARD], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      env: { PATH: process.env.PATH },
    });
  } catch {
    return null; // no more processes, or no such system
  }
}
