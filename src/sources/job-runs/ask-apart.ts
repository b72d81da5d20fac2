import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SlowDatabaseError } from '../../io/database-problem.ts';
import type { DatabaseAnswer } from '../../io/follow-database.ts';
import { withoutSecrets } from '../../io/without-secrets.ts';
import { workerScript } from '../../io/worker-script.ts';
import { readJson } from '../../model/json.ts';
import type { JobsAnswer } from './query.ts';

/**
 * How much processor time an answer may take; then the system ends the process, even if this one is gone. A limit on elapsed
 * time would fail a sound database on a busy machine.
 */
const CPU_LIMIT_S = 5;
/** How long to wait for an answer if the system has no such limit, or the process gets no processor time. */
const LIMIT_MS = 30_000;
const LONGEST_ANSWER_BYTES = 256 * 1024 * 1024;
const LIMITED = `ulimit -t ${CPU_LIMIT_S}; exec "$0" "$@"`;

/** The answer of the separate process on its standard output, in JSON. */
export type ApartAnswer =
  | { readonly value: JobsAnswer | null }
  | { readonly isBusy: true }
  | { readonly error: { readonly message: string; readonly code?: unknown; readonly errcode?: unknown } };

/** Reads the jobs in a separate process, which is ended if it takes too long. Never rejects. */
export function askApart(path: string): Promise<DatabaseAnswer<JobsAnswer | null>> {
  const script = fileURLToPath(workerScript(import.meta.url, 'jobs-worker'));
  const { NODE_OPTIONS: _, ...env } = withoutSecrets(process.env);
  const words = [process.execPath, '--no-warnings', script, path] as const;
  const [program, ...args] = process.platform === 'win32' ? words : ['/bin/sh', '-c', LIMITED, ...words];
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { windowsHide: true, timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: LONGEST_ANSWER_BYTES, env },
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
