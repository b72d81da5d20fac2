import { readWhole } from '../read-file.ts';

/**
 * Whether a state file tells of something that runs. Without reading it as a whole document: this may be asked of
 * thousands.
 */
export async function isRunning(file: string): Promise<boolean> {
  const found = await readWhole(file);
  return 'bytes' in found && /"status":\s*"running"/u.test(found.bytes.toString());
}
