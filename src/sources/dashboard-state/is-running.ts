import { readWhole } from '../../io/read-file.ts';
import { readJson } from '../../model/json.ts';
import { isEmitterGone } from './gone.ts';

/**
 * Tells whether a state file contains something that runs, or may run. Most files are not parsed completely, because there may
 * be thousands.
 */
export async function isRunning(file: string): Promise<boolean> {
  const found = await readWhole(file);
  const text = 'bytes' in found ? found.bytes.toString() : '';
  return /"status":\s*"running"/u.test(text) && !isEmitterGone(readJson(text));
}
