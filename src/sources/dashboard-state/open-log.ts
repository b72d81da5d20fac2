import type { Clock } from '../../clock.ts';
import { hasLog, readLog } from '../../io/log/read-log.ts';
import { jsonObject } from '../../model/json.ts';
import { type LogRequest, noLog, type OpenedLog } from '../../model/log.ts';
import { hasEnded, type Task } from '../../model/task.ts';
import { words } from '../../model/text.ts';
import { logPlaceOf } from '../../publish/dashboard-state/task-logs.ts';

/** Opens the output of a task that is kept beside its state file. */
export async function openStateLog(
  statePath: string,
  task: Task,
  request: LogRequest,
  clock: Clock,
): Promise<OpenedLog> {
  const { taskId, lastLine, pid } = jsonObject(task.raw) ?? {};
  const place = logPlaceOf(statePath, String(taskId));
  const isAwaited = request.follow !== undefined && !hasEnded(task.state.status);
  if (isAwaited || (await hasLog(place))) return { kind: 'opened', lines: readLog(place, request, clock) };
  if (lastLine !== undefined) return noLog(words`the output of ${task.name} is gone, or could not be kept`);
  if (pid !== undefined) return noLog(words`${task.name} has printed nothing, or was run with --no-log`);
  return noLog(
    words`nothing is known about the output of ${task.name}`,
    words`only taskglass run, and log() in tracked work, keep output`,
  );
}
