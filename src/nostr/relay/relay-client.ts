import type { Event } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import type { Clock } from '../../clock.ts';
import type { Peer } from '../../model/event.ts';
import { shownUrl } from '../../model/shown-url.ts';
import type { Signer } from '../signer.ts';
import { createAnswerWatch } from './answer-watch.ts';
import type { ConnectionTimes } from './connection.ts';
import type { EventVerifier } from './event-verifier.ts';
import { MALFORMED_LIMIT } from './limits.ts';
import { createLink } from './link.ts';
import { createLogin } from './login.ts';
import type { History } from './pager.ts';
import { createPendingPublishes, type PublishResult } from './pending-publishes.ts';
import { asksForLogin } from './reasons.ts';
import { type RelayMessage, readRelayMessage } from './relay-message.ts';
import { malformedProblem, passedOverProblem } from './relay-problems.ts';
import { createSubscriptions, type RelayListener, type Subscribed } from './subscriptions.ts';
import { gravestTrouble, NO_MISCONDUCT } from './trouble.ts';
import { createVerificationQueue } from './verification-queue.ts';

/** A client of one relay: it reconnects, verifies events, and reports the relay's problems. */
export interface RelayClient {
  subscribe(filters: readonly Filter[], history: History, listener: RelayListener): () => void;
  publish(event: Event, signal?: AbortSignal): Promise<PublishResult>;
  peer(): Peer;
  close(): Promise<void>;
}

/** Time limits in ms. */
export interface RelayTimes extends ConnectionTimes {
  /** The time limit of an answer to a subscription or a published event. */
  readonly answerMs: number;
}

