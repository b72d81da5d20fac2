import type { Clock } from '../../clock.ts';
import type { RequestList, Subscribed } from './request-list.ts';

/** Notices a relay that takes our requests and does not answer them: it would look alive for ever. */
export interface AnswerWatch {
  /** Something was asked. */
  start(): void;
  stop(): void;
  /** Is an answer overdue, with not a single event in its place? */
  readonly isSilent: boolean;
}

/**
 * `rested` hears of requests to which events came, and then no more: the relay never says that these were all, or gives
 * no older pages.
 */
export function createAnswerWatch(options: {
  clock: Clock;
  answerMs: number;
  requests: Pick<RequestList, 'unanswered'>;
  /** Is it the relay that waits for us? */
  isPaused: () => boolean;
  rested: (subscribed: Subscribed) => void;
  changed: () => void;
}): AnswerWatch {
  const { clock, answerMs, requests, isPaused, rested, changed } = options;
  let cancelLook: (() => void) | null = null;
  let sawSilence = false;
  /** Does the relay never say that it has sent all? Then it does not say that it has nothing either. */
  let endsUnsaid = false;

  function look(): void {
    cancelLook = null;
    const overdue = isPaused() ? [] : requests.unanswered().filter(isOverdue);
    for (const subscribed of overdue) {
      const hasPaused = subscribed.request.hasPaused();
      endsUnsaid ||= hasPaused && subscribed.request.state === 'asked';
      if (hasPaused || endsUnsaid) rested(subscribed);
      else sawSilence = true;
    }
    if (requests.unanswered().length > 0) start();
    changed();
  }

  function isOverdue({ request }: Subscribed): boolean {
    return clock.monotonic() - request.askedAt >= answerMs;
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
      sawSilence &&= requests.unanswered().length > 0;
      return sawSilence;
    },
  };
}
