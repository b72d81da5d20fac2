import { readWhole } from '../../io/read-file.ts';
import { readJson } from '../../model/json.ts';
import { isEmitterGone } from './gone.ts';

/**
 * Tells whether a state file tells of something that runs, or may run. Most files are not read as a whole document:
 * this may be asked of thousands.
 */
export async function isRunning(file: string): Promise<boolean> {
  const found = await readWhole(file);
  const text = 'bytes' in found ? found.bytes.toString() : '';
  return /"status":\s*"running"/u.test(text) && !isEmitterGone(readJson(text));
}