export function createRelayClient(
  url: string,
  options: {
    clock: Clock;
    times: RelayTimes;
    verify: EventVerifier;
    signer: Signer | undefined;
    /** Called when the peer's status, delay or problem may have changed. */
    changed: () => void;
  },
): RelayClient {
  const { clock, times, verify, signer, changed } = options;
  let misconduct = NO_MISCONDUCT;
  let wasLive = false;

  const link = createLink(url, {
    clock,
    times,
    listener: { opened, frame, passedOver, ended, delayed: changed },
  });
  const say = (message: readonly unknown[]) => link.send(message);
  const subscriptions = createSubscriptions({ clock, say });
  const login = createLogin({
    url,
    signer,
    clock,
    answerMs: times.answerMs,
    say,
    loggedIn,
    failed: loginFailed,
  });
  const publishes = createPendingPublishes({
    clock,
    answerMs: times.answerMs,
    isOpen: () => link.isOpen,
    unreachable: () => link.problem?.message ?? null,
    login,
    say,
  });
  const answers = createAnswerWatch({
    clock,
    answerMs: times.answerMs,
    subscriptions,
    isPaused: () => queue.isPaused,
    rested,
    changed,
  });
  const queue = createVerificationQueue({
    clock,
    verify,
    pause: () => link.pause(),
    resume: () => link.resume(),
    forged() {
      misconduct = { ...misconduct, hasForged: true };
      changed();
    },
  });

  function opened(): void {
    if (queue.isPaused) link.pause();
    subscriptions.connected();
    publishes.connected();
    answers.start();
    changed();
  }

  function ended(): void {
    answers.stop();
    subscriptions.disconnected();
    publishes.failed(link.problem?.message ?? 'not connected');
    login.disconnected();
    misconduct = NO_MISCONDUCT;
    wasLive = false;
    changed();
  }

  function frame(text: string): void {
    const message = readRelayMessage(text);
    switch (message.type) {
      case 'event':
        return arrived(message, subscriptions.find(message.subscriptionId));
      case 'stored':
        return stored(message, subscriptions.find(message.subscriptionId));
      case 'closed':
        return closed(subscriptions.find(message.subscriptionId), message);
      case 'answer':
        link.worked();
        if (!login.answered(message.id, message.accepted)) publishes.answered(message.id, message);
        return changed();
      case 'challenge':
        login.challenged(message.challenge);
        return changed();
      case 'malformed':
        misconduct = { ...misconduct, malformed: misconduct.malformed + 1 };
        return misconduct.malformed < MALFORMED_LIMIT ? changed() : link.drop(malformedProblem(url, 'down'));
      case 'notice':
        misconduct = { ...misconduct, notice: message.text };
        return;
      case 'other':
        return;
      default:
        message satisfies never;
    }
  }

  /** Counts a message that is too long to be read. */
  function passedOver(): void {
    misconduct = { ...misconduct, passedOver: misconduct.passedOver + 1 };
    if (misconduct.passedOver < MALFORMED_LIMIT) changed();
    else link.drop(passedOverProblem(url, 'down'));
  }

  function arrived({ event, subscriptionId }: Arrival, subscribed: Subscribed | undefined): void {
    if (!subscribed?.subscription.accepts(event, subscriptionId)) return;
    queue.put(event, (genuine) => {
      subscribed.subscription.delivered(genuine);
      subscribed.listener.event(genuine);
    });
  }

  function stored({ subscriptionId, hints }: Stored, subscribed: Subscribed | undefined): void {
    link.worked();
    if (subscribed?.subscription.pageDone(subscriptionId, hints)) completed(subscribed, hints);
    answers.start();
    settle();
  }

  function rested(subscribed: Subscribed): void {
    subscribed.subscription.endReading();
    completed(subscribed);
  }

  /**
   * Notes that the relay has sent all stored events, although some may still have to be verified. This counts only once it is
   * clear that the relay would not send more after a login.
   */
  function completed(subscribed: Subscribed, hints: readonly string[] = []): void {
    const { subscription } = subscribed;
    if (hints.includes('auth')) login.required();
    else if (subscription.isEmpty) login.mayCome();
    queue.afterwards(() => {
      const isOvertaken = subscription.state !== 'answered' || subscription.isAwaited;
      if (isOvertaken || login.isUnderWay) return;
      subscription.caughtUp();
      settle();
      subscribed.listener.caughtUp();
    });
  }

  function closed(subscribed: Subscribed | undefined, { subscriptionId, reason }: Closed): void {
    if (!subscribed) return;
    if (asksForLogin(reason)) login.required();
    if (subscribed.subscription.refused(subscriptionId, reason)) completed(subscribed);
    const isLate = asksForLogin(reason) && login.isAccepted;
    if (isLate && subscribed.subscription.mayBeLate()) subscribed.subscription.sendAnew();
    settle();
  }

  function settle(): void {
    wasLive ||= !login.isUnderWay && subscriptions.areAll('caught-up', 'refused');
    changed();
  }

  function loggedIn(): void {
    subscriptions.loggedIn();
    publishes.loggedIn();
    answers.start();
    changed();
  }

  /** Accepts the relay's earlier answers, because there will be no login. */
  function loginFailed(): void {
    publishes.loginFailed();
    for (const subscribed of subscriptions.uncounted()) completed(subscribed);
    settle();
  }

  function status(): Peer['status'] {
    if (!link.isOpen) return link.problem ? 'down' : 'connecting';
    if (!login.isUnderWay && !subscriptions.isEmpty && subscriptions.areAll('refused')) return 'down';
    return wasLive || (subscriptions.isEmpty && !login.isUnderWay) ? 'live' : 'connecting';
  }

  return {
    subscribe(filters, history, listener) {
      const subscription = subscriptions.add(filters, history, listener);
      if (link.isOpen) {
        subscription.send();
        answers.start();
      }
      return () => subscriptions.remove(subscription);
    },
    publish: publishes.publish,
    peer: () => ({
      where: shownUrl(url),
      status: status(),
      delayMs: link.delayMs,
      problem: gravestTrouble(url, {
        ...{ link, login, subscriptions, answers, queue, misconduct },
        hasKey: signer !== undefined,
      }),
    }),
    close() {
      login.disconnected();
      answers.stop();
      subscriptions.close();
      publishes.failed('closed');
      return link.close();
    },
  };
}

type Arrival = Extract<RelayMessage, { type: 'event' }>;
type Stored = Extract<RelayMessage, { type: 'stored' }>;
type Closed = Extract<RelayMessage, { type: 'closed' }>;
