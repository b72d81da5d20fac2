import type { EventTemplate } from 'nostr-tools/core';
import { type Clock, sleep } from '../../../clock.ts';
import { createThrottle } from '../../../io/throttle.ts';
import { errorMessage, type Problem } from '../../../model/problem.ts';
import { percentage } from '../../../model/progress.ts';
import type { Signer } from '../../../nostr/signer.ts';
import type { StoredJob } from '../../../storage/outbox.ts';
import { type Encrypt, encryptForRequester, feedbackTemplate, resultTemplate } from './events.ts';
import { type JobRecord, restoreJob, storeJob } from './job.ts';
import type { OutgoingEvent } from './outbox-sender.ts';
import { noNumberProblem, unknownJobProblem, unsignedProblem } from './problems.ts';
import type { JobRequest } from './request.ts';
import { checkMove, isEnd, type JobState } from './states.ts';

/** The jobs of a tracker: what state each is in, and what is to be said of it. */
export interface TrackedJobs {
  /** A new job, queued, kept with `events`; the known one where it has not ended; null where it has. */
  open(request: JobRequest, events?: readonly OutgoingEvent[]): JobRecord | null;
  /** Takes up a job that an earlier process left; null where it had ended. */
  reopen(stored: StoredJob): JobRecord | null;
  find(id: string): JobRecord | undefined;
  stateOf(id: string): JobState | undefined;
  /** The ids of all jobs that have not ended. */
  unended(): string[];
  /** Throws `JobStateError`; resolves when the report is signed and on disk. It happened at `atMs`: now, unless given. */
  move(id: string, to: JobState, message: string, result?: string, atMs?: number): Promise<void>;
  /** `percent` is null where only the message is news. */
  progress(id: string, percent: number | null, etaMs: number | undefined, message: string | undefined): void;
  /** Says what still waits for its interval, and resolves when all is signed and on disk. */
  flush(): Promise<void>;
  /** No timer of it fires any more, and nothing is said. */
  close(): void;
}

/** So many ended jobs are remembered, at least: their requests may come again from a relay. */
const REMEMBERED_ENDS = 50_000;
const SIGN_AGAIN_MS = 1_000;

/** How a job's state is announced. */
interface Announcement {
  /** Progress alone gives way to what comes after it; a move never does. */
  readonly isMove: boolean;
  /** Viewers could not order it after the last report if both had the same second: it gets a later one. */
  readonly mayTie: boolean;
  readonly result?: string | undefined;
  /** When it happened, epoch ms; now where that is not given. */
  readonly atMs?: number | undefined;
}

const PROGRESS: Announcement = { isMove: false, mayTie: false };

