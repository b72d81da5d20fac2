import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { TaskProgress } from '../../model/dashboard-state.ts';
import { hasTaskEnded } from '../dashboard-state/progress.ts';
import { eventText, RUN_END_AFTER_MS, type RunWatch, runStarted, watchRun } from './run-events.ts';
import type { RunIds } from './run-input.ts';
import { COMMENT } from './stream-comments.ts';

/** One stream to which a sink writes. */
export interface SinkListener {
  /**
   * Shows the state with these events. The run begins with the first ones; one that was requested with a POST may end with any.
   */
  show(tasks: readonly TaskProgress[], texts: readonly string[]): void;
  /** Sends a comment on a quiet stream. */
  comment(): void;
  /** The listener is gone. */
  stop(): void;
  /** Ends the stream. */
  end(): void;
}

/** Creates a listener. One that reads too slowly gets a snapshot once it has caught up, instead of every step. */
export function createSinkListener(options: {
  readonly response: ServerResponse;
  readonly ids: RunIds;
  /** Whether the requested run is to end, which is what a POST means. */
  readonly isPosted: boolean;
  readonly clock: Clock;
  /** Lets the listener catch up, with `show`. */
  readonly onDrain: () => void;
}): SinkListener {
  const { response, ids, isPosted, clock } = options;
  let isBehind = false;
  let watch: RunWatch | null = null;
  let stopTimer = () => {};

  function send(text: string): void {
    if (response.write(text) || isBehind) return;
    isBehind = true;
    response.once('drain', () => {
      isBehind = false;
      options.onDrain();
    });
  }

  return {
    show(tasks, texts) {
      const begin = watch ? '' : eventText(runStarted(ids));
      const watched = watch ?? watchRun(ids, tasks);
      watch = watched;
      watched.see(tasks);
      // In one piece: a run without a state yet would be shown for a moment as a task of its own.
      if (!isBehind && (begin || texts.length > 0)) send(begin + texts.join(''));
      stopTimer();
      if (!isPosted || !tasks.every(hasTaskEnded)) return;
      stopTimer = clock.after(RUN_END_AFTER_MS, () => response.end(eventText(watched.end())));
    },
    comment() {
      if (!isBehind) send(COMMENT);
    },
    stop: () => stopTimer(),
    end() {
      stopTimer();
      response.end(
        isPosted && watch
          ? eventText({ type: 'RUN_ERROR', message: 'the server is shutting down' })
          : undefined,
      );
    },
  };
}
