import type { Event } from 'nostr-tools/core';
import type { Clock } from '../../clock.ts';
import type { Login } from './login.ts';
import { asksForLogin, concernsLogin } from './reasons.ts';

/** What one relay said of a published event. */
export interface PublishResult {
  readonly accepted: boolean;
  /** The relay's words, or ours where it said nothing. */
  readonly reason: string;
}

/** The events on their way to one relay. */
export interface PendingPublishes {
  /** Resolves with the relay's answer, at the latest after the time limit. Never rejects. */
  publish(event: Event, signal?: AbortSignal): Promise<PublishResult>;
  /** A connection is open: says what waits. */
  connected(): void;
  /** There is no connection, and there won't be one soon. */
  failed(reason: string): void;
  /** We have logged in: says again what was refused for want of it. */
  loggedIn(): void;
  /** There will be no login: what was refused for want of it is refused. */
  loginFailed(): void;
  answered(eventId: string, result: PublishResult): void;
}

interface PendingPublish {
  readonly event: Event;
  readonly settle: (result: PublishResult) => void;
  /** The refusal that a login may turn, once. */
  refusal: PublishResult | null;
}

export function createPendingPublishes(options: {
  clock: Clock;
  answerMs: number;
  isOpen: () => boolean;
  /** Why there will be no connection soon; null while there may be one. */
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
