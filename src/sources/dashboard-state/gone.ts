import type { Clock } from '../../clock.ts';
import { isProcessGone } from '../../io/process-identity.ts';
import { jsonObject } from '../../model/json.ts';
import { hasEnded } from '../../model/task.ts';
import { words } from '../../model/text.ts';
import type { TaskDraft } from '../kit/task-draft.ts';

/** How soon it is noticed that a process is gone, because it cannot report that itself. */
const LOOK_EVERY_MS = 1_000;

/** Why a task whose process is gone takes no commands. */
export const GONE_REFUSAL = words`its process is gone, and nobody else listens`;

/** Tells whether the process that keeps a state file (its `process`) is certainly gone. */
export function isEmitterGone(document: unknown): boolean {
  return isProcessGone(jsonObject(document)?.process);
}

/** Calls `onGone` once when the process that keeps a state file ends; the returned function cancels that. */
export function watchEmitter(document: unknown, clock: Clock, onGone: () => void): () => void {
  let stopTimer = () => {};
  const look = () => {
    if (isEmitterGone(document)) onGone();
    else stopTimer = clock.after(LOOK_EVERY_MS, look);
  };
  // A file that names no process, or one that is already gone, has nothing to wait for.
  if (jsonObject(document)?.process !== undefined && !isEmitterGone(document))
    stopTimer = clock.after(LOOK_EVERY_MS, look);
  return () => stopTimer();
}

/** Returns a task that its process left unfinished: it failed, and nobody knows when. */
export function abandonedTask(draft: TaskDraft): TaskDraft {
  if (hasEnded(draft.state.status)) return draft;
  return {
    ...draft,
    state: { status: 'failed', endedAt: null, error: words`its process is gone` },
    reportedEndAt: null,
    steps: draft.steps.map((step) => (step.status === 'running' ? { ...step, status: 'failed' } : step)),
  };
}
