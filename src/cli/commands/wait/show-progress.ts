import type { Io } from '../../../io/io.ts';
import { say, sayForNow } from '../../../io/print.ts';
import { createThrottle } from '../../../io/throttle.ts';
import type { TaskId } from '../../../model/id.ts';
import { overallProgress } from '../../../model/progress.ts';
import { hasEnded, reasonOf, type Task } from '../../../model/task.ts';
import { joined, type PlainText, plainName, words } from '../../../model/text.ts';
import type { Monitor } from '../../../monitor.ts';
import { etaWords } from '../../../present/eta.ts';
import { withoutWorkflowCommands } from '../../../present/github-annotation.ts';
import type { State, TaskEntry } from '../../../store/state.ts';
import { isInteractive } from '../../process/appearance.ts';

/** At most this many running tasks are named. */
const NAMED = 3;
const SHOWN_EVERY_MS = 1_000;

/**
 * Shows on a terminal how far the awaited tasks are, until it is closed. Wherever stderr leads, it also says once when a
 * task needs input, because nothing else would explain why the wait takes so long.
 */
export function showProgress(
  monitor: Pick<Monitor, 'getState' | 'subscribe' | 'estimate'>,
  entries: (state: State) => readonly TaskEntry[],
  io: Io,
): { close(): void } {
  const asking = new Set<TaskId>();
  let takeBack = () => {};
  const isDrawn = isInteractive({ env: io.env, stdout: io.stderr });

  function tellQuestions(): void {
    for (const { task } of entries(monitor.getState())) {
      const isAsking = task.state.status === 'needs-input';
      if (isAsking && !asking.has(task.id)) say(io, withoutWorkflowCommands(questionText(task)));
      if (isAsking) asking.add(task.id);
      else asking.delete(task.id);
    }
  }

  const throttle = createThrottle(io.clock, SHOWN_EVERY_MS, () => {
    takeBack();
    takeBack = sayForNow(io, progressText(entries(monitor.getState()), monitor, io));
  });
  const tell = () => {
    tellQuestions();
    if (isDrawn) throttle.request();
  };
  const unsubscribe = monitor.subscribe(tell);
  tell();
  return {
    close() {
      unsubscribe();
      throttle.cancel();
      takeBack();
    },
  };
}

function questionText(task: Task): PlainText {
  const why = task.question?.text ?? reasonOf(task.state);
  return words`taskglass: wait: ${task.name} needs input${why ? words`: ${plainName(why)}` : ''}`;
}

/** Returns a summary: `1 of 3 ended · build 57% ~2m left · tests 12%`. */
function progressText(
  entries: readonly TaskEntry[],
  { estimate }: Pick<Monitor, 'estimate'>,
  { clock }: Io,
): PlainText {
  const ended = entries.filter(({ task }) => hasEnded(task.state.status)).length;
  const running = entries.filter(({ task }) => task.state.status === 'running');
  const nowMs = clock.now();
  const named = running.slice(0, NAMED).map(({ task }) => {
    const progress = overallProgress(task);
    const figure = progress === null ? words`` : words` ${Math.floor(progress)}%`;
    const eta = etaWords(estimate(task.id, nowMs), { nowMs, ascii: false });
    return words`${task.name}${figure}${eta === '' ? words`` : words` ${eta}`}`;
  });
  return joined([words`${ended} of ${entries.length} ended`, ...named], ' · ');
}
