import { readMoment } from '../../model/moment.ts';
import type { TaskState } from '../../model/task.ts';
import { nameIn, type PlainText, plainName, words } from '../../model/text.ts';

/** Reads a time that `gh` printed; null for Go's zero time (the year 1), which means none. */
export function readGoTime(raw: unknown): number | null {
  return typeof raw === 'string' && !raw.startsWith('0001-') ? readMoment(raw) : null;
}

const CONCLUSIONS: Readonly<Record<string, 'completed' | 'failed' | 'cancelled' | 'needs-input'>> = {
  success: 'completed',
  neutral: 'completed',
  failure: 'failed',
  timed_out: 'failed',
  startup_failure: 'failed',
  cancelled: 'cancelled',
  skipped: 'cancelled',
  stale: 'cancelled',
  action_required: 'needs-input',
};

/** Returns what a conclusion means; null if it is unknown or missing. */
export function conclusionOf(conclusion: unknown): (typeof CONCLUSIONS)[string] | null {
  return typeof conclusion === 'string' && Object.hasOwn(CONCLUSIONS, conclusion)
    ? (CONCLUSIONS[conclusion] ?? null)
    : null;
}

/** Words for a run that has not begun. */
const IN_QUEUE = new Set(['queued', 'requested', 'pending']);

/** Returns the state of a run; null if its words are unknown. */
export function runState(run: Readonly<Record<string, unknown>>, endedAt: number | null): TaskState | null {
  const { status, conclusion } = run;
  if (status === 'in_progress') return { status: 'running', reason: null };
  if (status === 'waiting') return { status: 'needs-input', reason: words`it waits for approval` };
  if (typeof status === 'string' && IN_QUEUE.has(status))
    return { status: 'queued', reason: status === 'queued' ? null : plainName(status) };
  if (status !== 'completed') return null;
  const end = conclusionOf(conclusion);
  const told = spelled(conclusion);
  switch (end) {
    case 'completed':
      return { status: end, endedAt, result: conclusion === 'success' ? null : told };
    case 'cancelled':
      return { status: end, endedAt, reason: conclusion === 'cancelled' ? null : told };
    case 'needs-input':
      return { status: end, reason: words`it waits for approval` };
    case 'failed':
      return { status: end, endedAt, error: conclusion === 'failure' ? null : told };
    default:
      return told === null ? null : { status: 'failed', endedAt, error: told };
  }
}

function spelled(conclusion: unknown): PlainText | null {
  const word = nameIn(conclusion);
  return word === null ? null : plainName(word.replaceAll('_', ' '));
}
