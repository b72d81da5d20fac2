/** Jobs that wait to be taken, the most urgent first. There is one consumer. */
export interface JobQueue<T> {
  put(job: T): void;
  /** Removes a job that nobody has taken yet. */
  remove(job: T): void;
  /** Resolves with the next job; null once `signal` has aborted. */
  next(signal: AbortSignal): Promise<T | null>;
}

/** Creates a queue. Lower `urgency` comes first, and equal ones in the order in which they were added. */
export function createJobQueue<T>(urgency: (job: T) => number): JobQueue<T> {
  const waiting: T[] = [];
  let wake = () => {};

  return {
    put(job) {
      const place = waiting.findIndex((other) => urgency(other) > urgency(job));
      waiting.splice(place === -1 ? waiting.length : place, 0, job);
      wake();
    },
    remove(job) {
      const place = waiting.indexOf(job);
      if (place !== -1) waiting.splice(place, 1);
    },
    async next(signal) {
      while (!signal.aborted && waiting.length === 0) {
        await new Promise<void>((resolve) => {
          const wakeUp = () => {
            signal.removeEventListener('abort', wakeUp);
            resolve();
          };
          wake = wakeUp;
          signal.addEventListener('abort', wakeUp);
        });
      }
      return signal.aborted ? null : (waiting.shift() ?? null);
    },
  };
}
