import type { Clock } from '../clock.ts';
import { createThrottle } from '../io/throttle.ts';
import type { TaskId } from '../model/id.ts';
import { bugProblem } from '../model/problem.ts';
import type { Monitor } from '../monitor.ts';
import { type Dismissals, isDismissed } from '../store/dismissals.ts';
import { findEntry, type TaskEntry } from '../store/state.ts';
import { type Channel, failed, type Outcome } from './channel.ts';
import { type ChannelSpec, channelIdentity } from './channel-spec.ts';
import type { Claims } from './claims.ts';
import type { Condition, Notification } from './event.ts';
import { notificationsOf } from './notification.ts';
import { createPolicy } from './policy.ts';
import { createSummarizer } from './summary.ts';
import { watchConditions } from './watch-conditions.ts';

/** An open channel, with the events that it reports. */
export interface OpenChannel {
  readonly spec: ChannelSpec;
  readonly channel: Channel;
}

/** What a person has put aside. */
export interface PutAside {
  readonly dismissals: Dismissals;
  /** The places of the tasks of which nobody is notified. */
  readonly muted: ReadonlySet<string>;
}

/** What was sent by one channel, and the outcome. */
export interface Delivery {
  readonly spec: ChannelSpec;
  readonly notification: Notification;
  readonly outcome: Outcome;
}

export interface NotifierOptions {
  readonly monitor: Pick<Monitor, 'getState' | 'onUpdates' | 'subscribe' | 'usualMs'>;
  readonly clock: Clock;
  readonly channels: readonly OpenChannel[];
  readonly claims: Claims;
  /** How long something has to be true before it is reported. */
  readonly dwellMs: number;
  readonly stallAfterMs: number;
  readonly isWatched: (entry: TaskEntry) => boolean;
  /** Tells whether somebody is looking, and so needs no notification. */
  readonly isLookedAt: () => boolean;
  readonly putAside: () => Promise<PutAside>;
  /** Called with everything that was sent. */
  readonly onDelivery: (delivery: Delivery) => void;
}

/** A title or a bar that changes more often cannot be read. */
const SHOW_EVERY_MS = 1_000;

/** Notifies of what becomes true, until it is closed. */
export interface Notifier {
  /** Somebody is looking from now on: what was about to be sent has been seen, and no other taskglass has to send it. */
  onLook(): void;
  /** Stops. Resolves once nothing is under way; whatever still is when `signal` aborts is given up. */
  close(signal: AbortSignal): Promise<void>;
}

