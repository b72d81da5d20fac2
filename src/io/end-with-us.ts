import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads the group's number and then a final word from our pipe. If the pipe ends without the word, we were killed, and the group
 * is ended, because nobody else would do that.
 */
const GUARD = `read -r group && { read -r word || { kill -TERM -"$group"; sleep 2; kill -KILL -"$group"; }; } 2> /dev/null`;

/** Guards the process group of a command, so that it does not outlive this process, however that ends. */
export interface Guard {
  /** Guards a group. */
  watch(group: number): void;
  /** To be called when the group has ended, or the caller ends it. */
  release(): void;
}

/** Starts a guard, which is a shell outside our own process group. If it cannot be started, nothing is guarded. */
export function startGuard(): Guard {
  const guard = start();
  guard?.on('error', () => {});
  guard?.stdin?.on('error', () => {}); // somebody ended it
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
    return null; // too many processes, or a system without a shell
  }
}
