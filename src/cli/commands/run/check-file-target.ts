import { dirname } from 'node:path';
import type { Clock } from '../../../clock.ts';
import { withFileLock } from '../../../io/file-lock.ts';
import { livingOther, ownProcess } from '../../../io/process-identity.ts';
import { findWriteTarget, WriteRefused } from '../../../io/write-target.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { plainName } from '../../../model/text.ts';
import { createFileSink } from '../../../publish/dashboard-state/file-sink.ts';
import { readOwnership } from '../../../publish/dashboard-state/own-state.ts';
import { startedTask, stateOf } from '../../../publish/dashboard-state/progress.ts';
import { makeDirectory } from '../../../storage/make-directory.ts';

/**
 * Returns why a run may not be published in a file, or null if it may. The file is replaced at each report, so it must be
 * new, or contain nothing but earlier runs of `taskId`.
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
  if (!isOwn) return refused(`${path}: it holds other tasks, and would be replaced`);
  const pid = livingOther(ownership.worker);
  return pid === null ? null : refused(`${path}: process ${pid} reports a run there, which has not ended`);
}

/**
 * Does what `checkFileTarget` does, and records that this process reports there. Both happen in one step: of two runs that
 * start at the same time, the second is refused.
 */
export async function claimFileTarget(
  { path, taskId, title }: { readonly path: string; readonly taskId: string; readonly title: string },
  clock: Clock,
): Promise<Problem | null> {
  const refusal = await checkFileTarget(path, taskId);
  if (refusal || !ownProcess()) return refusal;
  const task = { taskId, taskName: title, steps: [], estimatedDurationMs: undefined, before: undefined };
  try {
    await makeDirectory(dirname(path), 0o755);
    return await withFileLock((await findWriteTarget(path)).target, { clock }, async () => {
      const late = await checkFileTarget(path, taskId);
      const now = clock.now();
      const claim = stateOf({ timestamp: now, errors: {}, tasks: [startedTask({ ...task, now })] });
      if (!late) await createFileSink(path).write(claim);
      return late;
    });
  } catch {
    return null; // if nothing can be written, the run goes on, and its reporter says so
  }
}

function refused(why: string): Problem {
  return problem('not-allowed', 'down', plainName(`run: --to ${why}`), 'name a file for this run alone');
}
