import type { Clock } from '../../clock.ts';
import { createBackoff } from '../../io/backoff.ts';
import { createRefresh } from '../../io/refresh.ts';
import { problem } from '../../model/problem.ts';
import { type PlainText, words } from '../../model/text.ts';
import type { ConnectionTimes } from '../../nostr/relay/connection.ts';
import { createLink, type Link } from '../../nostr/relay/link.ts';
import type { TaskPublisher } from '../kit/publish-tasks.ts';
import { createMaestroClient } from './maestro-client.ts';
import { createMaestroFetch } from './maestro-fetch.ts';
import { createMaestroDecoder } from './maestro-format.ts';
import { userOffers } from './offers.ts';

/** How often the server is asked; shorter in tests. */
export interface MaestroTimes extends ConnectionTimes {
  readonly answerMs: number;
  /** After a burst of frames: the server throttles them, and may have dropped the last one. */
  readonly afterBurstMs: number;
  /** How often it is asked if no frame arrives, with a connection for frames and without. */
  readonly quietMs: number;
  readonly blindMs: number;
}

/** A server that is being followed. */
export interface MaestroFollowing {
  /** Asks the server soon, because something may have changed. */
  look(): void;
  /** Call this after the signal has aborted. */
  close(): Promise<void>;
}

/**
 * Publishes the tasks of a server until `signal` aborts. The server is asked over HTTP whenever one of its WebSocket frames
 * hints that something may have changed, and from time to time without a hint.
 */
export function followMaestro(options: {
  readonly url: string;
  /** The URL as it is shown. */
  readonly where: PlainText;
  readonly clock: Clock;
  readonly times: MaestroTimes;
  readonly tasks: TaskPublisher;
  readonly signal: AbortSignal;
}): MaestroFollowing {
  const { url, where, clock, times, tasks, signal } = options;
  const server = createMaestroFetch(createMaestroClient({ url, clock, signal, timeoutMs: times.answerMs }));
  const backoff = createBackoff();
  const decode = createMaestroDecoder();
  let cancelNext = () => {};
  let isBurst = false;
  let blindReads = 0;

  const refresh = createRefresh({
    clock,
    signal,
    async read() {
      const wasBurst = isBurst;
      isBurst = false;
      const data = await server.read();
      if (signal.aborted) return;
      if ('down' in data) {
        tasks.fail(data.down);
        return again(backoff.next());
      }
      backoff.reset();
      // Its WebSocket may become available a little after its HTTP, so its absence is not a problem yet.
      blindReads = link.isOpen || !link.problem ? 0 : blindReads + 1;
      const decoded = decode(data);
      tasks.publish(decoded.tasks, {
        problem: decoded.problem ?? (blindReads > 1 ? blindness(where, times.blindMs) : null),
        firstSeenAt: clock.now(),
        changedAt: clock.now(),
        offers: (_status, draft) => userOffers(draft, 'maestro', null, { takesAnswers: true }),
      });
      again(wasBurst ? times.afterBurstMs : link.isOpen ? times.quietMs : times.blindMs);
    },
  });
  const again = (inMs: number) => {
    cancelNext();
    cancelNext = clock.after(inMs, refresh.soon);
  };
  const hinted = () => {
    isBurst = true;
    link.worked();
    refresh.soon();
  };
  const link: Link = createLink(eventsAddress(where), {
    clock,
    times,
    listener: {
      opened: refresh.soon,
      frame: hinted,
      passedOver: hinted,
      ended: refresh.soon,
      delayed() {},
    },
  });
  refresh.soon();

  return {
    look: refresh.soon,
    async close() {
      cancelNext();
      await Promise.all([link.close(), refresh.ended()]);
    },
  };
}

/** Returns why changes are noticed late. */
function blindness(where: PlainText, everyMs: number) {
  const said = words`${where} sends no live events: asking it every ${everyMs / 1000} s`;
  return problem('unreachable', 'degraded', said);
}

/** Returns the address of the events: HTTP and WebSocket share one. */
function eventsAddress(url: string): string {
  return url.replace(/^http/u, 'ws');
}
