import { askDatabase, type DatabaseAnswer } from '../../io/follow-database.ts';
import { askApart } from './ask-apart.ts';
import { createJobsQuery, type JobsAnswer, planJobs } from './query.ts';

/**
 * Makes the question that is put to a job database again and again; it answers null if there are neither jobs nor
 * runs. What may take any time (a view runs whatever its author wrote) is read by a process of its own.
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

/** Asks the same question once, however long it takes. */
export function readJobs(path: string): DatabaseAnswer<JobsAnswer | null> {
  return askDatabase(path, (database) => {
    const plan = planJobs(database);
    return plan && createJobsQuery()(database, plan);
  });
}
