import { endedAtOf, type Task } from '../model/task.ts';
import { jobOf } from './job.ts';
import { createWatchedRun, type RunOptions, type WatchedRun } from './run.ts';
import { createWorkTime, type WorkTime } from './work-time.ts';

/** Watches runs, and keeps only as many of them in full as there is memory for. */
export interface RunRoom {
  /** About how much memory the runs take together: no more than the bound, unless a single one is larger. */
  readonly bytes: number;
  watch(options: RunOptions): RoomyRun;
}

export interface RoomyRun extends WatchedRun {
  /** Frees the memory. After this, only `finish` may be called. */
  close(): void;
}

/** Enough for about 7,000 runs of two steps, or for 1,500 with full recordings. */
const LARGEST_BYTES = 64 * 1024 * 1024;

interface Held {
  bytes: number;
  letGo(): void;
}

/**
 * Creates room for runs. Most runs in a long list are reported once and never looked at, so a run is kept in full only after
 * its second report, or once somebody asks for its estimate. If memory runs out, the run that has been silent longest is
 * dropped (those that somebody asked about come last); it continues as if its newest report were its first.
 */
export function createRunRoom(largestBytes = LARGEST_BYTES): RunRoom {
  /** In the order in which they were last reported, or asked about. */
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
      // Created late, because most runs never ask a person; kept out of `run`, because it must survive if that is dropped.
      let work: WorkTime | null = null;
      const held: Held = {
        bytes: 0,
        letGo() {
          run = null;
        },
      };

      function inFull(): WatchedRun {
        if (run) return run;
        run = createWatchedRun({ ...options, task: newest?.task ?? options.task, waitedAt });
        if (newest) run.observe(newest.task, newest.atMs);
        return run;
      }

      const waitedAt = (ms: number) => work?.waitedAt(ms) ?? 0;

      function see(task: Task, atMs: number): void {
        if (task.state.status === 'needs-input') work ??= createWorkTime(newest?.atMs ?? options.startedAt);
        work?.see(task, atMs);
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
            see(task, atMs);
            full.observe(task, atMs);
            hold(held, full.bytes, false);
          } else see(task, atMs);
          newest = { task, atMs };
        },
        inform: (earlier) => inFull().inform(earlier),
        shownEstimate(nowMs) {
          const full = inFull();
          hold(held, full.bytes, true);
          return full.shownEstimate(nowMs);
        },
        finish(task, outcome, atMs) {
          const full = inFull();
          see(task, endedAtOf(task) ?? atMs);
          return full.finish(task, outcome, atMs);
        },
        close: () => remove(held),
      };
    },
  };
}

function* oldestFirst<T>(...sets: readonly Iterable<T>[]): Iterable<T> {
  for (const set of sets) yield* set;
}
