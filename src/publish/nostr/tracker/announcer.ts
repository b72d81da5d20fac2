import type { EventTemplate } from 'nostr-tools/core';
import { type Clock, sleep } from '../../../clock.ts';
import type { Problem } from '../../../model/problem.ts';
import type { Signer } from '../../../nostr/signer.ts';
import type { StoredJob } from '../../../storage/outbox.ts';
import { type Encrypt, feedbackTemplate, resultTemplate } from './events.ts';
import { type JobRecord, storeJob } from './job.ts';
import type { OutgoingEvent } from './outbox-sender.ts';
import { unsignedProblem } from './problems.ts';

/** Signs what is to be told of jobs, in order, and hands it on. */
export interface Announcer {
  /** Resolves when the job's state as it is now is signed and on disk, after all that was announced of it before. */
  announce(job: JobRecord, how: Announcement): Promise<void>;
  /** Resolves when everything announced so far is signed and on disk. */
  settled(): Promise<void>;
  /** Nothing is handed on any more. */
  close(): void;
}

/** How a job's state is announced. */
export interface Announcement {
  /** Progress alone gives way to what comes after it; a move never does. */
  readonly isMove: boolean;
  /** Viewers could not order it after the last report if both had the same second: it gets a later one. */
  readonly mayTie: boolean;
  readonly result?: string | undefined;
  /** When it happened, epoch ms; now if that is not given. */
  readonly atMs?: number | undefined;
}

const SIGN_AGAIN_MS = 1_000;

export function createAnnouncer(options: {
  clock: Clock;
  signer: Signer;
  encrypt: Encrypt;
  closing: AbortSignal;
  publish: (job: StoredJob, events: readonly OutgoingEvent[]) => void;
  tell: (problem: Problem) => void;
}): Announcer {
  const { clock, signer, encrypt, closing, publish, tell } = options;
  const underWay = new Set<Promise<void>>();
  let isClosed = false;

  function announce(job: JobRecord, how: Announcement): Promise<void> {
    if (isClosed) return job.said;
    const nowMs = how.atMs ?? clock.now();
    job.stamp = Math.max(Math.floor(nowMs / 1000), job.stamp + (how.mayTie ? 1 : 0));
    const stored = storeJob(job, nowMs);
    const makeTemplates = templatesOf(job, how.result, nowMs);
    const announced = job.said.then(() =>
      persist(async () => {
        const templates = await makeTemplates();
        const events = await Promise.all(templates.map((template) => signer.sign(template)));
        if (isClosed) return;
        publish(
          stored,
          events.map((event) => ({ event, replaceable: !how.isMove })),
        );
      }),
    );
    job.said = announced;
    underWay.add(announced);
    void announced.then(() => underWay.delete(announced));
    return announced;
  }

  /** Takes the job's state as it is now; the templates are made of that, and may be made again. */
  function templatesOf(
    job: JobRecord,
    result: string | undefined,
    nowMs: number,
  ): () => Promise<EventTemplate[]> {
    const { request, state, progress, message, stamp } = job;
    const sinceMs = clock.now() - nowMs;
    const etaMs = job.endsAt === null ? null : Math.max(0, job.endsAt - clock.monotonic() + sinceMs);
    const runtimeMs = job.startedAt === null ? null : nowMs - job.startedAt;
    return async () => [
      ...(result === undefined
        ? []
        : [await resultTemplate(request, { content: result, runtimeMs, stamp }, encrypt)]),
      await feedbackTemplate(request, { state, progress, etaMs, message, stamp }, encrypt),
    ];
  }

  /** Tries until it works: a remote signer may be away for a while. */
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
    announce,
    async settled() {
      await Promise.all(underWay);
    },
    close() {
      isClosed = true;
    },
  };
}
