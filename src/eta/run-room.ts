import type { Task } from '../model/task.ts';
import { jobOf } from './job.ts';
import { createWatchedRun, type RunOptions, type WatchedRun } from './run.ts';

/** Watches runs, and holds only as many of them in full as there is room for. */
export interface RunRoom {
  /** What the runs take together, about: the bound at most, but for a single one that takes more. */
  readonly bytes: number;
  watch(options: RunOptions): RoomyRun;
}

export interface RoomyRun extends WatchedRun {
  /** Takes no room any more. All that may follow is `finish`. */
  close(): void;
}

/** About 7,000 runs of two steps, or 1,500 of which everything was recorded. */
const LARGEST_BYTES = 64 * 1024 * 1024;

interface Held {
  bytes: number;
  letGo(): void;
}

/**
 * Most runs of a long list are seen once and never looked at. So a run is held in full only once there is more to it
 * than its first report, or somebody asks. If there is no room, the run of which nothing was heard for the longest time
 * gives way, one that somebody asked about last of all. It is then as if its newest report were its first.
 */
export function createRunRoom(largestBytes = LARGEST_BYTES): RunRoom {
  /** In the order in which they were last heard of, or asked about. */
  const heard = new Set<Held>();
  const asked = new Set<Held>();
  let bytes = 0;

  function remove(held: Held): void {
    if (heard.delete(held) || asked.delete(held)) bytes -= held.bytes;
  }

  function hold(held: Held, nowBytes: number, isAsked: boolean): void {
    const among = isAsked || asked.has(held) ? asked : heard;
    remove(held);
    held.bytes = nowBytes;
    bytes += nowBytes;
    among.add(held);
    for (const oldest of oldestFirst(heard, asked)) {
      if (bytes <= largestBytes) break;
      if (oldest === held) continue;
      remove(oldest);
      oldest.letGo();
    }
  }

  return {
    get bytes() {
      return bytes;
    },
    watch(options) {
      let newest: { readonly task: Task; readonly atMs: number } | null = null;
      let run: WatchedRun | null = null;
      const held: Held = {
        bytes: 0,
        letGo() {
          run = null;
        },
      };

      function inFull(): WatchedRun {
        if (run) return run;
        run = createWatchedRun({ ...options, task: newest?.task ?? options.task });
        if (newest) run.observe(newest.task, newest.atMs);
        return run;
      }

      return {
        get job() {
          return run?.job ?? jobOf(options.kind, newest?.task ?? options.task);
        },
        get bytes() {
          return run?.bytes ?? 0;
        },
        get isInformed() {
          return run?.isInformed ?? false;
        },
        get isExperienced() {
          return run?.isExperienced ?? false;
        },
        askAgain: () => run?.askAgain(),
        observe(task, atMs) {
          if (newest) {
            const full = inFull();
            full.observe(task, atMs);
            hold(held, full.bytes, false);
          }
          newest = { task, atMs };
        },
        inform: (earlier) => inFull().inform(earlier),
        shownEstimate(nowMs) {
          const full = inFull();
          hold(held, full.bytes, true);
          return full.shownEstimate(nowMs);
        },
        finish: (...end) => inFull().finish(...end),
        close: () => remove(held),
      };
    },
  };
}

function* oldestFirst<T>(...sets: readonly Iterable<T>[]): Iterable<T> {
  for (const set of sets) yield* set;
}
