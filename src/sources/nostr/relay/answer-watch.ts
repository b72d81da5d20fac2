import type { Clock } from '../../../clock.ts';
import type { RequestList, Subscribed } from './request-list.ts';

/** Notices a relay that takes our requests and does not answer them: it would look alive for ever. */
export interface AnswerWatch {
  /** Something was asked. */
  start(): void;
  stop(): void;
  /** Is an answer overdue, with not a single event in its place? */
  readonly isSilent: boolean;
}

/** `rested` hears of requests to which events came, and then no more: the relay never says that these were all. */
export function createAnswerWatch(options: {
  clock: Clock;
  answerMs: number;
  requests: Pick<RequestList, 'unanswered'>;
  rested: (subscribed: Subscribed) => void;
  changed: () => void;
}): AnswerWatch {
  const { clock, answerMs, requests, rested, changed } = options;
  let cancelLook: (() => void) | null = null;
  let sawSilence = false;

  function look(): void {
    cancelLook = null;
    for (const subscribed of requests.unanswered()) {
      if (clock.monotonic() - subscribed.request.askedAt < answerMs) continue;
      if (subscribed.request.hasPaused()) rested(subscribed);
      else sawSilence = true;
    }
    if (requests.unanswered().length > 0) start();
    changed();
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
    },
    get isSilent() {
      sawSilence &&= requests.unanswered().length > 0;
      return sawSilence;
    },
  };
}
