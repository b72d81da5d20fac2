import type { Clock } from '../../clock.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { notOfKindProblem } from '../database-problem.ts';
import { askDatabase, followDatabase } from '../follow-database.ts';
import { createTaskPublisher } from '../publish-tasks.ts';
import { createEventQueue } from '../queue.ts';
import type { Source } from '../source.ts';
import { decodeJobRuns } from './format.ts';
import { createJobsQuery, type JobRecord } from './query.ts';

/**
 * Shows a scheduler's jobs, one task a job, from a database that is never written to and never locked: its
 * scheduler does not notice. There is nothing that could be asked of it.
 */
export function createJobRunsSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  const { id, path, clock } = options;

  async function* events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const queue = createEventQueue<SourceEvent>(signal);
    const tasks = createTaskPublisher(id, queue.push);
    const query = createJobsQuery();
    let cancelLook = () => {};

    /** The same rows mean something else later: a run that goes on for too long becomes stale. */
    function publish(records: readonly JobRecord[], modifiedAt: number): void {
      cancelLook();
      const nowMs = clock.now();
      const { tasks: drafts, problem, looksAgainAt } = decodeJobRuns(records, nowMs, modifiedAt);
      tasks.publish(drafts, { problem, firstSeenAt: null, changedAt: modifiedAt, offers: () => [] });
      if (looksAgainAt !== null) {
        cancelLook = clock.after(looksAgainAt - nowMs, () => publish(records, modifiedAt));
      }
    }

    const following = followDatabase({
      path,
      clock,
      ask: () => askDatabase(path, query),
      onValue(records, modifiedAt) {
        if (records) publish(records, modifiedAt);
        else tasks.fail(notOfKindProblem(path, 'neither jobs nor job_runs'));
      },
      onProblem: tasks.fail,
    });
    try {
      yield* queue;
    } finally {
      cancelLook();
      await following.close();
    }
  }

  return { id, kind: 'job-runs', location: path, events: ({ signal }) => events(signal), commands: {} };
}
