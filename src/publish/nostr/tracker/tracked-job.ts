import type { JobRecord } from './job.ts';
import type { JobRequest } from './request.ts';
import type { JobState } from './states.ts';

/** A job in the worker's hands: the tracker's methods with the id filled in. */
export interface TrackedJob {
  readonly request: JobRequest;
  /** Whether it was begun by an earlier process of this tracker. */
  readonly resumed: boolean;
  readonly state: JobState;
  /** Aborts when the requester withdraws the job, or when its time is over. */
  readonly signal: AbortSignal;
  move(to: Exclude<JobState, 'completed'>, message?: string): Promise<void>;
  progress(percent: number, details?: ProgressDetails): void;
  complete(result?: string, message?: string): Promise<void>;
}

export interface ProgressDetails {
  /** How long the work will still take, ms. */
  readonly etaMs?: number;
  readonly message?: string;
}

/** What a handle needs from its tracker: the same methods, by id. */
interface ById {
  move(id: string, to: Exclude<JobState, 'completed'>, message?: string): Promise<void>;
  progress(id: string, percent: number, details?: ProgressDetails): void;
  complete(id: string, result?: string, message?: string): Promise<void>;
}

export function handleOf(job: JobRecord, tracker: ById): TrackedJob {
  const { request, resumed, stopping } = job;
  return {
    request,
    resumed,
    get state() {
      return job.state;
    },
    signal: stopping.signal,
    move: (to, message) => tracker.move(request.id, to, message),
    progress: (percent, details) => tracker.progress(request.id, percent, details),
    complete: (result, message) => tracker.complete(request.id, result, message),
  };
}
