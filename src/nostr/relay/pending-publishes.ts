import type { Event } from 'nostr-tools/core';
import type { Clock } from '../../clock.ts';
import type { Login } from './login.ts';
import { asksForLogin, concernsLogin } from './reasons.ts';

/** One relay's answer to a published event. */
export interface PublishResult {
  readonly accepted: boolean;
  /** The relay's words, or ours if it did not answer. */
  readonly reason: string;
}

/** The events that one relay has not answered yet. */
export interface PendingPublishes {
  /** Publishes an event. Resolves with the relay's answer, or after the time limit. Never rejects. */
  publish(event: Event, signal?: AbortSignal): Promise<PublishResult>;
  /** To be called when a connection is open: sends the waiting events. */
  connected(): void;
  /** To be called when there is no connection, and will not be one soon. */
  failed(reason: string): void;
  /** To be called after a login: sends the events again that were refused without it. */
  loggedIn(): void;
  /** To be called if the login failed: the events that need it are refused. */
  loginFailed(): void;
  answered(eventId: string, result: PublishResult): void;
}

interface PendingPublish {
  readonly event: Event;
  readonly settle: (result: PublishResult) => void;
  /** A refusal that a login may reverse. That is tried only once. */
  refusal: PublishResult | null;
}

export function createPendingPublishes(options: {
  clock: Clock;
  answerMs: number;
  isOpen: () => boolean;
  /** Returns why there will be no connection soon; null if there may be one. */
  unreachable: () => string | null;
  login: Pick<Login, 'required' | 'isUnderWay' | 'isAccepted'>;
  say: (message: readonly unknown[]) => void;
}): PendingPublishes {
  const { clock, answerMs, isOpen, unreachable, login, say } = options;
  const underWay = new Set<PendingPublish>();

  const tell = ({ event }: PendingPublish) => say(['EVENT', event]);

  function heard(pending: PendingPublish, result: PublishResult): void {
    const isFirstRefusal = !result.accepted && pending.refusal === null;
    if (asksForLogin(result.reason)) login.required();
    if (isFirstRefusal && login.isUnderWay && concernsLogin(result.reason)) pending.refusal = result;
    else if (isFirstRefusal && login.isAccepted && asksForLogin(result.reason)) {
      pending.refusal = result;
      tell(pending);
    } else pending.settle(isKnown(result) ? { ...result, accepted: true } : result);
  }

  return {
    publish(event, signal) {
      return new Promise((resolve) => {
        const settle = (result: PublishResult) => {
          cancel();
          signal?.removeEventListener('abort', aborted);
          underWay.delete(pending);
          resolve(result);
        };
        const aborted = () => settle({ accepted: false, reason: 'called off' });
        const cancel = clock.after(answerMs, () =>
          settle(pending.refusal ?? { accepted: false, reason: isOpen() ? 'no answer' : 'not connected' }),
        );
        const pending: PendingPublish = { event, settle, refusal: null };
        underWay.add(pending);
        signal?.addEventListener('abort', aborted, { once: true });
        const obstacle = unreachable();
        if (signal?.aborted) aborted();
        else if (obstacle !== null) settle({ accepted: false, reason: obstacle });
        else if (isOpen()) tell(pending);
      });
    },
    connected() {
      for (const pending of underWay) tell(pending);
    },
    failed(reason) {
      for (const pending of underWay) pending.settle({ accepted: false, reason });
    },
    loggedIn() {
      for (const pending of underWay) if (pending.refusal) tell(pending);
    },
    loginFailed() {
      for (const { refusal, settle } of underWay) if (refusal) settle(refusal);
    },
    answered(eventId, result) {
      for (const pending of underWay) {
        if (pending.event.id === eventId) heard(pending, result);
      }
    },
  };
}

/** Tells whether the relay refused an event because it has it already. */
function isKnown({ reason }: PublishResult): boolean {
  return reason.startsWith('duplicate:');
}
