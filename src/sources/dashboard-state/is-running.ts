import { readFile } from 'node:fs/promises';

/**
 * Whether a state file tells of something that runs. Without reading it as a whole document: this may be asked of
 * thousands.
 */
export async function isRunning(file: string): Promise<boolean> {
  return /"status":\s*"running"/u.test(await readFile(file, 'utf8').catch(() => ''));
}
