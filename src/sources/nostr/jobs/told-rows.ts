import { isDeepStrictEqual } from 'node:util';
import type { SourceEvent } from '../../../model/event.ts';
import { type SourceId, taskId } from '../../../model/id.ts';
import type { Task } from '../../../model/task.ts';
import { type Interest, isShown } from './interest.ts';
import type { Job } from './job.ts';
import type { JobIndex } from './job-index.ts';
import { describeJob } from './job-task.ts';

/** The rows that were told of jobs: snapshot first, then what changes. */
export interface ToldRows {
  /** All rows there are; they count as told. */
  snapshot(): SourceEvent;
  /** Tells the job's row unless it reads as before: the same word from two relays must not move anything. */
  tell(job: Job): void;
  /** Tells that the job has no row any more, if it had one. */
  tellGone(id: string): void;
}

export function createToldRows(options: {
  source: SourceId;
  interest: Interest;
  index: JobIndex;
  tell: (event: SourceEvent) => void;
}): ToldRows {
  const { source, interest, index, tell } = options;
  const told = new Map<string, Task>();
  let revision = 0;

  function describe(job: Job, atRevision: number): Task {
    const repeats = index.retries.repeats(job.id).flatMap((id) => index.get(id)?.request ?? []);
    const newest = repeats.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0];
    return describeJob(job, {
      source,
      revision: atRevision,
      signerPubkey: interest.signerPubkey,
      attempts: index.retries.attempts(job.id),
      retryOf: index.retries.repeated(job.id),
      retriedAs: newest?.id ?? null,
    });
  }

  return {
    snapshot() {
      for (const job of index.all()) {
        if (isShown(job, interest)) told.set(job.id, describe(job, revision));
      }
      return { type: 'snapshot', revision, tasks: [...told.values()] };
    },
    tell(job) {
      const before = told.get(job.id);
      const task = describe(job, revision + 1);
      if (before && isDeepStrictEqual(task, { ...before, revision: task.revision })) return;
      revision += 1;
      told.set(job.id, task);
      tell({ type: 'changed', task });
    },
    tellGone(id) {
      if (!told.delete(id)) return;
      revision += 1;
      tell({ type: 'removed', id: taskId(source, id), revision });
    },
  };
}
