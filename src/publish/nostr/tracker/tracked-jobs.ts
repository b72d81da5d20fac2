import type { Clock } from '../../../clock.ts';
import { createThrottle } from '../../../io/throttle.ts';
import { errorMessage, type Problem } from '../../../model/problem.ts';
import { percentage } from '../../../model/progress.ts';
import type { Signer } from '../../../nostr/signer.ts';
import type { StoredJob } from '../../../storage/outbox.ts';
import { type Announcement, createAnnouncer } from './announcer.ts';
import { type Encrypt, encryptForRequester } from './events.ts';
import { type JobRecord, storeJob } from './job.ts';
import { createJobTable } from './job-table.ts';
import type { OutgoingEvent } from './outbox-sender.ts';
import { noNumberProblem, unknownJobProblem } from './problems.ts';
import type { JobRequest } from './request.ts';
import { checkMove, isEnd, type JobState } from './states.ts';

/** The jobs of a tracker: the state of each, and what is to be reported on it. */
export interface TrackedJobs {
  /** Adds a new job, queued, and saves it with `events`; returns the known one if it has not ended, and null if it has. */
  open(request: JobRequest, events?: readonly OutgoingEvent[]): JobRecord | null;
  /** Restores a job that an earlier process left; returns null if it had ended. */
  reopen(stored: StoredJob): JobRecord | null;
  find(id: string): JobRecord | undefined;
  stateOf(id: string): JobState | undefined;
  /** Returns the ids of all jobs that have not ended. */
  unended(): string[];
  /** Throws `JobStateError`; resolves when the report is signed and on disk. It happened at `atMs`, by default now. */
  move(id: string, to: JobState, message: string, result?: string, atMs?: number): Promise<void>;
  /** `percent` is null if only the message is new. */
  progress(id: string, percent: number | null, etaMs: number | undefined, message: string | undefined): void;
  /** Reports what is still waiting for its interval, and resolves when everything is signed and on disk. */
  flush(): Promise<void>;
  /** Stops all timers; nothing more is reported. */
  close(): void;
}

const PROGRESS: Announcement = { isMove: false, mayTie: false };

export function createTrackedJobs(options: {
  clock: Clock;
  signer: Signer;
  encrypt?: Encrypt;
  /** Throws `JobStateError` if a job may not make this move. */
  check?: typeof checkMove;
  updateIntervalMs: number;
  closing: AbortSignal;
  publish: (job: StoredJob, events: readonly OutgoingEvent[]) => void;
  tell: (problem: Problem) => void;
  /** A job was added or has ended. */
  changed: () => void;
}): TrackedJobs {
  const { clock, signer, updateIntervalMs, closing, publish, tell, changed } = options;
  const { encrypt = encryptForRequester(signer), check = checkMove } = options;
  const { announce, ...announcer } = createAnnouncer({ clock, signer, encrypt, closing, publish, tell });
  const jobs = createJobTable((job) =>
    createThrottle(clock, updateIntervalMs, () => void announce(job(), PROGRESS)),
  );
  let isClosed = false;

  function move(id: string, to: JobState, message: string, result?: string, atMs?: number): Promise<void> {
    const job = jobs.get(id);
    const state = jobs.stateOf(id);
    if (state) check(id, state, to);
    if (!job) return Promise.resolve(tell(unknownJobProblem(id)));
    const mayTie = job.state !== to && !isEnd(to);
    job.state = to;
    job.message = errorMessage(message);
    job.throttle.said();
    if (to === 'completed') job.progress = 100;
    if (to === 'processing') begin(job, atMs ?? clock.now());
    if (isEnd(to)) end(job);
    return announce(job, { isMove: true, mayTie, result: asText(result), atMs });
  }

  function end(job: JobRecord): void {
    const { id } = job.request;
    job.endsAt = null;
    job.cancelTimeout?.();
    jobs.end(id, job.state);
    if (job.state === 'cancelled') job.stopping.abort(new Error('the job was cancelled'));
    changed();
  }

  /** Begins a job. Its time limit counts from its first beginning in this process. */
  function begin(job: JobRecord, atMs: number): void {
    const { id, timeoutMs } = job.request;
    job.startedAt ??= atMs;
    if (timeoutMs === null || job.cancelTimeout || isClosed) return;
    job.cancelTimeout = clock.after(timeoutMs, () => {
      const words = `timed out after ${timeoutMs / 1000} s`;
      job.stopping.abort(new Error(words));
      void move(id, 'failed', words);
    });
  }

  return {
    open(request, events = []) {
      const known = jobs.get(request.id);
      if (known || jobs.hasEnded(request.id)) return known ?? null;
      const job = jobs.add(request);
      publish(storeJob(job, clock.now()), events);
      changed();
      return job;
    },
    reopen: jobs.restore,
    find: jobs.get,
    stateOf: jobs.stateOf,
    unended: () => [...jobs.all()].map(({ request }) => request.id),
    move,
    progress(id, percent, etaMs, message) {
      const job = jobs.get(id);
      if (isClosed || jobs.hasEnded(id)) return;
      if (!job) return tell(unknownJobProblem(id));
      if (percent !== null && !noteProgress(job, percent)) tell(noNumberProblem(id, percent));
      if (etaMs !== undefined && Number.isFinite(etaMs)) job.endsAt = clock.monotonic() + Math.max(0, etaMs);
      if (message !== undefined) job.message = errorMessage(message);
      job.throttle.request();
    },
    async flush() {
      const waiting = [...jobs.all()].filter(({ throttle }) => throttle.isWaiting);
      for (const job of waiting) {
        job.throttle.said();
        void announce(job, PROGRESS);
      }
      await announcer.settled();
    },
    close() {
      isClosed = true;
      announcer.close();
      for (const job of jobs.all()) {
        job.throttle.cancel();
        job.cancelTimeout?.();
      }
    },
  };
}

/**
 * Returns a result as text. Plain JavaScript may pass any value; one that is not text cannot be signed, and would be tried
 * forever.
 */
function asText(result: unknown): string | undefined {
  if (result === undefined) return undefined;
  return typeof result === 'string' ? result : (JSON.stringify(result) ?? String(result));
}

/** Records a figure; returns false if it is not one. Plain JavaScript may pass any value. */
function noteProgress(job: JobRecord, percent: unknown): boolean {
  const value = typeof percent === 'number' ? percentage(percent) : null;
  if (value !== null) job.progress = Math.floor(value);
  return value !== null;
}
