import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { userDirectories } from '../storage/directories.ts';
import type { Environment } from '../storage/home.ts';
import { makeDirectory } from '../storage/make-directory.ts';

/** Returns a file that does not exist yet, in the directory of this user's runs, which nobody else may read. */
export async function newRunFile(env: Environment, title: string): Promise<string> {
  const { runs } = userDirectories(env);
  await makeDirectory(runs, 0o700).catch(() => {}); // reported when the state is written
  const said = title
    .replace(/[^a-z0-9]+/giu, '-')
    .slice(0, 40)
    .replace(/-+$/u, '');
  return path.join(runs, `${said}-${randomBytes(5).toString('hex')}.json`);
}
