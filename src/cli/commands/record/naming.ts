import { createHmac, randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readWhole } from '../../../io/read-file.ts';
import { makeDirectory } from '../../../storage/make-directory.ts';
import type { Naming } from './trace.ts';

/** Leaves the names as the history knows them: without their numbers. */
export const OPEN_NAMING: Naming = {
  job: (name) => name,
  step: (name) => name,
  run: ({ task, startedAt }) =>
    createHmac('sha256', 'run').update(`${task} ${startedAt}`).digest('hex').slice(0, 16),
};

/**
 * Creates a naming that replaces names by hashes, the same for the same name, so that the runs of a job remain the runs of
 * one job. They are keyed with a secret of this user, so that nobody can find a name by hashing guesses. Rejects with the
 * system's error.
 */
export async function createAnonymousNaming(keyFile: string): Promise<Naming> {
  const key = await readOrMakeKey(keyFile);
  const hash = (text: string) => createHmac('sha256', key).update(text).digest('hex');
  return {
    job: (name) => `job-${hash(`job ${name}`).slice(0, 8)}`,
    step: (name) => `step-${hash(`step ${name}`).slice(0, 8)}`,
    run: ({ task, startedAt }) => hash(`run ${task} ${startedAt}`).slice(0, 16),
  };
}

/** Reads the secret, or makes it. One that is incomplete, or not a file, would hide nothing. */
async function readOrMakeKey(file: string): Promise<string> {
  await makeDirectory(path.dirname(file), 0o700);
  const made = randomBytes(SECRET_BYTES).toString('hex');
  await writeFile(file, made, { flag: 'wx', mode: 0o600 }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return;
    await rm(file, { force: true });
    throw error;
  });
  const found = await readWhole(file, SECRET_LIMIT_BYTES);
  const key = 'bytes' in found ? found.bytes.toString().trim() : '';
  if (SECRET.test(key)) return key;
  throw Object.assign(new Error(`${file} does not hold a secret for names: move it elsewhere`), {
    code: 'EINVAL',
  });
}

const SECRET_BYTES = 32;
const SECRET_LIMIT_BYTES = 1024;
const SECRET = /^[0-9a-f]{64}$/u;
