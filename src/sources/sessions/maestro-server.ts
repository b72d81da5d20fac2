import type { Clock } from '../../clock.ts';
import { createBackoff } from '../../io/backoff.ts';
import { createEventQueue } from '../../io/queue.ts';
import { createRefresh } from '../../io/refresh.ts';
import { RewriteError } from '../../io/rewrite-json.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { type Problem, problem } from '../../model/problem.ts';
import type { ConnectionTimes } from '../../nostr/relay/connection.ts';
import { createLink, type Link } from '../../nostr/relay/link.ts';
import { createTaskPublisher, type TaskPublisher } from '../kit/publish-tasks.ts';
import type { Source } from '../kit/source.ts';
import { wishedStatus } from './board-task.ts';
import { userCommands } from './commands.ts';
import { createMaestroClient } from './maestro-client.ts';
import { createMaestroFetch } from './maestro-fetch.ts';
import { createMaestroDecoder } from './maestro-format.ts';
import { userOffers } from './offers.ts';
import { userWord } from './words.ts';

/** How the server is asked; a test may hurry. */
export interface MaestroTimes extends ConnectionTimes {
  readonly answerMs: number;
  /** After a burst of frames: the server throttles them, and may have lost the last one. */
  readonly afterBurstMs: number;
  /** Asked so often without any frame, with a connection for them and without. */
  readonly quietMs: number;
  readonly blindMs: number;
}

const TIMES: MaestroTimes = {
  connectMs: 10_000,
  pingMs: 5_000,
  closeMs: 300,
  answerMs: 5_000,
  afterBurstMs: 1_000,
  quietMs: 30_000,
  blindMs: 5_000,
};

/**
 * Shows the tasks of a Maestro server (`maestro:http://…`). What is true it tells over HTTP; its WebSocket frames only
 * hint that something may have changed, so that nothing depends on their form or on any of them.
 */
export function createMaestroServerSource(options: {
  readonly id: SourceId;
  readonly url: string;
  readonly clock: Clock;
  readonly times?: Partial<MaestroTimes>;
}): Source {
  const { id, url, clock } = options;
  const times = { ...TIMES, ...options.times };
  const shown = createMaestroClient({ url, clock }).where;
  let readSoon = () => {};

  async function* events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const queue = createEventQueue<SourceEvent>(signal);
    const following = followServer(createTaskPublisher(id, queue.push), signal);
    try {
      yield* queue;
    } finally {
      await following.close();
    }
  }

  function followServer(tasks: TaskPublisher, signal: AbortSignal): { close(): Promise<void> } {
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
        // Its WebSocket may come a little after its HTTP: no news is no problem yet.
        blindReads = link.isOpen || !link.problem ? 0 : blindReads + 1;
        const decoded = decode(data);
        tasks.publish(decoded.tasks, {
          problem: decoded.problem ?? (blindReads > 1 ? blindness() : null),
          firstSeenAt: clock.now(),
          changedAt: clock.now(),
          offers: (_status, draft) => userOffers(draft, 'maestro', null),
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
    const link: Link = createLink(eventsAddress(shown), {
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
    readSoon = refresh.soon;
    refresh.soon();

    return {
      async close() {
        cancelNext();
        await Promise.all([link.close(), refresh.ended()]);
      },
    };
  }

  /** Why changes are noticed late. */
  function blindness(): Problem {
    const seconds = times.blindMs / 1000;
    return problem(
      'unreachable',
      'degraded',
      `${shown} sends no live events: it is asked every ${seconds} s`,
    );
  }

  return {
    id,
    kind: 'sessions',
    location: shown,
    events: ({ signal }) => events(signal),
    commands: userCommands(async (nativeId, wish, signal) => {
      const client = createMaestroClient({ url, clock, signal, timeoutMs: times.answerMs });
      const status = userWord(wishedStatus(wish), 'maestro');
      const answer = await client.request('PATCH', `/api/tasks/${encodeURIComponent(nativeId)}`, { status });
      if (answer.kind === 'failed') throw new RewriteError({ ...answer.problem, severity: 'degraded' });
      readSoon();
    }),
  };
}

/** HTTP and WebSocket share one address. */
function eventsAddress(url: string): string {
  return url.replace(/^http/u, 'ws');
}
