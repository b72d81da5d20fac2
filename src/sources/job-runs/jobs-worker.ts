import { errorMessage } from '../../model/problem.ts';
import type { ApartAnswer } from './ask-apart.ts';
import { readJobs } from './read-jobs.ts';

/** Reads the job database that its argument names, and prints its content: the process of `askApart`. */

const answer = readJobs(process.argv[2] ?? '');
process.stdout.write(JSON.stringify(toJson(answer)));

function toJson(found: ReturnType<typeof readJobs>): ApartAnswer {
  if (!('error' in found)) return found;
  const { code, errcode } = found.error as { code?: unknown; errcode?: unknown };
  return { error: { message: errorMessage(found.error), code, errcode } };
}
