import type { Clock } from '../../clock.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { shownAddress } from '../../model/shown-url.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { runInput } from '../../publish/agui/run-input.ts';
import { answerOffer, cancelAndRetryOffers } from '../kit/offers.ts';
import { createPacedQueue } from '../kit/paced-queue.ts';
import { createTaskPublisher, type TaskPublisher } from '../kit/publish-tasks.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import type { EventSourceMessage } from './event-source-parser.ts';
import { followStream, isHeaderValue, type Stream } from './follow-stream.ts';
import { readAguiEvent } from './format.ts';
import { postCommand } from './post-command.ts';
import type { Fetch } from './socket-fetch.ts';
import { createStreamState } from './stream-state.ts';

/**
 * Shows what a server streams as AG-UI events (`agui:URL`): the tasks of a dashboard state, or the runs of an agent with their
 * steps. Reconnects with back-off and `Last-Event-ID`, but not once the run has ended. Commands are posted to the same address,
 * if the server says that it accepts them.
 */
export function createAguiSource(options: {
  readonly id: SourceId;
  readonly url: string;
  readonly clock: Clock;
  /** Sent as a bearer token. */
  readonly token?: string;
  /** How the server is reached; the global `fetch` by default. */
  readonly fetch?: Fetch;
  /**
   * Starts a run with a POST, once, and follows it (`agui+run:URL`). `message` is what the agent is asked; if null, the run
   * begins without a message.
   */
  readonly run?: { readonly message: string | null };
}): Source {
  const { url, clock, token = null, fetch = globalThis.fetch, run } = options;

  async function* events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const queue = createPacedQueue(signal);
    const tasks = createTaskPublisher(options.id, queue.push);
    const stream = readInto(tasks, options, queue.drained);
    const request = { url, token, fetch, ...(run && { body: runInput(run.message) }) };
    const following = followStream({ request, clock, signal, stream, onFailure: tasks.fail });
    try {
      yield* queue;
    } finally {
      await following;
    }
  }

  const handler =
    (command: 'cancel' | 'retry' | 'answer'): CommandHandler =>
    (taskId, { signal, argument }) =>
      postCommand({ url, token, fetch, command, argument, taskId, clock, signal });

  return {
    id: options.id,
    kind: 'agui',
    location: shownAddress(url),
    events: ({ signal }) => events(signal),
    commands: { cancel: handler('cancel'), retry: handler('retry'), answer: handler('answer') },
  };
}

function readInto(
  tasks: TaskPublisher,
  {
    url,
    clock,
    run,
  }: { readonly url: string; readonly clock: Clock; readonly run?: { readonly message: string | null } },
  drained: () => Promise<void>,
): Stream {
  const name = run?.message ? plainName(run.message.slice(0, 200)) : agentName(url);
  const state = createStreamState(name);
  let lastEventId: string | null = null;
  let whyNot: PlainText | null = null;
  let takesAnswers = false;
  /** Reported until the next snapshot: what a delta should have changed is out of date. */
  let misfit: Problem | null = null;
  let isChanged = false;

  function publish(): void {
    isChanged = false;
    const reading = state.read();
    if (!reading) return tasks.fail(misfit ?? noTasks(url));
    const at = reading.timestamp ?? clock.now();
    tasks.publish(reading.tasks, {
      problem: misfit ?? reading.problem,
      firstSeenAt: at,
      changedAt: at,
      offers: (status, { question }) => [
        ...cancelAndRetryOffers(status, whyNot),
        ...answerOffer(takesAnswers ? question : null, whyNot),
      ],
    });
  }

  function receive({ data, event: name, id }: EventSourceMessage): 'useful' | 'passed' {
    if (id !== undefined) lastEventId = isHeaderValue(id) ? id : null;
    const read = readAguiEvent(data, name);
    if (read.kind === 'foreign') return 'passed';
    const taken =
      read.kind === 'event' ? state.take(read.event, clock.now()) : { isUseful: false, misfit: TOO_LARGE };
    if (taken.misfit) misfit = misfitProblem(url, taken.misfit);
    else if (read.kind === 'event' && read.event.type === 'STATE_SNAPSHOT') misfit = null;
    if (taken.misfit || taken.isUseful) isChanged = true;
    return taken.isUseful ? 'useful' : 'passed';
  }

  return {
    lastEventId: () => lastEventId,
    /** Nothing may have changed while we were away, and then nothing more arrives: what we have is the newest. */
    opened(commands, refusal) {
      whyNot = refusal ?? (commands?.includes('cancel') ? null : NO_COMMANDS);
      takesAnswers = commands?.includes('answer') ?? false;
      if (state.read()) publish();
    },
    receive,
    paused() {
      if (isChanged) publish();
      return drained();
    },
    isOver: state.isOver,
  };
}

const NO_COMMANDS = words`the server takes no commands`;
const TOO_LARGE = words`an event is too large`;

/** Returns the last part of the address, because agents are mounted at `/agents/writer` and the like; else the host. */
function agentName(url: string): PlainText {
  const { host, pathname } = new URL(url);
  return plainName(decodeURI(pathname).split('/').filter(Boolean).at(-1) ?? host);
}

function noTasks(url: string): Problem {
  return problem(
    'malformed',
    'down',
    words`${shownAddress(url)} does not stream a dashboard state`,
    'it must send runs, or snapshots with activeTasks',
  );
}

function misfitProblem(url: string, why: PlainText): Problem {
  return problem(
    'malformed',
    'degraded',
    words`${shownAddress(url)}: ${why}`,
    'it was skipped; what is shown may be out of date',
  );
}