export function createTrackedJobs(options: {
  clock: Clock;
  signer: Signer;
  encrypt?: Encrypt;
  /** Throws `JobStateError` where a job may not move so. */
  check?: typeof checkMove;
  updateIntervalMs: number;
  closing: AbortSignal;
  publish: (job: StoredJob, events: readonly OutgoingEvent[]) => void;
  tell: (problem: Problem) => void;
  /** A job came or ended. */
  changed: () => void;
}): TrackedJobs {
  const { clock, signer, updateIntervalMs, closing, publish, tell, changed } = options;
  const { encrypt = encryptForRequester(signer), check = checkMove } = options;
  const jobs = new Map<string, JobRecord>();
  const ends = new Map<string, JobState>();
  const underWay = new Set<Promise<void>>();
  let isClosed = false;

  function add(request: JobRequest, resumed: boolean, known: Partial<JobRecord> = {}): JobRecord {
    const job: JobRecord = {
      request,
      resumed,
      stopping: new AbortController(),
      throttle: createThrottle(clock, updateIntervalMs, () => void announce(job, PROGRESS)),
      state: 'queued',
      startedAt: null,
      progress: null,
      endsAt: null,
      message: '',
      stamp: 0,
      said: Promise.resolve(),
      cancelTimeout: null,
      ...known,
    };
    jobs.set(request.id, job);
    return job;
  }

  function move(id: string, to: JobState, message: string, result?: string, atMs?: number): Promise<void> {
    const job = jobs.get(id);
    const state = job?.state ?? ends.get(id);
    if (state) check(id, state, to);
    if (!job) {
      tell(unknownJobProblem(id));
      return Promise.resolve();
    }
    const mayTie = job.state !== to && !isEnd(to);
    job.state = to;
    job.message = errorMessage(message);
    job.throttle.said();
    if (to === 'completed') job.progress = 100;
    if (to === 'processing') begin(job, atMs ?? clock.now());
    if (isEnd(to)) end(job);
    return announce(job, {
      isMove: true,
      mayTie,
      result: result === undefined ? result : asText(result),
      atMs,
    });
  }

  function end(job: JobRecord): void {
    const { id } = job.request;
    job.endsAt = null;
    job.cancelTimeout?.();
    jobs.delete(id);
    rememberEnd(id, job.state);
    if (job.state === 'cancelled') job.stopping.abort(new Error('the job was cancelled'));
    changed();
  }

  function rememberEnd(id: string, state: JobState): void {
    ends.set(id, state);
    if (ends.size > REMEMBERED_ENDS) ends.delete(ends.keys().next().value as string);
  }

  /** The time that a job may take runs from its first beginning in this process. */
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

  /** What is said is what holds now; it is signed after all that was said before. */
  function announce(job: JobRecord, how: Announcement): Promise<void> {
    if (isClosed) return job.said;
    const nowMs = how.atMs ?? clock.now();
    job.stamp = Math.max(Math.floor(nowMs / 1000), job.stamp + (how.mayTie ? 1 : 0));
    const { request, state, progress, message, stamp } = job;
    const sinceMs = clock.now() - nowMs;
    const etaMs = job.endsAt === null ? null : Math.max(0, job.endsAt - clock.monotonic() + sinceMs);
    const runtimeMs = job.startedAt === null ? null : nowMs - job.startedAt;
    const stored = storeJob(job, nowMs);

    const saying = job.said.then(() =>
      persist(async () => {
        const templates: EventTemplate[] = [];
        if (how.result !== undefined)
          templates.push(await resultTemplate(request, { content: how.result, runtimeMs, stamp }, encrypt));
        templates.push(await feedbackTemplate(request, { state, progress, etaMs, message, stamp }, encrypt));
        const events = await Promise.all(templates.map((template) => signer.sign(template)));
        if (isClosed) return;
        publish(
          stored,
          events.map((event) => ({ event, replaceable: !how.isMove })),
        );
      }),
    );
    job.said = saying;
    underWay.add(saying);
    void saying.then(() => underWay.delete(saying));
    return saying;
  }

  /** A remote signer may be away for a while. */
  async function persist(attempt: () => Promise<void>): Promise<void> {
    while (true) {
      try {
        return await attempt();
      } catch (error) {
        tell(unsignedProblem(error));
        if (closing.aborted) return;
        await sleep(clock, SIGN_AGAIN_MS, closing);
      }
    }
  }

  return {
    open(request, events = []) {
      const known = jobs.get(request.id);
      if (known || ends.has(request.id)) return known ?? null;
      const job = add(request, false);
      publish(storeJob(job, clock.now()), events);
      changed();
      return job;
    },
    reopen(stored) {
      if (stored.ended) {
        rememberEnd(stored.id, stored.state as JobState);
        return null;
      }
      const { request, ...known } = restoreJob(stored);
      return add(request, stored.state !== 'queued', { ...known, state: stored.state as JobState });
    },
    find: (id) => jobs.get(id),
    stateOf: (id) => jobs.get(id)?.state ?? ends.get(id),
    unended: () => [...jobs.keys()],
    move,
    progress(id, percent, etaMs, message) {
      const job = jobs.get(id);
      if (isClosed) return;
      if (!job) {
        if (!ends.has(id)) tell(unknownJobProblem(id));
        return;
      }
      const value = typeof percent === 'number' ? percentage(percent) : null;
      if (value !== null) job.progress = Math.floor(value);
      else if (percent !== null) tell(noNumberProblem(id, percent));
      if (etaMs !== undefined && Number.isFinite(etaMs)) job.endsAt = clock.monotonic() + Math.max(0, etaMs);
      if (message !== undefined) job.message = errorMessage(message);
      job.throttle.request();
    },
    async flush() {
      for (const job of jobs.values()) {
        if (!job.throttle.isWaiting) continue;
        job.throttle.said();
        void announce(job, PROGRESS);
      }
      await Promise.all(underWay);
    },
    close() {
      isClosed = true;
      for (const job of jobs.values()) {
        job.throttle.said();
        job.cancelTimeout?.();
      }
    },
  };
}

/** Plain JavaScript may hand over any value; what is no text cannot be signed, and would be tried for ever. */
function asText(result: unknown): string {
  return typeof result === 'string' ? result : (JSON.stringify(result) ?? String(result));
}
