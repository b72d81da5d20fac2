import type { TaskState } from '../../model/task.ts';
import { type PlainText, plainNameOrNull, words } from '../../model/text.ts';
import { slurmExit } from './values.ts';

/** What a job's document says about its state. */
export interface SlurmFacts {
  readonly words: readonly string[];
  /** Slurm's word for why it does not run, or has failed. */
  readonly why: unknown;
  readonly exit: unknown;
  readonly endedAt: number | null;
}

const ENDS: Readonly<Record<string, 'completed' | 'failed' | 'cancelled'>> = {
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
  PREEMPTED: 'cancelled',
  REVOKED: 'cancelled',
  FAILED: 'failed',
  TIMEOUT: 'failed',
  NODE_FAIL: 'failed',
  BOOT_FAIL: 'failed',
  LAUNCH_FAILED: 'failed',
  DEADLINE: 'failed',
  OUT_OF_MEMORY: 'failed',
};

/** Words for a job that has begun and not ended. */
const UNDER_WAY = new Set(['RUNNING', 'CONFIGURING', 'COMPLETING', 'STAGE_OUT', 'SIGNALING', 'RESIZING']);
const STOPPED = new Set(['SUSPENDED', 'STOPPED']);
const IN_QUEUE = new Set([
  'PENDING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'RESV_DEL_HOLD',
  'SPECIAL_EXIT',
]);

/**
 * Reasons why a job does not begin even if there is room. A requeued job has to wait a moment (BeginTime): that is not one of
 * them.
 */
const NOT_YET = /^(?:Dependency|Reservation$)|held|hold/iu;

/** Returns what a job is doing; null if none of its words is known. */
export function slurmState(facts: SlurmFacts): TaskState | null {
  const { words: told, endedAt } = facts;
  if (told.some((word) => IN_QUEUE.has(word))) return queued(told, plainNameOrNull(facts.why));
  const end = told.find((word) => Object.hasOwn(ENDS, word));
  if (end !== undefined) return ended(end, facts);
  if (told.some((word) => STOPPED.has(word))) return { status: 'waiting', reason: words`suspended` };
  if (!told.some((word) => UNDER_WAY.has(word))) return null;
  const isEnding = told.includes('COMPLETING') && !told.includes('RUNNING');
  return { status: 'running', reason: isEnding && endedAt !== null ? words`it is ending` : null };
}

function queued(told: readonly string[], why: PlainText | null): TaskState {
  const reason = why === 'None' ? null : why;
  const isHeld = told.some((word) => word.endsWith('HOLD')) || (reason !== null && NOT_YET.test(reason));
  return isHeld ? { status: 'waiting', reason: reason ?? words`held` } : { status: 'queued', reason };
}

function ended(word: string, { exit, endedAt }: SlurmFacts): TaskState {
  const status = ENDS[word] ?? 'failed';
  const plain = plainNameOrNull(word.toLowerCase().replaceAll('_', ' '));
  if (status === 'completed') return { status, endedAt, result: null };
  if (status === 'cancelled') return { status, endedAt, reason: word === 'CANCELLED' ? null : plain };
  if (word === 'TIMEOUT') return { status, endedAt, error: words`it has reached its time limit` };
  return { status, endedAt, error: word === 'FAILED' ? exitText(exit) : plain };
}

function exitText(raw: unknown): PlainText | null {
  const exit = slurmExit(raw);
  if (exit === null) return null;
  return 'code' in exit ? words`exit code ${exit.code}` : words`ended by signal ${exit.signal}`;
}
