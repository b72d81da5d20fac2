import type { Event } from 'nostr-tools/core';
import { type Clock, systemClock } from '../../clock.ts';
import type { Problem } from '../../model/problem.ts';
import type { Signer } from '../../nostr/signer.ts';
import { type Outbox, openOutbox } from '../../storage/outbox.ts';
import { createProblemReporter } from '../warn.ts';
import { awaitDependencies } from './tracker/dependencies.ts';
import { remindForgetful } from './tracker/forgetful-relays.ts';
import { createInbox, type Inbox } from './tracker/inbox.ts';
import type { JobRecord } from './tracker/job.ts';
import { createJobPublisher, type JobPublisher } from './tracker/job-publisher.ts';
import { lostProblem, unreadableRequestProblem, unsavedProblem } from './tracker/problems.ts';
import { createJobQueue } from './tracker/queue.ts';
import { readJobRequest } from './tracker/request.ts';
import { isEnd, type JobState } from './tracker/states.ts';
import { handleOf, type ProgressDetails, type TrackedJob } from './tracker/tracked-job.ts';
import type { TrackedJobs } from './tracker/tracked-jobs.ts';

export interface TaskStatusTrackerOptions {
  /** Where requests come from and reports go: `wss://…` addresses. */
  readonly relays: readonly string[];
  readonly signer: Signer;
  /** The file that keeps jobs and unsent events across a crash. Without one, they are kept in memory only. */
  readonly statePath?: string;
  /** The least time between two events that report only progress, ms (5000). Moves are reported at once. */
  readonly updateIntervalMs?: number;
  /** Called with what goes wrong while the work continues: a relay that refuses, a full disk, an unknown job. */
  readonly onProblem?: (problem: Problem) => void;
  readonly clock?: Clock;
}

const UPDATE_INTERVAL_MS = 5_000;
/** Requests up to this much older than the tracker (or than the newest one it knows) are taken, because relays are late. */
const LOOK_BACK_MS = 10 * 60_000;
const CLOSE_WITHIN_MS = 5_000;
const IN_MEMORY = ':memory:';

/**
 * Publishes the state of NIP-90 jobs as kind 7000 events, and their results. An impossible move throws `JobStateError`. Nothing
 * else throws: the work continues, and `onProblem` is called. The promises resolve when the report is signed and on disk; from
 * then on it will reach the relays even if this process dies.
 */
export class TaskStatusTracker {
  readonly #clock: Clock;
  readonly #signer: Signer;
  readonly #tell: (problem: Problem) => void;
  readonly #publisher: JobPublisher;
  readonly #inbox: Inbox;
  readonly #jobs: TrackedJobs;
  readonly #toDo = createJobQueue<JobRecord>((job) => job.request.priority ?? Number.MAX_SAFE_INTEGER);
  readonly #closing = new AbortController();
  /** When the newest known request was made, epoch ms. */
  #newestRequestMs = 0;
  /** Whether nothing outlives this process. */
  #isForgetful: boolean;
  readonly #stopReminding: () => void;
  #closed: Promise<void> | null = null;

