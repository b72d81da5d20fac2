import { jsonObject } from '../../../model/json.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { plainName } from '../../../model/text.ts';
import { parseJson } from '../../../sources/json-text.ts';
import { readWhole } from '../../../sources/read-file.ts';

/**
 * Why a run may not be published in a file, or null where it may. The file is replaced at each report: it must be a new one,
 * or hold nothing but earlier runs of `taskId`.
 */
export async function checkFileTarget(path: string, taskId: string): Promise<Problem | null> {
  const found = await readWhole(path);
  if ('problem' in found) return null; // nothing to lose: what can't be written is said when it is
  const text = found.bytes.toString();
  if (text.trim() === '') return null;
  const parsed = parseJson(text);
  const tasks = 'value' in parsed ? jsonObject(parsed.value)?.activeTasks : undefined;
  if (!Array.isArray(tasks)) return refused(path, 'is no state file');
  const isOwn = tasks.every((task) => jsonObject(task)?.taskId === taskId);
  return isOwn ? null : refused(path, 'holds tasks of others');
}

function refused(path: string, why: string): Problem {
  const words = plainName(`run: --to ${path}: it ${why}, and would be replaced`);
  return problem('not-allowed', 'down', words, 'name a file of its own');
}
