import { join } from 'node:path';

/*
 * The names in the runtime directory by which the hooks and an open taskglass find each other. The hooks have a copy
 * (`bin/hook/runtime-names.js`), because they are plain JavaScript that imports nothing from here.
 */

/** Returns the directory of the journals, one for each session. */
export function journalsIn(runtime: string): string {
  return join(runtime, 'claude');
}

/** Returns the socket at which a held hook takes its answer. */
export function heldSocket(runtime: string, id: string): string {
  return join(runtime, `claude-held-${id}.sock`);
}

/** Returns the socket at which this process shows that it can answer. */
export function ownListener(runtime: string): string {
  return join(runtime, `claude-answers-${process.pid}.sock`);
}

/** Returns the process that listens, or listened, at a socket of that kind; null for any other name. */
export function listenerPid(name: string): number | null {
  const [, pid] = /^claude-answers-(\d+)\.sock$/u.exec(name) ?? [];
  return pid === undefined ? null : Number(pid);
}
