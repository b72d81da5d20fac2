import { overallProgress } from '../../model/progress.ts';
import type { StepStatus } from '../../model/task.ts';
import type { Report, WorkNews } from '../../publish/report.ts';
import type { ToldStatus } from './sequences.ts';

/** Work as it is reported, summed up in one status. */
export interface ToldWork extends Pick<Report, 'setSteps' | 'step' | 'tell'> {
  readonly status: ToldStatus;
}

interface ToldStep {
  readonly status: StepStatus;
  readonly progress: number | null;
  readonly weight: number;
}

export function createToldWork(onNews: () => void): ToldWork {
  let steps: ToldStep[] = [];
  let names: readonly string[] = [];
  let news: WorkNews = {};

  function percent(): number | null {
    const isKnown = steps.some(({ status, progress }) => progress !== null || status === 'completed');
    const state = { status: 'running' };
    const whole = isKnown
      ? overallProgress({ state, steps, totalSteps: steps.length, reportedProgress: null })
      : null;
    return whole === null ? null : Math.floor(whole);
  }

  return {
    setSteps(next, weights) {
      const before = new Map(names.map((name, index) => [name, steps[index]]));
      steps = next.map((name, index) => ({
        status: 'pending',
        progress: null,
        ...before.get(name),
        weight: weights?.[index] ?? 1,
      }));
      names = next;
      onNews();
    },
    step(index, status, progress) {
      const step = steps[index];
      if (!step) return;
      steps[index] = { ...step, status, progress: progress ?? (status === 'running' ? step.progress : null) };
      onNews();
    },
    tell(told) {
      news = { ...news, ...told };
      if (told.question !== undefined || told.idle !== undefined) onNews();
    },
    get status(): ToldStatus {
      const { question, idle } = news;
      const state = question ? 'blocked' : idle ? 'idle' : 'working';
      return { state, percent: percent(), message: question || idle || null };
    },
  };
}
