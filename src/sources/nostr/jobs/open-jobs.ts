import type { VerifiedEvent } from 'nostr-tools/core';
import type { Clock } from '../../../clock.ts';
import type { SourceEvent } from '../../../model/event.ts';
import type { SourceId } from '../../../model/id.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { type PlainText, words } from '../../../model/text.ts';
import { decryptEvent, isEncrypted, markUnreadable } from '../../../nostr/encryption.ts';
import type { DecryptedEvent } from '../../../nostr/nip90/format.ts';
import type { History } from '../../../nostr/relay/pager.ts';
import type { Relays } from '../../../nostr/relays.ts';
import type { Signer } from '../../../nostr/signer.ts';
import { overviewFilters, resultFilters } from './filters.ts';
import { createFollower } from './follower.ts';
import { createHealthReporter } from './health-reporter.ts';
import { type Interest, isShown } from './interest.ts';
import { isOver, type Job } from './job.ts';
import { MOST_JOBS } from './job-cache.ts';
import { createJobIndex } from './job-index.ts';
import { createLearnedKinds } from './learned-kinds.ts';
import type { News } from './news.ts';
import { createToldRows } from './told-rows.ts';

/** The jobs on the relays, reported as a source reports its tasks. */
export interface Jobs {
  find(id: string): Job | undefined;
  close(): void;
}

/** What relays have stored is read back for a week, up to 20,000 events for each filter, and the newest 500 in any case. */
const MOST_READ_BACK = 20_000;
const WEEK_SECONDS = 7 * 24 * 3600;
/** Many expire at about the same time: one look covers all of them. */
const EXPIRY_EVERY_MS = 1_000;
/** The longest wait for the next look, because something that expires sooner may arrive. */
const EXPIRY_WITHIN_MS = 10_000;

export function openJobs(options: {
  source: SourceId;
  interest: Interest;
  signer: Signer | undefined;
  relays: Relays;
  clock: Clock;
  tell: (event: SourceEvent) => void;
}): Jobs {
  const { source, interest, signer, relays, clock, tell } = options;
  const index = createJobIndex(interest);
  const rows = createToldRows({ source, interest, index, tell });
  let beingDecrypted = 0;
  let strangeWord: Problem | null = null;
  let cancelExpiry: (() => void) | null = null;

  const follower = createFollower({
    relays,
    clock,
    isKnown: (id) => index.get(id)?.request != null,
    isOpen(id) {
      const job = index.get(id);
      return job !== undefined && !isOver(job);
    },
    event: receive,
    searched(ids) {
      digest(index.searched(ids));
      health.check();
    },
  });
  const health = createHealthReporter({
    relays,
    clock,
    isBusy: () => follower.isBusy || beingDecrypted > 0,
    trouble: () => (index.hasOverflowed ? OVERFLOW : strangeWord),
    tellAll: rows.tellAll,
    tell,
  });
  const history: History = { most: MOST_READ_BACK, notBefore: Math.floor(clock.now() / 1000) - WEEK_SECONDS };
  const isWatchingAll = interest.pubkeys.size === 0;
  const learnedKinds = createLearnedKinds({
    clock,
    subscribe: (kinds) =>
      relays.subscribe(resultFilters(kinds), { event: receive, caughtUp: health.check }, history),
  });
  const ends = overviewFilters(interest).map((filters) =>
    relays.subscribe(filters, { event: receive, caughtUp: health.check }, history),
  );

  function receive(event: VerifiedEvent): void {
    if (!index.concerns(event)) return;
    if (!isEncrypted(event)) return enter(event, event);
    if (!signer) return enter(markUnreadable(event), event);
    beingDecrypted += 1;
    decryptEvent(event, signer).then((decrypted) => {
      beingDecrypted -= 1;
      enter(decrypted, event);
      health.check();
    });
  }

  function enter(decrypted: DecryptedEvent, original: VerifiedEvent): void {
    digest(index.take(decrypted, original, clock.now()));
    awaitExpiry();
  }

  /** Looks from time to time for what has expired, so that the view is the same as one that is opened now. */
  function awaitExpiry(): void {
    if (cancelExpiry || index.nextExpiryMs === null) return;
    cancelExpiry = clock.after(expiryDelayMs(index.nextExpiryMs, clock.now()), () => {
      cancelExpiry = null;
      digest(index.expire(clock.now()));
      awaitExpiry();
    });
  }

  function digest(news: News): void {
    const jobs = news.changed.map((id) => index.get(id)).filter((job) => job !== undefined);
    if (isWatchingAll) for (const job of jobs) learnedKinds.saw(job.request?.kind ?? 0);
    const shown = jobs.filter((job) => isShown(job, interest));
    follower.follow([...news.wanted, ...shown.map(({ id }) => id)]);
    if (news.strangeWord !== null) strangeWord ??= strangeWordProblem(news.strangeWord);
    if (!health.hasSnapshot) return;
    for (const job of shown) rows.tell(job);
    for (const id of news.changed) if (!shown.some((job) => job.id === id)) rows.tellGone(id);
    if (strangeWord || index.hasOverflowed) health.check();
  }

  return {
    find: index.get,
    close() {
      for (const end of ends) end();
      learnedKinds.close();
      cancelExpiry?.();
      follower.close();
      health.close();
    },
  };
}

/** Returns how long to wait before looking again. It is never long, because the clock may be set. */
function expiryDelayMs(atMs: number, nowMs: number): number {
  return Math.min(Math.max(atMs - nowMs, EXPIRY_EVERY_MS), EXPIRY_WITHIN_MS);
}

function strangeWordProblem(word: PlainText): Problem {
  return problem(
    'unknown-word',
    'degraded',
    words`a provider reports the unknown status “${word}”: shown as queued`,
  );
}

const OVERFLOW = problem(
  'too-large',
  'degraded',
  `more than ${MOST_JOBS} jobs: the oldest ended ones are left out`,
  'watch one key with --pubkey',
);
