import { createHash } from 'node:crypto';
import type { EventTemplate } from 'nostr-tools/core';
import type { TaskId } from '../../../model/id.ts';
import type { Task } from '../../../model/task.ts';
import { OWN_WORK_KIND } from '../../../nostr/nip90/format.ts';
import type { JobRequest } from '../tracker/request.ts';

/**
 * Returns the job request that a task is published as: by our own key, naming that key as the only one to be believed.
 */
export function taskRequest(
  task: Task,
  options: {
    readonly pubkey: string;
    /** What this machine is called among the others. */
    readonly host: string;
    /** The keys whose cancellation is obeyed. */
    readonly allowed: readonly string[];
    /** The request that told of the task's earlier attempt. */
    readonly retryOf: string | null;
    readonly nowMs: number;
  },
): EventTemplate {
  const { pubkey, host, allowed, retryOf, nowMs } = options;
  return {
    kind: OWN_WORK_KIND,
    created_at: Math.floor(nowMs / 1000),
    content: task.name,
    tags: [
      ['p', pubkey],
      ['param', 'task', taskKey(pubkey, task.id)],
      ['param', 'host', host],
      ...(task.priority === null ? [] : [['priority', String(task.priority)]]),
      ...allowed.map((key) => ['allow', key]),
      ...(retryOf === null ? [] : [['retry', retryOf]]),
    ],
  };
}

/**
 * Returns a key by which a task's request is found again after a restart. It tells a stranger nothing of paths and ids.
 */
export function taskKey(pubkey: string, id: TaskId): string {
  return createHash('sha256').update(`${pubkey}/${id}`).digest('hex').slice(0, 32);
}

export function taskKeyOf(request: JobRequest): string | null {
  return request.params.task ?? null;
}
