import type { Clock } from '../../clock.ts';
import { COMMAND_NAMES, type CommandName } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { shownAddress } from '../../model/shown-url.ts';
import { type PlainText, words } from '../../model/text.ts';
import { followStream, type Stream } from '../agui/follow-stream.ts';
import { isPlainMessage } from '../agui/format.ts';
import { postCommand } from '../agui/post-command.ts';
import type { Fetch } from '../agui/socket-fetch.ts';
import { createPacedQueue } from '../kit/paced-queue.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { type AttachedTasks, createAttachedTasks } from './attached-tasks.ts';
import { type AttachedLine, decodeAttachedLine, NOT_OURS } from './format.ts';
import { createLastSeen, type LastSeen } from './last-seen.ts';

/**
 * Creates the source of everything that another taskglass serves (`http://…`): its tasks, with their ids there as native ids,
 * and its sources as peers. Reconnects with back-off; commands are posted there, with the token.
 */
export function createAttachedSource(options: {
  readonly id: SourceId;
  /** The server's address: what `taskglass serve` prints, or what is forwarded to it. */
  readonly url: string;
  readonly clock: Clock;
  /** Sent as a bearer token. */
  readonly token?: string;
  /** How the server is reached; the global `fetch` by default. */
  readonly fetch?: Fetch;
  /** The server's name in messages; its address if absent. */
  readonly where?: PlainText;
}): Source {
  const { id, url, clock, token = null, fetch = globalThis.fetch } = options;
  const { where = shownAddress(url) } = options;
  const reached = { token, fetch, ...(options.where && { where }) };
  const page = (name: string) => pageOf(url, name);
  let tasks: AttachedTasks | null = null;

  async function* events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const queue = createPacedQueue(signal);
    const fail = (problem: Problem) => queue.push({ type: 'problem', problem });
    const attached = createAttachedTasks(id, queue.push);
    const seen = createLastSeen(clock);
    const stream = readInto(attached, where, { fail, seen, drained: queue.drained });
    tasks = attached;
    const following = followStream({
      request: { url: page('events'), ...reached },
      clock,
      signal,
      stream,
      onFailure(problem) {
        fail(seen.said(problem));
        attached.lose();
      },
    });
    try {
      yield* queue;
    } finally {
      await following;
    }
  }

  const handler =
    (command: CommandName): CommandHandler =>
    (nativeId, { signal, argument }) => {
      const taskId = tasks?.servedAs(nativeId) ?? nativeId;
      const asked = { command, argument, taskId, clock, signal };
      return postCommand({ url: page('commands'), ...reached, ...asked });
    };

  return {
    id,
    kind: 'attach',
    location: where,
    events: ({ signal }) => events(signal),
    commands: {
      cancel: handler('cancel'),
      retry: handler('retry'),
      setStatus: handler('setStatus'),
      answer: handler('answer'),
    },
    async log(nativeId, request) {
      const { openServedLog } = await import('./open-log.ts');
      const taskId = tasks?.servedAs(nativeId) ?? nativeId;
      return openServedLog({ url: page('log'), ...reached, taskId, request, clock });
    },
  };
}

function readInto(
  tasks: AttachedTasks,
  where: PlainText,
  {
    fail,
    seen,
    drained,
  }: {
    readonly fail: (problem: Problem) => void;
    readonly seen: LastSeen;
    readonly drained: () => Promise<void>;
  },
): Stream {
  /** Until something of a taskglass arrives, the only thing to report is that something else did. */
  let [hasTold, isForeign] = [false, false];

  function said(severity: Problem['severity'], why: PlainText, hint: PlainText): void {
    fail(problem('malformed', severity, words`${where}: ${why}`, hint));
  }

  function take(line: AttachedLine): 'useful' | 'passed' | 'broken' {
    switch (line.type) {
      case 'snapshot': {
        const wrong = tasks.snapshot(line);
        return wrong === null ? 'useful' : take({ type: 'broken', why: wrong });
      }
      case 'task':
        tasks.put(line.task);
        return 'useful';
      case 'removed':
        tasks.remove(line.id);
        return 'useful';
      case 'source':
        tasks.source(line.source);
        return 'useful';
      case 'source-removed':
        tasks.sourceRemoved(line.id);
        return 'useful';
      case 'unknown':
        isForeign = true;
        return 'passed';
      case 'unreadable':
        said('degraded', UNREADABLE, words`it was skipped; is the server another version?`);
        return 'passed';
      case 'broken':
        said('down', line.why, words`is it taskglass serve? trying again`);
        return 'broken';
      default:
        return line satisfies never;
    }
  }

  return {
    lastEventId: () => null,
    opened(commands, refusal) {
      tasks.restart();
      const takesAny = COMMAND_NAMES.some((name) => commands?.includes(name));
      tasks.refuse(refusal ?? (takesAny ? null : NO_COMMANDS));
    },
    receive({ data, event: name }) {
      const got = take(isPlainMessage(name) ? decodeAttachedLine(data) : UNKNOWN);
      if (got === 'useful') hasTold = true;
      return got;
    },
    paused() {
      if (hasTold) seen.now();
      if (!hasTold && isForeign) said('degraded', NOT_OURS, words`is it taskglass serve? waiting for more`);
      isForeign = false;
      return drained();
    },
    isOver: () => false,
  };
}

const UNREADABLE = words`a line of it could not be read`;
const UNKNOWN = { type: 'unknown' } as const;
const NO_COMMANDS = words`the server takes no commands`;

/** Returns a page of the server, which may be below a path of a proxy. */
function pageOf(url: string, name: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/u, '')}/${name}`;
}
