import type { Clock } from '../../clock.ts';
import { notOfKindProblem } from '../../io/database-problem.ts';
import { followDatabase } from '../../io/follow-database.ts';
import type { SourceId } from '../../model/id.ts';
import { publishedEvents } from '../kit/published-events.ts';
import type { Source } from '../kit/source.ts';
import { decodeJobRuns } from './format.ts';
import type { JobsAnswer } from './query.ts';
import { createJobsReader } from './read-jobs.ts';

/**
 * Shows a scheduler's jobs, one task per job, from a database that is never written to and never locked, so that its scheduler
 * notices nothing. There are no commands.
 */
export function createJobRunsSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  const { id, path, clock } = options;

  const events = publishedEvents(id, (tasks) => {
    let cancelLook = () => {};

    /** Publishes the rows. The same rows mean something else later: a run that goes on for too long becomes stale. */
    function publish(answer: JobsAnswer, modifiedAt: number): void {
      cancelLook();
      const nowMs = clock.now();
      const { tasks: drafts, problem, looksAgainAt } = decodeJobRuns(answer.records, nowMs, modifiedAt);
      const found =
        answer.unread === null ? problem : notOfKindProblem(path, answer.unread, drafts.length > 0);
      tasks.publish(drafts, { problem: found, firstSeenAt: null, changedAt: modifiedAt, offers: () => [] });
      if (looksAgainAt !== null) {
        cancelLook = clock.after(looksAgainAt - nowMs, () => publish(answer, modifiedAt));
      }
    }

    const following = followDatabase({
      path,
      clock,
      ask: createJobsReader(path),
      onValue(answer, modifiedAt) {
        if (answer) publish(answer, modifiedAt);
        else tasks.fail(notOfKindProblem(path, 'it has neither jobs nor job_runs'));
      },
      onProblem: tasks.fail,
    });
    return {
      close() {
        cancelLook();
        return following.close();
      },
    };
  });

  return { id, kind: 'job-runs', location: path, events, commands: {} };
}
