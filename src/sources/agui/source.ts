import { type Clock, sleep } from '../../clock.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { problem } from '../../model/problem.ts';
import { ownWords, type PlainText } from '../../model/text.ts';
import { createBackoff } from '../backoff.ts';
import { decodeDashboardState } from '../dashboard-state/format.ts';
import { cancelAndRetryOffers } from '../offers.ts';
import { createTaskPublisher, type TaskPublisher } from '../publish-tasks.ts';
import { createEventQueue } from '../queue.ts';
import type { CommandHandler, Source } from '../source.ts';
import { readEventStream, SILENCE_LIMIT_MS, shownAddress } from './event-stream.ts';
import { applyAguiEvent } from './format.ts';
import { postCommand } from './post-command.ts';

/**
 * Shows the tasks of a dashboard state that a server streams as AG-UI events (`agui:URL`). Reconnects with back-off
 * and `Last-Event-ID`. Commands are posted to the same address, where the server says that it takes them.
 */
export function createAguiSource(options: {
  readonly id: SourceId;
  readonly url: string;
  readonly clock: Clock;
  /** Sent as a bearer token. */
  readonly token?: string;
}): Source {
  const { url, clock, token = null } = options;

  async function* events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const queue = createEventQueue<SourceEvent>(signal);
    const following = followStream(queue.push, signal);
    try {
      yield* queue;
    } finally {
      await following;
    }
  }

  async function followStream(push: (event: SourceEvent) => void, signal: AbortSignal): Promise<void> {
    const tasks = createTaskPublisher(options.id, push);
    const backoff = createBackoff();
    const stream = createStreamState(url, tasks, clock);
    while (!signal.aborted) {
      const connection = new AbortController();
      const watchdog = createWatchdog(clock, () => connection.abort());
      const failure = await readEventStream(url, {
        lastEventId: stream.lastEventId(),
        token,
        signal: AbortSignal.any([signal, connection.signal]),
        handlers: {
          onOpen: stream.opened,
          onLife: watchdog.feed,
          onMessage(message) {
            if (stream.receive(message)) backoff.reset();
            else connection.abort();
          },
        },
      });
      watchdog.stop();
      if (signal.aborted) return;
      if (failure) tasks.fail(failure);
      await sleep(clock, backoff.next(), signal);
    }
  }

  const handler =
    (command: 'cancel' | 'retry'): CommandHandler =>
    (taskId, { signal }) =>
      postCommand({ url, token, command, taskId, clock, signal });

  return {
    id: options.id,
    kind: 'agui',
    location: shownAddress(url),
    events: ({ signal }) => events(signal),
    commands: { cancel: handler('cancel'), retry: handler('retry') },
  };
}

/** What may stand in a request's header; an id of other characters is of no use for coming back. */
const HEADER_VALUE = /^[\x20-\x7e]{1,1000}$/u;

/** What the stream has told so far; it outlives a connection, so that the next one goes on from there. */
function createStreamState(url: string, tasks: TaskPublisher, clock: Clock) {
  let lastEventId: string | null = null;
  let state: unknown;
  let commandsTaken: readonly string[] = [];

  function publish(): void {
    const reading = decodeDashboardState(state);
    if (!reading) return tasks.fail(noState(url));
    const at = reading.timestamp ?? clock.now();
    tasks.publish(reading.tasks, {
      problem: reading.problem,
      firstSeenAt: at,
      changedAt: at,
      offers: (status) => cancelAndRetryOffers(status, refusal(commandsTaken)),
    });
  }

  return {
    lastEventId: () => lastEventId,
    /** Nothing may have changed while we were away, and then nothing more comes: what we have is the newest. */
    opened(commands: readonly string[]) {
      commandsTaken = commands;
      if (state !== undefined) publish();
    },
    /** false where an event was missed or damaged: only a new connection, from the beginning, helps. */
    receive({ data, id }: { readonly data: string; readonly id?: string | undefined }): boolean {
      if (id !== undefined) lastEventId = HEADER_VALUE.test(id) ? id : null;
      const applied = applyAguiEvent(state, data);
      if (applied.kind === 'broken') {
        lastEventId = null;
        state = undefined;
        tasks.fail(damaged(url, applied.why));
        return false;
      }
      if (applied.kind === 'state') {
        state = applied.state;
        publish();
      }
      return true;
    },
  };
}

/** Calls `onSilence` when nothing was heard for too long: a half-open connection says nothing, not even goodbye. */
function createWatchdog(clock: Clock, onSilence: () => void): { feed(): void; stop(): void } {
  let stop = clock.after(SILENCE_LIMIT_MS, onSilence);
  return {
    feed() {
      stop();
      stop = clock.after(SILENCE_LIMIT_MS, onSilence);
    },
    stop: () => stop(),
  };
}

function refusal(taken: readonly string[]): PlainText | null {
  return taken.includes('cancel') ? null : ownWords('the server takes no commands');
}

function noState(url: string) {
  return problem(
    'malformed',
    'down',
    `${shownAddress(url)} streams no dashboard state`,
    'its snapshots need activeTasks',
  );
}

function damaged(url: string, why: PlainText) {
  return problem('malformed', 'degraded', `${shownAddress(url)}: ${why}`, 'asking for the whole state again');
}
