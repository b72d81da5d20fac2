import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { createLogRing } from '../../io/log/log-ring.ts';
import { createOutputKeeper, type OutputKeeper } from '../../io/log/output-keeper.ts';
import type { LogPlace } from '../../io/log/segment.ts';
import { createThrottle } from '../../io/throttle.ts';
import type { TaskProgress } from '../../model/dashboard-state.ts';
import type { LogStream } from '../../model/log.ts';
import { errorMessage, type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { hasTaskEnded } from './progress.ts';

/** Keeps the output of one emitter's tasks, in a directory beside its state file. Nothing here throws. */
export interface TaskLogs {
  /** Keeps a piece of output as it came. */
  write(taskId: string, piece: Uint8Array, stream: LogStream): void;
  /** Resolves when everything that the task has printed so far is kept, and its last line was reported. */
  settle(taskId: string): Promise<void>;
  /** Call this with all existing tasks: the output of others is removed, and that of ended ones is written at once. */
  follow(tasks: readonly TaskProgress[]): void;
  close(): Promise<void>;
}

/** Nobody reads the last line faster. */
const LAST_LINE_EVERY_MS = 1_000;

/** Returns the directory beside a state file that keeps the output of its tasks. */
export function logsDirectoryOf(statePath: string): string {
  return `${statePath}.logs`;
}

/** Returns the place that keeps the output of one task of a state file. */
export function logPlaceOf(statePath: string, taskId: string): LogPlace {
  const readable = taskId.replace(/[^a-z0-9]+/giu, '-').slice(0, 40);
  const hash = createHash('sha256').update(taskId).digest('hex').slice(0, 16);
  return { directory: logsDirectoryOf(statePath), name: `${readable}-${hash}` };
}

const LOG_FILE = /^(?<name>[a-z0-9-]*-[0-9a-f]{16})\.\d+\.log$/iu;

interface TaskLog {
  readonly place: LogPlace;
  readonly keeper: OutputKeeper;
  readonly lastLine: LastLine;
  /** Whether something was printed since it was last settled. */
  hasNews: boolean;
}

export function createTaskLogs(options: {
  readonly statePath: string;
  readonly clock: Clock;
  /** Called with the last meaningful line of a task, at most once a second. */
  readonly onLastLine: (taskId: string, line: PlainText) => void;
  readonly onProblem: (problem: Problem) => void;
}): TaskLogs {
  const { statePath, clock, onLastLine, onProblem } = options;
  const logs = new Map<string, TaskLog>();

  function open(taskId: string): TaskLog {
    const place = logPlaceOf(statePath, taskId);
    const lastLine = createLastLine(clock, (line) => onLastLine(taskId, line));
    const keeper = createOutputKeeper({
      ring: createLogRing(place),
      clock,
      onLastLine: lastLine.set,
      onFailure: (error) => onProblem(notKept(place, error)),
    });
    return { place, keeper, lastLine, hasNews: false };
  }

  function logOf(taskId: string): TaskLog {
    const log = logs.get(taskId) ?? open(taskId);
    if (logs.size === 0) void removeOthers();
    logs.set(taskId, log);
    return log;
  }

  /** Removes the output that an earlier process kept for tasks that no longer exist. */
  async function removeOthers(): Promise<void> {
    const directory = logsDirectoryOf(statePath);
    for (const file of await readdir(directory).catch(() => [])) {
      const name = LOG_FILE.exec(file)?.groups?.name;
      const isKept = [...logs.values()].some(({ place }) => place.name === name);
      if (name !== undefined && !isKept) await rm(join(directory, file), { force: true }).catch(() => {});
    }
  }

  async function settle(taskId: string): Promise<void> {
    const log = logs.get(taskId);
    if (!log) return;
    log.hasNews = false;
    await log.keeper.settle();
    log.lastLine.flush();
  }

  function forget(taskId: string, { keeper, lastLine }: TaskLog): void {
    logs.delete(taskId);
    lastLine.close();
    void keeper.close().then(removeOthers);
  }

  return {
    write(taskId, piece, stream) {
      const log = logOf(taskId);
      log.hasNews = true;
      log.keeper.write(piece, stream);
    },
    settle,
    follow(tasks) {
      const known = new Map(tasks.map((task) => [task.taskId, task]));
      for (const [taskId, log] of [...logs]) {
        const task = known.get(taskId);
        if (!task) forget(taskId, log);
        else if (log.hasNews && hasTaskEnded(task)) void settle(taskId);
      }
    },
    async close() {
      await Promise.all([...logs.keys()].map(settle));
      await Promise.all([...logs.values()].map(({ keeper }) => keeper.close()));
    },
  };
}

/** The last line that a task has printed, reported no more often than anybody reads it. */
interface LastLine {
  set(line: string): void;
  /** Reports at once what was not reported yet. */
  flush(): void;
  /** Reports nothing more. */
  close(): void;
}

function createLastLine(clock: Clock, tell: (line: PlainText) => void): LastLine {
  let newest: string | null = null;
  const throttle = createThrottle(clock, LAST_LINE_EVERY_MS, tellNow);

  function tellNow(): void {
    const line = newest;
    newest = null;
    if (line !== null) tell(plainName(line));
  }

  return {
    set(line) {
      newest = line;
      throttle.request();
    },
    flush() {
      throttle.said();
      tellNow();
    },
    close() {
      newest = null;
      throttle.cancel();
    },
  };
}

function notKept({ directory }: LogPlace, error: unknown): Problem {
  const told = words`output is no longer saved: ${plainName(directory)}: ${plainName(errorMessage(error))}`;
  return problem('unreadable', 'degraded', told, 'the work itself continues');
}
