import type { Clock } from '../../clock.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { problem } from '../../model/problem.ts';
import { ownWords, type PlainText } from '../../model/text.ts';
import { decodeDashboardState } from '../dashboard-state/format.ts';
import { cancelAndRetryOffers } from '../offers.ts';
import { createTaskPublisher, type TaskPublisher } from '../publish-tasks.ts';
import { createEventQueue } from '../queue.ts';
import type { CommandHandler, Source } from '../source.ts';
import { shownAddress } from './event-stream.ts';
import { followStream, isHeaderValue, type Stream } from './follow-stream.ts';
import { applyAguiEvent } from './format.ts';
import { postCommand } from './post-command.ts';
import type { Fetch } from './socket-fetch.ts';

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
  /** By which way the server is reached; the global `fetch` unless told otherwise. */
  readonly fetch?: Fetch;
}): Source {
  const { url, clock, token = null, fetch = globalThis.fetch } = options;

  async function* events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const queue = createEventQueue<SourceEvent>(signal);
    const tasks = createTaskPublisher(options.id, queue.push);
    const stream = createStreamState(url, tasks, clock);
    const following = followStream({ url, token, fetch, clock, signal, stream, onFailure: tasks.fail });
    try {
      yield* queue;
    } finally {
      await following;
    }
  }

  const handler =
    (command: 'cancel' | 'retry'): CommandHandler =>
    (taskId, { signal }) =>
      postCommand({ url, token, fetch, command, taskId, clock, signal });

  return {
    id: options.id,
    kind: 'agui',
    location: shownAddress(url),
    events: ({ signal }) => events(signal),
    commands: { cancel: handler('cancel'), retry: handler('retry') },
  };
}

/** What the stream has told so far; it outlives a connection, so that the next one goes on from there. */
function createStreamState(url: string, tasks: TaskPublisher, clock: Clock): Stream {
  let lastEventId: string | null = null;
  let state: unknown;
  let whyNot: PlainText | null = null;

  function publish(): void {
    const reading = decodeDashboardState(state);
    if (!reading) return tasks.fail(noState(url));
    const at = reading.timestamp ?? clock.now();
    tasks.publish(reading.tasks, {
      problem: reading.problem,
      firstSeenAt: at,
      changedAt: at,
      offers: (status) => cancelAndRetryOffers(status, whyNot),
    });
  }

  return {
    lastEventId: () => lastEventId,
    /** Nothing may have changed while we were away, and then nothing more comes: what we have is the newest. */
    opened(commands, refusal) {
      whyNot = refusal ?? (commands.includes('cancel') ? null : NO_COMMANDS);
      if (state !== undefined) publish();
    },
    /** false where an event was missed or damaged: only a new connection, from the beginning, helps. */
    receive({ data, id }) {
      if (id !== undefined) lastEventId = isHeaderValue(id) ? id : null;
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

const NO_COMMANDS = ownWords('the server takes no commands');

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
