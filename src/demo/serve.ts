import type { Clock } from '../clock.ts';
import { errorMessage } from '../model/problem.ts';
import type { TrackedJob } from '../publish/nostr/tracker/tracked-job.ts';
import { doWork, type Work } from './work.ts';

const USUAL_STEPS = 50;
const MOST_STEPS = 3_000;

/** Does one job: it is completed, fails if its work does, or ends when the requester withdraws it. */
export async function serve(
  job: TrackedJob,
  work: Work,
  options: {
    clock: Clock;
    signal: AbortSignal;
    /** The part of the work (0–1) during which nothing is reported. */
    silence?: { from: number; to: number };
  },
): Promise<void> {
  const { clock, signal, silence = { from: 1, to: 1 } } = options;
  await job.move('processing');
  try {
    const result = await doWork(work, {
      clock,
      signal: AbortSignal.any([job.signal, signal]),
      report({ done, steps, percent, etaMs }) {
        const isSilent = done > silence.from * steps && done < silence.to * steps;
        if (!isSilent) job.progress(percent, { etaMs });
      },
    });
    await job.complete(result);
  } catch (error) {
    if (job.signal.aborted || signal.aborted) return;
    await job.move('failed', errorMessage(error));
  }
}

/** Returns how many steps a request asks for, bounded because anybody who knows the port may send requests. */
export function stepsOf({ params }: TrackedJob['request']): number {
  const steps = Math.floor(Number(params.steps));
  return steps > 0 ? Math.min(steps, MOST_STEPS) : USUAL_STEPS;
}
