import type { Event } from 'nostr-tools/core';
import type { Clock } from '../../clock.ts';
import type { Login } from './login.ts';
import { asksForLogin, concernsLogin } from './reasons.ts';

/** What one relay said of a published event. */
export interface Verdict {
  readonly accepted: boolean;
  /** The relay's words, or ours where it said nothing. */
  readonly reason: string;
}

/** The events on their way to one relay. */
export interface Publications {
  /** Resolves with the relay's answer, at the latest after the time limit. Never rejects. */
  publish(event: Event, signal?: AbortSignal): Promise<Verdict>;
  /** A connection is open: says what waits. */
  connected(): void;
  /** There is no connection, and there won't be one soon. */
  failed(reason: string): void;
  /** We have logged in: says again what was refused for want of it. */
  loggedIn(): void;
  /** There will be no login: what was refused for want of it is refused. */
  loginFailed(): void;
  answered(eventId: string, verdict: Verdict): void;
}

interface Publication {
  readonly event: Event;
  readonly settle: (verdict: Verdict) => void;
  /** The refusal that a login may turn, once. */
  refusal: Verdict | null;
}

export function createPublications(options: {
  clock: Clock;
  answerMs: number;
  isOpen: () => boolean;
  /** Why there will be no connection soon; null while there may be one. */
  unreachable: () => string | null;
  login: Pick<Login, 'required' | 'isUnderWay' | 'isAccepted'>;
  say: (message: readonly unknown[]) => void;
}): Publications {
  const { clock, answerMs, isOpen, unreachable, login, say } = options;
  const underWay = new Set<Publication>();

  const tell = ({ event }: Publication) => say(['EVENT', event]);

  function heard(publication: Publication, verdict: Verdict): void {
    const isFirstRefusal = !verdict.accepted && publication.refusal === null;
    if (asksForLogin(verdict.reason)) login.required();
    if (isFirstRefusal && login.isUnderWay && concernsLogin(verdict.reason)) publication.refusal = verdict;
    else if (isFirstRefusal && login.isAccepted && asksForLogin(verdict.reason)) {
      publication.refusal = verdict;
      tell(publication);
    } else publication.settle(isKnown(verdict) ? { ...verdict, accepted: true } : verdict);
  }

  return {
    publish(event, signal) {
      return new Promise((resolve) => {
        const settle = (verdict: Verdict) => {
          cancel();
          signal?.removeEventListener('abort', aborted);
          underWay.delete(publication);
          resolve(verdict);
        };
        const aborted = () => settle({ accepted: false, reason: 'called off' });
        const cancel = clock.after(answerMs, () =>
          settle(
            publication.refusal ?? { accepted: false, reason: isOpen() ? 'no answer' : 'not connected' },
          ),
        );
        const publication: Publication = { event, settle, refusal: null };
        underWay.add(publication);
        signal?.addEventListener('abort', aborted, { once: true });
        const obstacle = unreachable();
        if (signal?.aborted) aborted();
        else if (obstacle !== null) settle({ accepted: false, reason: obstacle });
        else if (isOpen()) tell(publication);
      });
    },
    connected() {
      for (const publication of underWay) tell(publication);
    },
    failed(reason) {
      for (const publication of underWay) publication.settle({ accepted: false, reason });
    },
    loggedIn() {
      for (const publication of underWay) if (publication.refusal) tell(publication);
    },
    loginFailed() {
      for (const { refusal, settle } of underWay) if (refusal) settle(refusal);
    },
    answered(eventId, verdict) {
      for (const publication of underWay) {
        if (publication.event.id === eventId) heard(publication, verdict);
      }
    },
  };
}

/** Some relays say no to what they already have. */
function isKnown({ reason }: Verdict): boolean {
  return reason.startsWith('duplicate:');
}
