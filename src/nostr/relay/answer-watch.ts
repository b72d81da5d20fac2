import type { Clock } from '../../clock.ts';
import type { Subscribed, Subscriptions } from './subscriptions.ts';

/** Notices a relay that takes our subscriptions and does not answer them: it would look alive for ever. */
export interface AnswerWatch {
  /** Something was asked. */
  start(): void;
  stop(): void;
  /** Is an answer overdue, with not a single event in its place? */
  readonly isSilent: boolean;
}

/**
 * Watches for subscriptions to which events came, and then no more: the relay never says that these were all, or gives
 * no older pages. `rested` hears of them.
 */
export function createAnswerWatch(options: {
  clock: Clock;
  answerMs: number;
  subscriptions: Pick<Subscriptions, 'unanswered'>;
  /** Is it the relay that waits for us? */
  isPaused: () => boolean;
  rested: (subscribed: Subscribed) => void;
  changed: () => void;
}): AnswerWatch {
  const { clock, answerMs, subscriptions, isPaused, rested, changed } = options;
  let cancelLook: (() => void) | null = null;
  let sawSilence = false;
  /** Does the relay never say that it has sent all? Then it does not say that it has nothing either. */
  let endsUnsaid = false;

  function look(): void {
    cancelLook = null;
    const overdue = isPaused() ? [] : subscriptions.unanswered().filter(isOverdue);
    for (const subscribed of overdue) {
      const hasPaused = subscribed.subscription.hasPaused();
      endsUnsaid ||= hasPaused && subscribed.subscription.state === 'asked';
      if (hasPaused || endsUnsaid) rested(subscribed);
      else sawSilence = true;
    }
    if (subscriptions.unanswered().length > 0) start();
    changed();
  }

  function isOverdue({ subscription }: Subscribed): boolean {
    return clock.monotonic() - subscription.askedAt >= answerMs;
  }

  function start(): void {
    cancelLook ??= clock.after(answerMs, look);
  }

  return {
    start,
    stop() {
      cancelLook?.();
      cancelLook = null;
      sawSilence = false;
      endsUnsaid = false;
    },
    get isSilent() {
      sawSilence &&= subscriptions.unanswered().length > 0;
      return sawSilence;
    },
  };
}
