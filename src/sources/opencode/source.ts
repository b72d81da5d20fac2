import { askDatabase, followDatabase } from '../../io/follow-database.ts';
import { isProcessNamed } from '../../io/process-named.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import type { PlacedOptions } from '../kit/program-options.ts';
import { publishedEvents } from '../kit/published-events.ts';
import type { Source } from '../kit/source.ts';
import { decodeSessions, mayBeGone } from './format.ts';
import { databaseOf, RECENT_MS } from './place.ts';
import { querySessions, type SessionRecord, type SessionsAnswer } from './query.ts';

/** The same rows mean something else later: what was under way may have lost its process. */
const LOOK_AGAIN_MS = 60_000;

/**
 * Shows the sessions of opencode that changed in the last day, from its database, which is never written to and never locked.
 * There are no commands.
 */
export function createOpencodeSource(options: PlacedOptions): Source {
  const { id, clock } = options;
  const path = databaseOf(options.place, options.env, options.cwd);

  const events = publishedEvents(id, (tasks, signal) => {
    let cancelLook = () => {};

    async function publish(records: readonly SessionRecord[], modifiedAt: number): Promise<void> {
      const nowMs = clock.now();
      const isAlive = mayBeGone(records, nowMs) ? await isProcessNamed('opencode') : null;
      if (signal.aborted) return;
      const drafts = decodeSessions(records, recentSince(nowMs), { nowMs, isAlive });
      tasks.publish(drafts, { problem: null, firstSeenAt: null, changedAt: modifiedAt, offers: () => [] });
      cancelLook();
      cancelLook = clock.after(LOOK_AGAIN_MS, () => void publish(records, modifiedAt));
    }

    const following = followDatabase<SessionsAnswer>({
      path,
      clock,
      ask: () => askDatabase(path, (database) => querySessions(database, clock.now())),
      async onValue(answer, modifiedAt) {
        if ('wrong' in answer) tasks.fail(notOpencode(path, answer.wrong));
        else await publish(answer, modifiedAt);
      },
      onProblem: tasks.fail,
    });
    return {
      async close() {
        await following.close();
        cancelLook();
      },
    };
  });

  return { id, kind: 'opencode', location: path, events, commands: {} };
}

function recentSince(nowMs: number): number {
  return nowMs - RECENT_MS;
}

function notOpencode(path: string, why: string): Problem {
  return problem(
    'malformed',
    'down',
    words`${plainName(path)} is not an opencode database: ${plainName(why)}`,
    words`name its directory: opencode:DIR`,
  );
}
