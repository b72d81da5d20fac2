import type { Event, EventTemplate } from 'nostr-tools/core';
import { type Clock, endsWithin } from '../../clock.ts';
import type { TaskId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import { overallProgress } from '../../model/progress.ts';
import { endedAtOf, type Task } from '../../model/task.ts';
import { encryptForReaders } from '../../nostr/encryption.ts';
import type { Signer } from '../../nostr/signer.ts';
import { openOutbox } from '../../storage/outbox.ts';
import { withinLimit } from './publisher/fit.ts';
import { listenForCommands } from './publisher/remote-commands.ts';
import { taskKey, taskKeyOf, taskRequest } from './publisher/request.ts';
import { jobStateOf, type Move, messageOf, movesTo } from './publisher/words.ts';
import { remindForgetful } from './tracker/forgetful-relays.ts';
import { restoreJob } from './tracker/job.ts';
import { createJobPublisher } from './tracker/job-publisher.ts';
import { type JobRequest, readJobRequest } from './tracker/request.ts';
import { checkUnended, isEnd } from './tracker/states.ts';

/** Publishes tasks on relays, each as a job request of our own key, with feedback on it. */
export interface TaskPublication {
  /**
   * Sets what a task is now, and when it is expected to end (epoch ms). Returns at once; while it is busy, only the newest
   * counts.
   */
  put(task: Task, expectedEndAt: number | null): void;
  /** The task's source no longer lists it: unless it had ended, it is reported as cancelled. */
  remove(id: TaskId): void;
  /** These are all tasks that exist: others that an earlier process has published no longer have a worker. */
  keepOnly(ids: Iterable<TaskId>): void;
  /** Resolves when everything reported so far is signed and on disk: from then on it will reach the relays. */
  settled(): Promise<void>;
  /** Sends what is still waiting, for at most five seconds, and closes everything. */
  close(): Promise<void>;
}

export interface TaskPublicationOptions {
  readonly relays: readonly string[];
  readonly signer: Signer;
  /** Keeps what was published across restarts. Throws SQLite's error if another process uses it. */
  readonly statePath: string;
  /** This machine's name, by which others know it. */
  readonly host: string;
  /** Who may read it, by public key; everyone if empty. */
  readonly readers: readonly string[];
  /** Whose cancellations are obeyed besides our own key's, by public key. null: nobody's. */
  readonly allowed: readonly string[] | null;
  /** Carries out the command that the public key `by` has sent; resolves with why not, or null. */
  readonly onCommand: (command: 'cancel' | 'retry', id: TaskId, by: string) => Promise<Problem | null>;
  readonly onProblem: (problem: Problem) => void;
  /** Returns why a task is in its state, in words for people. */
  readonly reasonText: (task: Task) => string | null;
  readonly clock: Clock;
  /** The least time between two events that report only progress, ms. */
  readonly updateIntervalMs?: number;
}

const UPDATE_INTERVAL_MS = 5_000;
const CLOSE_WITHIN_MS = 5_000;
/** A task that had ended this long before it was first seen is not published. */
const OLD_NEWS_MS = 24 * 3_600_000;

/** Continues what an earlier process has published: no task is published twice. */
export function createTaskPublication(options: TaskPublicationOptions): TaskPublication {
  const { signer, clock, readers, reasonText } = options;
  const encrypt = (template: EventTemplate) =>
    withinLimit(template, readers.length + 1, async (short) =>
      readers.length === 0 ? short : encryptForReaders(short, [signer.pubkey, ...readers], signer),
    );
  const { updateIntervalMs = UPDATE_INTERVAL_MS } = options;
  const outbox = openOutbox(options.statePath, clock.now());
  const publisher = createJobPublisher({
    ...options,
    outbox,
    encrypt,
    check: checkUnended,
    updateIntervalMs,
  });
  const { jobs } = publisher;
  /** By task: the newest request for it. */
  const requests = new Map<string, JobRequest>();
  const waiting = new Map<TaskId, Task | null>();
  const ends = new Map<TaskId, number | null>();
  const idOf = new Map<string, TaskId>();
  /** By task: somebody's request to repeat it, under which it will be reported. */
  const repeats = new Map<string, Event>();
  let working: Promise<void> | null = null;
  let isClosing = false;

  for (const stored of publisher.stored) {
    const { request } = restoreJob(stored);
    const key = taskKeyOf(request);
    if (key !== null && (requests.get(key)?.createdAtMs ?? 0) <= request.createdAtMs)
      requests.set(key, request);
    jobs.reopen(stored);
  }
  const { allowed } = options;
  const stopListening =
    allowed === null
      ? () => {}
      : listenForCommands({
          pools: publisher.pools,
          clock,
          pubkey: signer.pubkey,
          allowed,
          onCancel,
          onRetry,
        });

  const stopReminding = remindForgetful({ pools: publisher.pools, jobs, pubkey: signer.pubkey });

  const keyOf = (id: TaskId) => taskKey(signer.pubkey, id);

  function onCancel(requestId: string, by: string): void {
    const task = idOf.get(requestId);
    if (task !== undefined && jobs.find(requestId)) void options.onCommand('cancel', task, by);
  }

  /** Repeats a task, and reports it under the request that asked for that; if it cannot be repeated, that is the answer. */
  function onRetry(requestId: string, repeat: Event): void {
    const task = idOf.get(requestId);
    if (task === undefined || jobs.find(requestId) || jobs.stateOf(repeat.id) !== undefined) return;
    repeats.set(keyOf(task), repeat);
    void options.onCommand('retry', task, repeat.pubkey).then(async (refusal) => {
      if (!refusal || !repeats.delete(keyOf(task))) return;
      const request = await readJobRequest(repeat, signer);
      if (request && jobs.open(request)) await jobs.move(request.id, 'failed', refusal.message);
    });
  }

  function offer(id: TaskId, task: Task | null): void {
    if (isClosing) return;
    waiting.set(id, task);
    working ??= work();
  }

  /** Works on one task after the other, with its state when its turn comes. */
  async function work(): Promise<void> {
    for (let next = take(); next; next = take()) {
      const [id, task] = next;
      await (task ? tell(task) : tellGone(keyOf(id)));
    }
    working = null;
  }

  function take(): [TaskId, Task | null] | null {
    const [first] = waiting;
    if (first) waiting.delete(first[0]);
    return first ?? null;
  }

  async function tell(task: Task): Promise<void> {
    const nowMs = clock.now();
    const key = keyOf(task.id);
    const wanted = jobStateOf(task);
    let request = requests.get(key) ?? null;
    const state = request && (jobs.stateOf(request.id) ?? null);
    if (!request && isEnd(wanted) && nowMs - (endedAtOf(task) ?? nowMs) > OLD_NEWS_MS) return;
    if (request) idOf.set(request.id, task.id);
    if (state === wanted && isEnd(wanted)) return;
    if (!request || state === null || isEnd(state)) request = await ask(task, request?.id ?? null);
    if (!request) return;

    idOf.set(request.id, task.id);
    const result = task.state.status === 'completed' ? (task.state.result ?? undefined) : undefined;
    const message = messageOf(task, reasonText(task));
    const moves = movesTo(task, jobs.stateOf(request.id) ?? 'queued', nowMs);
    if (moves.length === 0) return tellProgress(request.id, task, message);
    for (const { to, atMs } of moves.slice(0, -1)) await jobs.move(request.id, to, '', undefined, atMs);
    noteProgress(request.id, task);
    const last = moves[moves.length - 1] as Move;
    await jobs.move(request.id, last.to, message, result, last.atMs);
  }

  /** Records the progress, to be sent with the next event. */
  function noteProgress(id: string, task: Task, message?: string): void {
    const end = ends.get(task.id) ?? null;
    jobs.progress(id, overallProgress(task), end === null ? undefined : end - clock.now(), message);
  }

  /** Reports from time to time that the same state has progressed. */
  function tellProgress(id: string, task: Task, message: string): void {
    const job = jobs.find(id);
    const progress = overallProgress(task);
    const isFurther = progress !== null && job?.progress !== Math.floor(progress);
    if (job && (isFurther || job.message !== message)) noteProgress(id, task, message);
  }

  /** Makes the request under which the task is reported from now on, keeps it and sends it. */
  async function ask(task: Task, retryOf: string | null): Promise<JobRequest | null> {
    const key = keyOf(task.id);
    const event = repeats.get(key) ?? (await signer.sign(await encrypt(requestOf(task, retryOf))));
    repeats.delete(key);
    const request = await readJobRequest(event, signer);
    if (!request) return null;
    requests.set(key, request);
    jobs.open(request, [{ event, replaceable: false }]);
    return request;
  }

  function requestOf(task: Task, retryOf: string | null): EventTemplate {
    const { pubkey } = signer;
    return taskRequest(task, {
      pubkey,
      host: options.host,
      allowed: allowed ?? [],
      retryOf,
      nowMs: clock.now(),
    });
  }

  async function tellGone(key: string): Promise<void> {
    const request = requests.get(key);
    const state = request && jobs.stateOf(request.id);
    if (request && state && !isEnd(state))
      await jobs.move(request.id, 'cancelled', 'its source no longer lists it');
  }

  return {
    put(task, expectedEndAt) {
      ends.set(task.id, expectedEndAt);
      offer(task.id, task);
    },
    remove(id) {
      ends.delete(id);
      offer(id, null);
    },
    keepOnly(ids) {
      const kept = new Set([...ids].map(keyOf));
      for (const key of requests.keys()) if (!kept.has(key)) void tellGone(key);
    },
    async settled() {
      while (working) await working;
    },
    async close() {
      if (working) await endsWithin(clock, CLOSE_WITHIN_MS, working);
      waiting.clear();
      await working;
      isClosing = true;
      stopListening();
      stopReminding();
      await publisher.close(CLOSE_WITHIN_MS);
    },
  };
}
