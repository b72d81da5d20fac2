import { createHash } from 'node:crypto';
import type { EventTemplate } from 'nostr-tools/core';
import type { TaskId } from '../../../model/id.ts';
import type { Task } from '../../../model/task.ts';
import { OWN_WORK_KIND } from '../../../nostr/nip90/format.ts';
import type { JobRequest } from '../tracker/request.ts';

/** Returns the job request as which a task is published: by our own key, which it also names as the only provider. */
export function taskRequest(
  task: Task,
  options: {
    readonly pubkey: string;
    /** This machine's name, by which others know it. */
    readonly host: string;
    /** The keys whose cancellation is obeyed. */
    readonly allowed: readonly string[];
    /** The request for the task's earlier attempt. */
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

/** Returns a key by which a task's request is found again after a restart. It reveals nothing about paths and ids. */
export function taskKey(pubkey: string, id: TaskId): string {
  return createHash('sha256').update(`${pubkey}/${id}`).digest('hex').slice(0, 32);
}

export function taskKeyOf(request: JobRequest): string | null {
  return request.params.task ?? null;
}
