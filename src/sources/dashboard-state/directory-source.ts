import type { Clock } from '../../clock.ts';
import { createEventQueue } from '../../io/queue.ts';
import { createRefresh } from '../../io/refresh.ts';
import { watchTree } from '../../io/watch-file.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { noLog } from '../../model/log.ts';
import { refused } from '../../model/refused.ts';
import { plainName, words } from '../../model/text.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { createFileChoice } from './choose-files.ts';
import { createFollowedFiles, type FollowedFiles } from './followed-files.ts';
import type { RunAgain } from './source.ts';

/**
 * Shows the tasks of every dashboard state file in one directory as one source; files may come and go. Made for the files of a
 * user's own runs, whose ids are unique.
 */
export function createStateDirectorySource(options: {
  readonly id: SourceId;
  readonly directory: string;
  readonly clock: Clock;
  /** Starts an ended run again. Absent if that is not permitted. */
  readonly runAgain?: RunAgain;
}): Source {
  const { id, directory, clock, runAgain } = options;
  let files: FollowedFiles | null = null;

  async function* events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const queue = createEventQueue<SourceEvent>(signal);
    queue.push({ type: 'snapshot', revision: 0, tasks: [] });
    const following = createFollowedFiles({
      id,
      clock,
      signal,
      push: queue.push,
      ...(runAgain && { runAgain }),
    });
    files = following;
    const choose = createFileChoice(directory);
    const looked = Promise.withResolvers<void>();
    const refresh = createRefresh({
      clock,
      signal,
      async read() {
        const chosen = await choose();
        if (!signal.aborted) await following.follow(chosen);
        looked.resolve();
      },
    });
    const watch = watchTree(directory, 0, refresh.soon);
    refresh.soon();
    void looked.promise.then(following.caughtUp);
    try {
      yield* queue;
    } finally {
      await Promise.all([watch.close(), refresh.ended()]);
      await following.close();
    }
  }

  const handler =
    (command: 'cancel' | 'retry' | 'answer'): CommandHandler =>
    async (nativeId, context) => {
      const handle = files?.handlerOf(nativeId, command);
      return (
        handle?.(nativeId, context) ??
        refused('not-allowed', words`${command}: there is no run ${plainName(nativeId)}`)
      );
    };

  return {
    id,
    kind: 'dashboard-state',
    location: directory,
    events: ({ signal }) => events(signal),
    commands: { cancel: handler('cancel'), retry: handler('retry'), answer: handler('answer') },
    log: async (nativeId, request) =>
      files?.logOf(nativeId)?.(nativeId, request) ?? noLog(words`there is no run ${plainName(nativeId)}`),
  };
}
