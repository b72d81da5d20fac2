import type { Clock } from '../clock.ts';
import { jobOf, taskKey } from '../eta/job.ts';
import { createRecording } from '../eta/recording.ts';
import type { FinishedRun, RunOutcome } from '../model/run.ts';
import { plainName } from '../model/text.ts';
import type { Reporter } from '../publish/report.ts';

/** The kind of the source that shows a run's file. */
const KIND = 'dashboard-state';

/**
 * Learns how long the work took, so that the next run has an ETA from its first second, even if nobody watched this one. A view
 * that watched learns it under the same task, so it counts once.
 */
export function createLearningReporter(options: {
  /** The task's id in its state file. */
  readonly taskId: string;
  readonly clock: Clock;
  readonly learn: (run: FinishedRun) => Promise<void>;
}): Reporter {
  const { taskId, clock, learn } = options;
  return {
    async start({ title, steps, cwd }) {
      const startedAt = clock.now();
      const begunAt = clock.monotonic();
      const recording = createRecording();
      recording.add({ t: 0, step: 0, status: 'running' });
      let names = steps;
      // Time spent waiting for a person is not the work's own; views count it in the same way.
      let waitedMs = 0;
      let askedAt: number | null = null;
      const workedMs = () => {
        const nowMs = clock.monotonic();
        return nowMs - begunAt - waitedMs - (askedAt === null ? 0 : nowMs - askedAt);
      };
      const end = async (outcome: RunOutcome) => {
        const job = jobOf(KIND, {
          name: title,
          cwd: cwd === undefined ? null : plainName(cwd), // as a view reads it
          steps: names.map((name) => ({ name })),
          totalSteps: names.length,
        });
        const durationMs = workedMs();
        const events = recording.events.filter(({ step }) => step < Math.max(1, names.length));
        const task = taskKey(job, taskId);
        if (durationMs > 0)
          await learn({ job, task, startedAt, durationMs, outcome, events, foretold: null });
      };
      return {
        signal: new AbortController().signal,
        setSteps(given) {
          names = given;
        },
        step(step, status, progress) {
          const t = workedMs();
          recording.add(progress === undefined ? { t, step, status } : { t, step, status, progress });
        },
        tell({ question }) {
          if (question === undefined) return;
          if (question !== null) askedAt ??= clock.monotonic();
          else if (askedAt !== null) {
            waitedMs += clock.monotonic() - askedAt;
            askedAt = null;
          }
        },
        complete: () => end('completed'),
        fail: () => end('failed'),
        cancel: () => end('cancelled'),
      };
    },
    close: async () => {},
  };
}
