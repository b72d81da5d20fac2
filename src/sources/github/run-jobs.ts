import type { Asker, CommandLine } from '../../io/ask-program.ts';
import { hasEnded } from '../../model/task.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import { type Run, runTask } from './format.ts';
import { decodeJobs, type RunJob } from './jobs.ts';

/** The jobs of runs: those of runs under way are requested each time, the others once. */
export interface RunJobs {
  /** Requests what is missing; returns the runs as tasks, with their steps. */
  complete(
    runs: readonly Run[],
    asker: Asker,
    lineOf: (run: Run) => CommandLine,
    signal: AbortSignal,
  ): Promise<readonly TaskDraft[]>;
}

/** How many runs under way are followed, the newest ones. */
export const MOST_FOLLOWED = 5;
/** How many are requested between two looks, and at once. */
const MOST_ASKED = 10;
const AT_ONCE = 5;
/**
 * How many earlier runs of each workflow show how long its steps take, and what a run under way still has to do. They are
 * requested before they are first shown, because that is when durations are learnt from a run.
 */
const EARLIER_RUNS = 2;
/** For how many failed runs the failed step is requested. */
const EXPLAINED_RUNS = 3;

interface Known {
  readonly jobs: readonly RunJob[];
  /** The run had ended, so nothing will change. */
  readonly isWhole: boolean;
}

export function createRunJobs(): RunJobs {
  let known = new Map<string, Known>();
  /** The earlier run that determines the order of a run's steps, which must not change while it runs. */
  let examples = new Map<string, readonly RunJob[]>();

  /** Returns what to request, the most urgent first. */
  function missing(runs: readonly Run[]): Run[] {
    const underWay = runs.filter(isUnderWay).slice(0, MOST_FOLLOWED);
    const justEnded = runs.filter((run) => isOver(run) && known.get(run.attemptKey)?.isWhole === false);
    const earlier = [...Map.groupBy(runs.filter(isSuccess), ({ workflow }) => workflow).values()];
    const failed = runs.filter(({ task }) => task.state.status === 'failed').slice(0, EXPLAINED_RUNS);
    const unknown = [...failed, ...earlier.flatMap((ones) => ones.slice(0, EARLIER_RUNS))].filter(
      (run) => !known.has(run.attemptKey),
    );
    return [...new Set([...justEnded, ...underWay, ...unknown])].slice(0, MOST_ASKED);
  }

  function exampleFor(run: Run, runs: readonly Run[]): readonly RunJob[] {
    const chosen = examples.get(run.attemptKey);
    if (chosen && chosen.length > 0) return chosen;
    const like = runs.find(
      (one) => one.workflow === run.workflow && isSuccess(one) && known.get(one.attemptKey)?.isWhole,
    );
    return (like && known.get(like.attemptKey)?.jobs) ?? [];
  }

  return {
    async complete(runs, asker, lineOf, signal) {
      const asked = missing(runs);
      for (let at = 0; at < asked.length; at += AT_ONCE) {
        const some = asked.slice(at, at + AT_ONCE);
        const answers = await Promise.all(some.map((run) => asker.json(lineOf(run), decodeJobs, signal)));
        for (const [index, run] of some.entries()) {
          const answer = answers[index];
          if (answer?.kind === 'told') known.set(run.attemptKey, { jobs: answer.told, isWhole: isOver(run) });
        }
      }
      const keys = new Set(runs.map(({ attemptKey }) => attemptKey));
      known = new Map([...known].filter(([key]) => keys.has(key)));
      examples = new Map(runs.map((run) => [run.attemptKey, exampleFor(run, runs)]));
      return runs.map((run) =>
        runTask(run, known.get(run.attemptKey)?.jobs, examples.get(run.attemptKey) ?? []),
      );
    },
  };
}

function isUnderWay({ task }: Run): boolean {
  return task.state.status === 'running' || task.state.status === 'needs-input';
}

function isOver({ task }: Run): boolean {
  return hasEnded(task.state.status);
}

function isSuccess({ task }: Run): boolean {
  return task.state.status === 'completed';
}
