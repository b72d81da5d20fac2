import type { EventTemplate } from 'nostr-tools/core';
import { type Clock, sleep } from '../../../clock.ts';
import type { Problem } from '../../../model/problem.ts';
import type { Signer } from '../../../nostr/signer.ts';
import type { StoredJob } from '../../../storage/outbox.ts';
import { type Encrypt, feedbackTemplate, resultTemplate } from './events.ts';
import { type JobRecord, storeJob } from './job.ts';
import type { OutgoingEvent } from './outbox-sender.ts';
import { unsignedProblem } from './problems.ts';

/** Signs what is to be reported on jobs, in order, and passes it on. */
export interface Announcer {
  /** Resolves when the job's current state is signed and on disk, after everything that was announced before. */
  announce(job: JobRecord, how: Announcement): Promise<void>;
  /** Resolves when everything announced so far is signed and on disk. */
  settled(): Promise<void>;
  /** Stops passing anything on. */
  close(): void;
}

/** How a job's state is announced. */
export interface Announcement {
  /** An event that only reports progress is replaced by the next one while it waits; a move never is. */
  readonly isMove: boolean;
  /** If false, it gets a later second than the last report: viewers could not order two with the same. */
  readonly mayTie: boolean;
  readonly result?: string | undefined;
  /** When it happened, epoch ms; now by default. */
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

  /** Captures the job's current state, from which the templates are made, perhaps several times. */
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

  /** Tries until it works, because a remote signer may be away for a while. */
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
