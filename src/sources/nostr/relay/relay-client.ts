import type { Event } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import type { Clock } from '../../../clock.ts';
import type { Peer } from '../../../model/event.ts';
import type { Problem } from '../../../model/problem.ts';
import type { PlainText } from '../../../model/text.ts';
import type { Signer } from '../signer.ts';
import { createAnswerWatch } from './answer-watch.ts';
import type { ConnectionTimes } from './connection.ts';
import { createDelivery } from './delivery.ts';
import type { GenuineCheck } from './genuine.ts';
import { NONSENSE_LIMIT } from './limits.ts';
import { createLink } from './link.ts';
import { asksForLogin, createLogin } from './login.ts';
import type { History } from './pager.ts';
import { createPublications, type Verdict } from './publications.ts';
import { type RelayMessage, readRelayMessage } from './relay-message.ts';
import {
  floodProblem,
  forgedProblem,
  loginProblem,
  nonsenseProblem,
  refusalProblem,
  shownUrl,
  silenceProblem,
} from './relay-problems.ts';
import { isPageId } from './request.ts';
import { createRequestList, type RelayListener, type Subscribed } from './request-list.ts';

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
  let nonsense = 0;
  let sawForged = false;
  let notice: PlainText | null = null;
  let wasLive = false;

  const link = createLink(url, {
    clock,
    times,
    listener: { opened, frame, ended, delayed: changed },
  });
  const say = (message: readonly unknown[]) => link.send(message);
  const requests = createRequestList({ clock, say });
  const login = createLogin({ url, signer, say, loggedIn });
  const publications = createPublications({
    clock,
    answerMs: times.answerMs,
    isOpen: () => link.isOpen,
    unreachable: () => link.problem?.message ?? null,
    canLogIn: signer !== undefined,
    say,
  });
  const answers = createAnswerWatch({
    clock,
    answerMs: times.answerMs,
    requests,
    rested: completed,
    changed,
  });
  const delivery = createDelivery({
    clock,
    isGenuine,
    pause: () => link.pause(),
    resume: () => link.resume(),
    forged() {
      sawForged = true;
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
    nonsense = 0;
    sawForged = false;
    notice = null;
    wasLive = false;
    changed();
  }

  function frame(text: string): void {
    const message = readRelayMessage(text);
    switch (message.type) {
      case 'event':
        return arrived(message.event, requests.find(message.subscription));
      case 'stored':
        return stored(requests.find(message.subscription));
      case 'closed':
        return closed(requests.find(message.subscription), message);
      case 'answer':
        if (!login.answered(message.id, message.accepted)) publications.answered(message.id, message);
        return changed();
      case 'challenge':
        return login.challenged(message.challenge);
      case 'nonsense':
        nonsense += 1;
        return nonsense < NONSENSE_LIMIT ? changed() : link.drop(nonsenseProblem(url, 'down'));
      case 'notice':
        notice = message.text;
        return;
      case 'other':
        return;
      default:
        message satisfies never;
    }
  }

  function arrived(event: Event, subscribed: Subscribed | undefined): void {
    if (!subscribed?.request.accepts(event)) return;
    delivery.put(event, (genuine) => {
      subscribed.request.delivered(genuine);
      subscribed.listener.event(genuine);
    });
  }

  function stored(subscribed: Subscribed | undefined): void {
    if (subscribed?.request.pageDone()) completed(subscribed);
    settle();
  }

  /** The relay has nothing older to send; what it has sent may still be under verification. */
  function completed({ request, listener }: Subscribed): void {
    delivery.afterwards(() => {
      request.caughtUp();
      settle();
      listener.caughtUp();
    });
  }

  /** A relay that gives no older events is read as far as it goes. */
  function closed(subscribed: Subscribed | undefined, { subscription, reason }: Closed): void {
    if (!subscribed) return;
    if (isPageId(subscription)) return completed(subscribed);
    subscribed.request.refused(reason);
    settle();
  }

  function settle(): void {
    wasLive ||= requests.areAll('caught-up', 'refused');
    changed();
  }

  function loggedIn(): void {
    requests.loggedIn();
    publications.loggedIn();
  }

  function status(): Peer['status'] {
    if (!link.isOpen) return link.problem ? 'down' : 'connecting';
    if (!requests.isEmpty && requests.areAll('refused')) return 'down';
    return wasLive || requests.isEmpty ? 'live' : 'connecting';
  }

  /** The gravest trouble. */
  function trouble(): Problem | null {
    if (link.problem) return link.problem;
    if (login.isRejected) return loginProblem(url, true);
    const { refusal } = requests;
    if (refusal !== null) {
      return asksForLogin(refusal) ? loginProblem(url, signer !== undefined) : refusalProblem(url, refusal);
    }
    if (answers.isSilent) return silenceProblem(url, 'request', notice);
    if (nonsense > 0) return nonsenseProblem(url, 'degraded');
    if (delivery.isFlooded) return floodProblem(url);
    return sawForged ? forgedProblem(url) : null;
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
      problem: trouble(),
    }),
    close() {
      answers.stop();
      requests.close();
      publications.failed('closed');
      return link.close();
    },
  };
}

type Closed = Extract<RelayMessage, { type: 'closed' }>;
