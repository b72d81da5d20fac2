import type { Event } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import type { Clock } from '../../clock.ts';
import type { Peer } from '../../model/event.ts';
import { shownUrl } from '../../model/shown-url.ts';
import type { Signer } from '../signer.ts';
import { createAnswerWatch } from './answer-watch.ts';
import type { ConnectionTimes } from './connection.ts';
import { createDelivery } from './delivery.ts';
import type { GenuineCheck } from './genuine.ts';
import { NONSENSE_LIMIT } from './limits.ts';
import { createLink } from './link.ts';
import { createLogin } from './login.ts';
import type { History } from './pager.ts';
import { createPublications, type Verdict } from './publications.ts';
import { asksForLogin } from './reasons.ts';
import { type RelayMessage, readRelayMessage } from './relay-message.ts';
import { nonsenseProblem, passedOverProblem } from './relay-problems.ts';
import { createRequestList, type RelayListener, type Subscribed } from './request-list.ts';
import { gravestTrouble, NO_MISCONDUCT } from './trouble.ts';

/** One relay: connected again and again, its events verified, its troubles told. */
export interface RelayClient {
  subscribe(filters: readonly Filter[], history: History, listener: RelayListener): () => void;
  publish(event: Event, signal?: AbortSignal): Promise<Verdict>;
  peer(): Peer;
  close(): Promise<void>;
}

/** Time limits in ms; tests have shorter ones. */
export interface RelayTimes extends ConnectionTimes {
  /** For an answer to a request or a published event. */
  readonly answerMs: number;
}

export function createRelayClient(
  url: string,
  options: {
    clock: Clock;
    times: RelayTimes;
    isGenuine: GenuineCheck;
    signer: Signer | undefined;
    /** The peer's state, delay or problem may be another. */
    changed: () => void;
  },
): RelayClient {
  const { clock, times, isGenuine, signer, changed } = options;
  let misconduct = NO_MISCONDUCT;
  let wasLive = false;

  const link = createLink(url, {
    clock,
    times,
    listener: { opened, frame, passedOver, ended, delayed: changed },
  });
  const say = (message: readonly unknown[]) => link.send(message);
  const requests = createRequestList({ clock, say });
  const login = createLogin({
    url,
    signer,
    clock,
    answerMs: times.answerMs,
    say,
    loggedIn,
    failed: loginFailed,
  });
  const publications = createPublications({
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
    requests,
    isPaused: () => delivery.isPaused,
    rested,
    changed,
  });
  const delivery = createDelivery({
    clock,
    isGenuine,
    pause: () => link.pause(),
    resume: () => link.resume(),
    forged() {
      misconduct = { ...misconduct, hasForged: true };
      changed();
    },
  });

  function opened(): void {
    if (delivery.isPaused) link.pause();
    requests.connected();
    publications.connected();
    answers.start();
    changed();
  }

  function ended(): void {
    answers.stop();
    requests.disconnected();
    publications.failed(link.problem?.message ?? 'not connected');
    login.disconnected();
    misconduct = NO_MISCONDUCT;
    wasLive = false;
    changed();
  }

  function frame(text: string): void {
    const message = readRelayMessage(text);
    switch (message.type) {
      case 'event':
        return arrived(message, requests.find(message.subscription));
      case 'stored':
        return stored(message, requests.find(message.subscription));
      case 'closed':
        return closed(requests.find(message.subscription), message);
      case 'answer':
        link.worked();
        if (!login.answered(message.id, message.accepted)) publications.answered(message.id, message);
        return changed();
      case 'challenge':
        login.challenged(message.challenge);
        return changed();
      case 'nonsense':
        misconduct = { ...misconduct, nonsense: misconduct.nonsense + 1 };
        return misconduct.nonsense < NONSENSE_LIMIT ? changed() : link.drop(nonsenseProblem(url, 'down'));
      case 'notice':
        misconduct = { ...misconduct, notice: message.text };
        return;
      case 'other':
        return;
      default:
        message satisfies never;
    }
  }

  /** What is too long to be read hides nothing else. */
  function passedOver(): void {
    misconduct = { ...misconduct, passedOver: misconduct.passedOver + 1 };
    if (misconduct.passedOver < NONSENSE_LIMIT) changed();
    else link.drop(passedOverProblem(url, 'down'));
  }

  function arrived({ event, subscription }: Arrival, subscribed: Subscribed | undefined): void {
    if (!subscribed?.request.accepts(event, subscription)) return;
    delivery.put(event, (genuine) => {
      subscribed.request.delivered(genuine);
      subscribed.listener.event(genuine);
    });
  }

  function stored({ subscription, hints }: Stored, subscribed: Subscribed | undefined): void {
    link.worked();
    if (subscribed?.request.pageDone(subscription, hints)) completed(subscribed, hints);
    answers.start();
    settle();
  }

  function rested(subscribed: Subscribed): void {
    subscribed.request.endReading();
    completed(subscribed);
  }

  /**
   * The relay has nothing older to send; what it has sent may still be under verification. It counts once it is clear
   * that the relay says no more to those whom it knows.
   */
  function completed(subscribed: Subscribed, hints: readonly string[] = []): void {
    const { request } = subscribed;
    if (hints.includes('auth')) login.required();
    else if (request.isEmpty) login.mayCome();
    delivery.afterwards(() => {
      const isOvertaken = request.state !== 'answered' || request.isAwaited;
      if (isOvertaken || login.isUnderWay) return;
      request.caughtUp();
      settle();
      subscribed.listener.caughtUp();
    });
  }

  function closed(subscribed: Subscribed | undefined, { subscription, reason }: Closed): void {
    if (!subscribed) return;
    if (asksForLogin(reason)) login.required();
    if (subscribed.request.refused(subscription, reason)) completed(subscribed);
    const isLate = asksForLogin(reason) && login.isAccepted;
    if (isLate && subscribed.request.mayBeLate()) subscribed.request.sendAnew();
    settle();
  }

  function settle(): void {
    wasLive ||= !login.isUnderWay && requests.areAll('caught-up', 'refused');
    changed();
  }

  function loggedIn(): void {
    requests.loggedIn();
    publications.loggedIn();
    answers.start();
    changed();
  }

  /** Then what the relay said before is its answer. */
  function loginFailed(): void {
    publications.loginFailed();
    for (const subscribed of requests.uncounted()) completed(subscribed);
    settle();
  }

  function status(): Peer['status'] {
    if (!link.isOpen) return link.problem ? 'down' : 'connecting';
    if (!login.isUnderWay && !requests.isEmpty && requests.areAll('refused')) return 'down';
    return wasLive || (requests.isEmpty && !login.isUnderWay) ? 'live' : 'connecting';
  }

  return {
    subscribe(filters, history, listener) {
      const request = requests.add(filters, history, listener);
      if (link.isOpen) {
        request.send();
        answers.start();
      }
      return () => requests.remove(request);
    },
    publish: publications.publish,
    peer: () => ({
      where: shownUrl(url),
      status: status(),
      delayMs: link.delayMs,
      problem: gravestTrouble(url, {
        ...{ link, login, requests, answers, delivery, misconduct },
        hasKey: signer !== undefined,
      }),
    }),
    close() {
      login.disconnected();
      answers.stop();
      requests.close();
      publications.failed('closed');
      return link.close();
    },
  };
}

type Arrival = Extract<RelayMessage, { type: 'event' }>;
type Stored = Extract<RelayMessage, { type: 'stored' }>;
type Closed = Extract<RelayMessage, { type: 'closed' }>;
