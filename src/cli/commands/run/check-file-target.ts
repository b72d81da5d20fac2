import { findWriteTarget, WriteRefused } from '../../../io/write-target.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { plainName } from '../../../model/text.ts';
import { readOwnership } from '../../../publish/dashboard-state/own-state.ts';

/**
 * Why a run may not be published in a file, or null where it may. The file is replaced at each report: it must be a new one,
 * or hold nothing but earlier runs of `taskId`.
 */
export async function checkFileTarget(path: string, taskId: string): Promise<Problem | null> {
  try {
    await findWriteTarget(path); // before anything is read through a link
  } catch (error) {
    if (error instanceof WriteRefused) return refused(error.message);
    throw error;
  }
  const ownership = await readOwnership(path);
  if (ownership.kind === 'blank') return null;
  if (ownership.kind === 'foreign') return refused(`${path}: it ${ownership.why}, and would be replaced`);
  const isOwn = ownership.taskIds.every((id) => id === taskId);
  return isOwn ? null : refused(`${path}: it holds other tasks, and would be replaced`);
}

function refused(why: string): Problem {
  return problem('not-allowed', 'down', plainName(`run: --to ${why}`), 'name a file for this run alone');
}
