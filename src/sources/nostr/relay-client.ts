import type { Event, VerifiedEvent } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import type { Clock } from '../../clock.ts';
import type { Peer } from '../../model/event.ts';
import type { Problem } from '../../model/problem.ts';
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
import { createRequest, isPageId, type Request, requestIdOf } from './request.ts';
import type { Signer } from './signer.ts';

/** One relay: connected again and again, its events verified, its troubles told. */
export interface RelayClient {
  subscribe(filters: readonly Filter[], history: History, listener: RelayListener): () => void;
  publish(event: Event, signal?: AbortSignal): Promise<Verdict>;
  peer(): Peer;
  close(): Promise<void>;
}

export interface RelayListener {
  event(event: VerifiedEvent): void;
  /** All that the relay had stored was handed on. Once for each connection. */
  caughtUp(): void;
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
  const requests = new Map<string, Subscribed>();
  let serial = 0;
  let nonsense = 0;
  let sawForged = false;
  let isSilent = false;
  let wasLive = false;
  let cancelPatience = () => {};

  const link = createLink(url, {
    clock,
    times,
    listener: { opened, frame, ended, delayed: changed },
  });
  const say = (message: readonly unknown[]) => link.send(message);
  const login = createLogin({ url, signer, say, loggedIn });
  const publications = createPublications({
    clock,
    answerMs: times.answerMs,
    isOpen: () => link.isOpen,
    unreachable: () => link.problem?.message ?? null,
    canLogIn: signer !== undefined,
    say,
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
    for (const { request } of requests.values()) request.send();
    publications.connected();
    awaitAnswers();
    changed();
  }

  /** A relay that takes our requests and says nothing would look alive for ever. */
  function awaitAnswers(): void {
    cancelPatience();
    cancelPatience = clock.after(times.answerMs, () => {
      isSilent = !every((state) => state !== 'asked');
      changed();
    });
  }

  function ended(): void {
    cancelPatience();
    for (const { request } of requests.values()) request.disconnected();
    publications.failed(link.problem?.message ?? 'not connected');
    login.disconnected();
    nonsense = 0;
    sawForged = false;
    isSilent = false;
    wasLive = false;
    changed();
  }

  function frame(text: string): void {
    const message = readRelayMessage(text);
    switch (message.type) {
      case 'event':
        return arrived(message.event, requests.get(requestIdOf(message.subscription)));
      case 'stored':
        return stored(requests.get(requestIdOf(message.subscription)));
      case 'closed':
        return closed(requests.get(requestIdOf(message.subscription)), message);
      case 'answer':
        if (!login.answered(message.id, message.accepted)) publications.answered(message.id, message);
        return changed();
      case 'challenge':
        return login.challenged(message.challenge);
      case 'nonsense':
        nonsense += 1;
        return nonsense < NONSENSE_LIMIT ? changed() : link.drop(nonsenseProblem(url, 'down'));
      case 'notice':
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
    isSilent &&= !every((state) => state !== 'asked');
    wasLive ||= every((state) => state === 'caught-up' || state === 'refused');
    changed();
  }

  function loggedIn(): void {
    for (const { request } of requests.values()) {
      if (request.refusal !== null && asksForLogin(request.refusal)) request.send();
    }
    publications.loggedIn();
  }

  function every(holds: (state: Request['state']) => boolean): boolean {
    return [...requests.values()].every(({ request }) => holds(request.state));
  }

  function status(): Peer['status'] {
    if (!link.isOpen) return link.problem ? 'down' : 'connecting';
    if (requests.size > 0 && every((state) => state === 'refused')) return 'down';
    return wasLive ? 'live' : 'connecting';
  }

  /** The gravest trouble. */
  function trouble(): Problem | null {
    if (link.problem) return link.problem;
    if (login.isRejected) return loginProblem(url, true);
    const refusal = [...requests.values()].find(({ request }) => request.refusal !== null)?.request.refusal;
    if (refusal != null) {
      return asksForLogin(refusal) ? loginProblem(url, signer !== undefined) : refusalProblem(url, refusal);
    }
    if (isSilent) return silenceProblem(url, 'request');
    if (nonsense > 0) return nonsenseProblem(url, 'degraded');
    if (delivery.isFlooded) return floodProblem(url);
    return sawForged ? forgedProblem(url) : null;
  }

  return {
    subscribe(filters, history, listener) {
      serial += 1;
      const id = `t${serial}`;
      const request = createRequest({ id, filters, history, clock, say });
      requests.set(id, { request, listener: listener });
      if (link.isOpen) request.send();
      return () => {
        requests.delete(id);
        request.close();
      };
    },
    publish: publications.publish,
    peer: () => ({
      where: shownUrl(url),
      status: status(),
      delayMs: link.delayMs,
      problem: trouble(),
    }),
    close() {
      cancelPatience();
      for (const { request } of requests.values()) request.close();
      publications.failed('closed');
      return link.close();
    },
  };
}

interface Subscribed {
  readonly request: Request;
  readonly listener: RelayListener;
}

type Closed = Extract<RelayMessage, { type: 'closed' }>;
