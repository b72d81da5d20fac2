import type { Clock } from '../../clock.ts';
import { RewriteError } from '../../io/rewrite-json.ts';
import type { SourceId } from '../../model/id.ts';
import type { TaskPublisher } from '../kit/publish-tasks.ts';
import { publishedEvents } from '../kit/published-events.ts';
import type { Source } from '../kit/source.ts';
import { putWish, userCommands } from './commands.ts';
import { followMaestro, type MaestroFollowing, type MaestroTimes } from './follow-maestro.ts';
import { answerAtServer } from './maestro-answer.ts';
import { createMaestroClient } from './maestro-client.ts';

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
 * Shows the tasks of a Maestro server (`maestro:http://…`). The facts come over HTTP; WebSocket frames only hint that something
 * may have changed, so nothing depends on their form or on any single one.
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
  let following: MaestroFollowing | null = null;
  let published: TaskPublisher | null = null;
  const clientFor = (signal: AbortSignal) =>
    createMaestroClient({ url, clock, signal, timeoutMs: times.answerMs });

  return {
    id,
    kind: 'sessions',
    location: shown,
    events: publishedEvents(id, (tasks, signal) => {
      published = tasks;
      following = followMaestro({ url, where: shown, clock, times, tasks, signal });
      return following;
    }),
    commands: userCommands(
      async (nativeId, wish, signal) => {
        const answer = await putWish(clientFor(signal), nativeId, wish);
        if (answer.kind === 'failed') throw new RewriteError({ ...answer.problem, severity: 'degraded' });
        following?.look();
      },
      async (nativeId, text, signal) => {
        const question = published?.find(nativeId)?.question?.text;
        await answerAtServer(clientFor(signal), nativeId, { question, text });
        following?.look();
      },
    ),
  };
}
