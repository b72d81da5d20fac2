import { askDatabase, type DatabaseAnswer } from '../../io/follow-database.ts';
import { askApart } from './ask-apart.ts';
import { createJobsQuery, type JobsAnswer, planJobs } from './query.ts';

/**
 * Creates the query that a job database is asked again and again; its answer is null if there are neither jobs nor runs. A read
 * that may take unbounded time (a view runs whatever its author wrote) is left to a separate process.
 */
export function createJobsReader(path: string): () => Promise<DatabaseAnswer<JobsAnswer | null>> {
  const query = createJobsQuery();

  return async () => {
    const answer = askDatabase(path, (database) => {
      const plan = planJobs(database);
      return plan?.isQuick === false ? 'apart' : plan && query(database, plan);
    });
    if (!('value' in answer)) return answer;
    return answer.value === 'apart' ? askApart(path) : { value: answer.value };
  };
}

/** Runs the same query once, however long it takes. */
export function readJobs(path: string): DatabaseAnswer<JobsAnswer | null> {
  return askDatabase(path, (database) => {
    const plan = planJobs(database);
    return plan && createJobsQuery()(database, plan);
  });
}
