import type { Clock } from '../../clock.ts';
import type { Subscribed, Subscriptions } from './subscriptions.ts';

/** Detects a relay that accepts our subscriptions but never answers them: its connection alone would look healthy. */
export interface AnswerWatch {
  /** To be called after a subscription was sent. */
  start(): void;
  stop(): void;
  /** Whether an answer is overdue, and not even an event has arrived. */
  readonly isSilent: boolean;
}

/**
 * Watches for subscriptions whose events have stopped without an end mark: the relay never sends one, or sends no older pages.
 * Calls `rested` for each.
 */
export function createAnswerWatch(options: {
  clock: Clock;
  answerMs: number;
  subscriptions: Pick<Subscriptions, 'unanswered'>;
  /** Tells whether the relay is waiting for us. */
  isPaused: () => boolean;
  rested: (subscribed: Subscribed) => void;
  changed: () => void;
}): AnswerWatch {
  const { clock, answerMs, subscriptions, isPaused, rested, changed } = options;
  let cancelLook: (() => void) | null = null;
  let sawSilence = false;
  /** Whether the relay never sends an end mark. Then it sends none for an empty subscription, either. */
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
