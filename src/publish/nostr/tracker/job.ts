import type { Throttle } from '../../../io/throttle.ts';
import type { StoredJob } from '../../../storage/outbox.ts';
import type { JobRequest } from './request.ts';
import { isEnd, type JobState } from './states.ts';

/** What the tracker knows about a job that has not ended, or only just has. */
export interface JobRecord {
  readonly request: JobRequest;
  /** Whether it was begun by an earlier process. */
  readonly resumed: boolean;
  /** Aborts the work. */
  readonly stopping: AbortController;
  readonly throttle: Throttle;
  state: JobState;
  /** A whole number, 0–100. */
  progress: number | null;
  /** When the work began, epoch ms. */
  startedAt: number | null;
  /** When the work is expected to end, epoch ms. */
  endsAt: number | null;
  message: string;
  /** The stamp of the last event, unix seconds. */
  stamp: number;
  /** Resolves when everything reported so far is signed and on disk: events leave in the order of the moves. */
  said: Promise<void>;
  /** Cancels the timeout of the job. */
  cancelTimeout: (() => void) | null;
}

/** The part of a job that survives the process, as JSON. */
export interface JobDocument {
  readonly request: JobRequest;
  readonly startedAt: number | null;
  readonly progress: number | null;
  readonly message: string;
  readonly stamp: number;
}

export function storeJob(job: JobRecord, nowMs: number): StoredJob {
  const { request, state, startedAt, progress, message, stamp } = job;
  const document: JobDocument = { request, startedAt, progress, message, stamp };
  return {
    id: request.id,
    state,
    ended: isEnd(state),
    document: JSON.stringify(document),
    updatedAt: nowMs,
  };
}

/** Restores a job as an earlier process with this schema left it. */
export function restoreJob({ document }: StoredJob): JobDocument {
  return JSON.parse(document) as JobDocument;
}