  constructor(options: TaskStatusTrackerOptions) {
    const { relays, signer, statePath = IN_MEMORY, clock = systemClock } = options;
    this.#clock = clock;
    this.#signer = signer;
    this.#tell = options.onProblem ? createProblemReporter(options.onProblem) : () => {};
    this.#isForgetful = statePath === IN_MEMORY;
    this.#publisher = createJobPublisher({
      relays,
      signer,
      outbox: this.#open(statePath),
      statePath,
      updateIntervalMs: options.updateIntervalMs ?? UPDATE_INTERVAL_MS,
      onProblem: this.#tell,
      changed: () => this.#inbox.watch(this.#jobs.unended()),
      clock,
    });
    const { jobs, pools } = this.#publisher;
    this.#jobs = jobs;
    this.#inbox = createInbox({
      pools,
      clock,
      listener: {
        requested: (event) => void this.#requested(event),
        withdrawn: (event, jobIds) => this.#withdrawn(event, jobIds),
      },
    });
    this.#restore();
    this.#stopReminding = remindForgetful({ pools, jobs, pubkey: signer.pubkey });
  }

  /** Yields jobs to be done, until `signal` aborts: first those that an earlier process left, then new requests. */
  jobs(options: { kinds: readonly number[]; signal?: AbortSignal }): AsyncGenerator<TrackedJob> {
    this.#inbox.listen(options.kinds, (this.#newestRequestMs || this.#clock.now()) - LOOK_BACK_MS);
    return this.#take(AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]));
  }

  /**
   * Tracks a request that came in another way; one of our own key is published with its first report. Resolves with null if it
   * has already ended, or cannot be decrypted.
   */
  async track(event: Event): Promise<TrackedJob | null> {
    const request = await readJobRequest(event, this.#signer);
    if (!request) this.#tell(unreadableRequestProblem(event.id));
    const isOurs = event.pubkey === this.#signer.pubkey;
    const job = request && this.#jobs.open(request, isOurs ? [{ event, replaceable: false }] : []);
    return job && handleOf(job, this);
  }

  /** Returns the state of a job; undefined if it is not tracked. */
  stateOf(id: string): JobState | undefined {
    return this.#jobs.stateOf(id);
  }

  /** Moves a job and reports that; `message` is the event's content. */
  move(id: string, to: Exclude<JobState, 'completed'>, message = ''): Promise<void> {
    return this.#jobs.move(id, to, message);
  }

  /** Reports how far a job is (0–100; anything but a number is ignored), at most once per `updateIntervalMs`. */
  progress(id: string, percent: number, { etaMs, message }: ProgressDetails = {}): void {
    this.#jobs.progress(id, percent, etaMs, message);
  }

  /** Completes a job: publishes its result (as kind + 1000), then its end. */
  complete(id: string, result?: string, message = ''): Promise<void> {
    return this.#jobs.move(id, 'completed', message, result);
  }

  /** Sends what is still waiting, for at most `withinMs`, and closes everything. Unfinished jobs stay for the next process. */
  close({ withinMs = CLOSE_WITHIN_MS }: { withinMs?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(withinMs);
    return this.#closed;
  }

  async #close(withinMs: number): Promise<void> {
    this.#closing.abort();
    this.#inbox.close();
    this.#stopReminding();
    await this.#publisher.close(withinMs);
    if (this.#isForgetful && this.#publisher.untaken > 0) this.#tell(lostProblem(this.#publisher.untaken));
  }

  async *#take(signal: AbortSignal): AsyncGenerator<TrackedJob> {
    for (let job = await this.#toDo.next(signal); job; job = await this.#toDo.next(signal)) {
      if (!isEnd(job.state)) yield handleOf(job, this);
    }
  }

  #open(path: string): Outbox {
    try {
      return openOutbox(path, this.#clock.now());
    } catch (error) {
      this.#isForgetful = true;
      this.#tell(unsavedProblem(path, error));
      return openOutbox(IN_MEMORY, this.#clock.now());
    }
  }

  #restore(): void {
    for (const stored of this.#publisher.stored) {
      const job = this.#jobs.reopen(stored);
      if (job) this.#admit(job);
    }
    this.#inbox.watch(this.#jobs.unended());
  }

  /** Somebody asks for work: for ours, unless the request names others. */
  async #requested(event: Event): Promise<void> {
    if (this.#jobs.stateOf(event.id) !== undefined) return;
    const request = await readJobRequest(event, this.#signer);
    const isForOthers =
      request && request.providers.length > 0 && !request.providers.includes(this.#signer.pubkey);
    if (!request || isForOthers || this.#jobs.stateOf(event.id) !== undefined) return;
    const job = this.#jobs.open(request);
    if (job) this.#admit(job);
  }

  /** Queues a job, once what it depends on is done. */
  #admit(job: JobRecord): void {
    const { id, createdAtMs, dependencies } = job.request;
    this.#newestRequestMs = Math.max(this.#newestRequestMs, createdAtMs);
    if (dependencies.length === 0) return this.#toDo.put(job);
    const isBegun = job.state !== 'queued' && job.state !== 'waiting';
    if (isBegun) return this.#toDo.put(job);
    void this.#jobs.move(id, 'waiting', waitingWords(dependencies.length));
    const signal = AbortSignal.any([this.#closing.signal, job.stopping.signal]);
    void awaitDependencies(job.request, this.#publisher.pools, signal).then((end) => {
      if (isEnd(job.state)) return;
      if (end === 'ready') this.#toDo.put(job);
      if (end === 'withdrawn') void this.#jobs.move(id, 'failed', 'a job that it depends on was withdrawn');
    });
  }

  /** Only the requester's own deletion counts. */
  #withdrawn(deletion: Event, jobIds: readonly string[]): void {
    for (const id of jobIds) {
      const job = this.#jobs.find(id);
      if (job?.request.requester !== deletion.pubkey) continue;
      this.#toDo.remove(job);
      void this.#jobs.move(id, 'cancelled', 'withdrawn by the requester');
    }
  }
}

function waitingWords(count: number): string {
  return count === 1 ? 'waiting for another job' : `waiting for ${count} other jobs`;
}
