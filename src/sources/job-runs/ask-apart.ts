import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SlowDatabaseError } from '../../io/database-problem.ts';
import type { DatabaseAnswer } from '../../io/follow-database.ts';
import { withoutSecrets } from '../../io/without-secrets.ts';
import { workerScript } from '../../io/worker-script.ts';
import { readJson } from '../../model/json.ts';
import type { JobsAnswer } from './query.ts';

/** How long a database may take to answer, ms; nothing but its process can be stopped then. */
const LIMIT_MS = 5_000;
/** Should this process be killed meanwhile, the system ends the other one: so many seconds of work. */
const CPU_LIMIT_S = 10;
const LONGEST_ANSWER_BYTES = 256 * 1024 * 1024;
const LIMITED = `ulimit -t ${CPU_LIMIT_S}; exec "$0" "$@"`;

/** What the process apart answers on its standard output, in JSON. */
export type ApartAnswer =
  | { readonly value: JobsAnswer | null }
  | { readonly isBusy: true }
  | { readonly error: { readonly message: string; readonly code?: unknown; readonly errcode?: unknown } };

/** Reads the jobs in a process of its own, which is ended when it takes too long. Never rejects. */
export function askApart(path: string): Promise<DatabaseAnswer<JobsAnswer | null>> {
  const script = fileURLToPath(workerScript(import.meta.url, 'jobs-worker'));
  const { NODE_OPTIONS: _, ...env } = withoutSecrets(process.env);
  return new Promise((resolve) => {
    execFile(
      '/bin/sh',
      ['-c', LIMITED, process.execPath, '--no-warnings', script, path],
      { timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: LONGEST_ANSWER_BYTES, env },
      (error, stdout) => {
        const answer = error === null ? (readJson(stdout) as ApartAnswer | undefined) : undefined;
        if (!answer) resolve({ error: new SlowDatabaseError(error?.message) });
        else if ('error' in answer)
          resolve({ error: Object.assign(new Error(answer.error.message), answer.error) });
        else resolve(answer);
      },
    );
  });
}