export function createNotifier(options: NotifierOptions): Notifier {
  const { monitor, clock, channels } = options;
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  const claimSeen = createSeen(options, track);
  const policy = createPolicy(options);
  const wants = new Set(channels.flatMap(({ spec, channel }) => (channel.tell ? spec.events : [])));
  const stopShowing = startShowing(options);
  let stopTimer = () => {};
  let isClosed = false;
  let isTelling = false;

  const watch = watchConditions(
    monitor,
    {
      observe(place, condition) {
        const wanted = condition && wants.has(condition.event) ? condition : null;
        policy.observe(place, wanted, clock.monotonic());
        if (wanted && options.isLookedAt()) claimSeen([wanted]);
        schedule();
      },
      lose: policy.lose,
    },
    {
      stallAfterMs: wants.has('stalled') ? options.stallAfterMs : null,
      isWatched: options.isWatched,
      nowMs: clock.now(),
    },
  );
  const unsubscribe = monitor.onUpdates(() => schedule());

  /** When the timer fires, and when a task may have become silent, in monotonic time. */
  let dueAt = Number.POSITIVE_INFINITY;
  let look = { at: Number.POSITIVE_INFINITY, dueAt: Number.POSITIVE_INFINITY };

  /** Wakes up when something is to be sent, or a task may have become silent. */
  function schedule(): void {
    if (isClosed || isTelling) return;
    const at = watch.nextLookAt;
    if (at !== look.at) look = { at, dueAt: at - clock.now() + clock.monotonic() };
    const next = Math.min(policy.nextAt ?? Number.POSITIVE_INFINITY, look.dueAt);
    if (next === dueAt) return;
    stopTimer();
    dueAt = next;
    stopTimer = Number.isFinite(next) ? clock.after(next - clock.monotonic(), wake) : () => {};
  }

  function wake(): void {
    dueAt = Number.POSITIVE_INFINITY;
    look = { at: Number.POSITIVE_INFINITY, dueAt };
    watch.look(clock.now());
    track(tellDue());
  }

  function track(work: Promise<void>): void {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  async function tellDue(): Promise<void> {
    isTelling = true;
    const { dismissals, muted } = await options.putAside();
    const state = monitor.getState();
    const isPutAside = ({ place, id }: Condition) => {
      const entry = id === null ? undefined : findEntry(state, id as TaskId);
      return muted.has(place) || (entry !== undefined && isDismissed(dismissals, state, entry));
    };
    const isLookedAt = options.isLookedAt();
    const due = policy.take(clock.monotonic(), (condition) => isLookedAt || isPutAside(condition));
    isTelling = false;
    schedule();
    if (due.length > 0) await Promise.all(channels.map((each) => tellIn(each, due, options, closing.signal)));
  }

  schedule();
  return {
    onLook: () => {
      if (!isClosed) claimSeen(policy.waiting);
    },
    async close(signal) {
      isClosed = true;
      unsubscribe();
      watch.close();
      stopTimer();
      stopShowing();
      const giveUp = () => closing.abort();
      if (signal.aborted) giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      while (underWay.size > 0) await Promise.all(underWay);
      signal.removeEventListener('abort', giveUp);
    },
  };
}

/** Sends through one channel what is due and no other taskglass has sent. */
async function tellIn(
  { spec, channel }: OpenChannel,
  due: readonly Condition[],
  { claims, clock, onDelivery }: Pick<NotifierOptions, 'claims' | 'clock' | 'onDelivery'>,
  signal: AbortSignal,
): Promise<void> {
  if (!channel.tell) return;
  const own = due.filter(({ event }) => spec.events.includes(event));
  const ours = await claims.claim(channelIdentity(spec), own);
  for (const notification of ours.length === 0 ? [] : notificationsOf(ours, clock.now())) {
    const outcome = await channel
      .tell(notification, signal)
      .catch((error: unknown) => failed(bugProblem(error)));
    onDelivery({ spec, notification, outcome });
  }
}

/** Claims what is seen here, everything of a moment at once, so that no other taskglass sends it. */
function createSeen(
  { channels, claims }: Pick<NotifierOptions, 'channels' | 'claims'>,
  track: (work: Promise<void>) => void,
): (conditions: readonly Condition[]) => void {
  const telling = channels.filter(({ channel }) => channel.tell);
  let seen: Condition[] = [];

  async function claimAll(): Promise<void> {
    await Promise.resolve();
    const all = seen;
    seen = [];
    const claimFor = ({ spec }: OpenChannel) =>
      claims.claim(
        channelIdentity(spec),
        all.filter(({ event }) => spec.events.includes(event)),
      );
    await Promise.all(telling.map(claimFor));
  }

  return (conditions) => {
    if (conditions.length === 0) return;
    const isFirst = seen.length === 0;
    seen.push(...conditions);
    if (isFirst) track(claimAll());
  };
}

/** Shows how all tasks stand, in the channels that can, until the returned function is called. */
function startShowing({ monitor, clock, channels, putAside, isWatched }: NotifierOptions): () => void {
  const showing = channels.flatMap(({ channel }) => channel.show ?? []);
  if (showing.length === 0) return () => {};
  const summarize = createSummarizer({ isWatched, usualMs: monitor.usualMs });
  let isOver = false;

  async function show(): Promise<void> {
    const { dismissals } = await putAside();
    if (isOver) return;
    const summary = summarize(monitor.getState(), dismissals);
    for (const each of showing) each(summary);
  }

  const throttle = createThrottle(clock, SHOW_EVERY_MS, () => void show());
  const unsubscribe = monitor.subscribe(throttle.request);
  throttle.request();
  return () => {
    isOver = true;
    unsubscribe();
    throttle.cancel();
  };
}
