import { isDeepStrictEqual } from 'node:util';
import type { SourceEvent } from '../../../model/event.ts';
import type { SourceId } from '../../../model/id.ts';
import type { Task } from '../../../model/task.ts';
import { createTaskTeller } from '../../kit/task-teller.ts';
import { type Interest, isShown } from './interest.ts';
import type { Job } from './job.ts';
import type { JobIndex } from './job-index.ts';
import { describeJob } from './job-task.ts';

/** The rows of jobs that were reported. */
export interface ToldRows {
  /** Reports all rows, once, before any other. */
  tellAll(): void;
  /** Reports the job's row unless it is the same as before: the same report from two relays must not change anything. */
  tell(job: Job): void;
  /** Reports that the job no longer has a row, if it had one. */
  tellGone(id: string): void;
}

export function createToldRows(options: {
  source: SourceId;
  interest: Interest;
  index: JobIndex;
  tell: (event: SourceEvent) => void;
}): ToldRows {
  const { source, interest, index, tell } = options;
  const teller = createTaskTeller(tell);
  const told = new Map<string, { readonly task: Task }>();

  function describe(job: Job): Task {
    const repeats = index.retries.repeats(job.id).flatMap((id) => index.get(id)?.request ?? []);
    const newest = repeats.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0];
    return describeJob(job, {
      source,
      revision: 0,
      signerPubkey: interest.signerPubkey,
      attempts: index.retries.attempts(job.id),
      retryOf: index.retries.repeated(job.id),
      retriedAs: newest?.id ?? null,
    });
  }

  return {
    tellAll() {
      for (const job of index.all()) if (isShown(job, interest)) told.set(job.id, { task: describe(job) });
      teller.replace(new Map(), told);
    },
    tell(job) {
      const before = told.get(job.id)?.task;
      const task = describe(job);
      if (before && isDeepStrictEqual(task, { ...before, revision: task.revision })) return;
      const changed = { ...task, revision: teller.nextRevision() };
      told.set(job.id, { task: changed });
      teller.changed(changed);
    },
    tellGone(id) {
      const gone = told.get(id);
      if (!gone) return;
      told.delete(id);
      teller.removed(gone.task);
    },
  };
}
