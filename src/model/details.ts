import type { TaskId } from './id.ts';
import type { PlainText } from './text.ts';

/** What a task asks of a person. */
export interface Question {
  readonly text: PlainText;
  /** The answers it offers; none if any text will do. */
  readonly choices: readonly PlainText[];
  /** Epoch ms; null if it is not known. */
  readonly askedAt: number | null;
}

/**
 * Facts that only some sources know of a task. Absent and null both mean "not known"; `detailsOf` fills them in. Labels
 * hold nothing of the kind: these are for display, and anybody's words.
 */
export interface TaskDetails {
  /** The tasks that have to be completed before this one can begin, and are not. */
  readonly waitsFor?: readonly TaskId[];
  /** Those of them that will not be completed by themselves: failed, cancelled, or not known to the source. */
  readonly blockedBy?: readonly TaskId[];
  /** The task that this one repeats. */
  readonly retryOf?: TaskId | null;
  /** The task by which this one was repeated. */
  readonly retriedAs?: TaskId | null;
  /** The user's own word for a task whose sessions report on it. */
  readonly userStatus?: PlainText | null;
  /** The machine on which it runs, and the directory there. */
  readonly host?: PlainText | null;
  readonly cwd?: PlainText | null;
  /** Where a browser shows more of it; holds no password. */
  readonly url?: PlainText | null;
  readonly question?: Question | null;
  /** The last line that it has printed. */
  readonly lastLine?: PlainText | null;
  /** The process that works on it, on its machine. */
  readonly pid?: number | null;
  /** It was completed by an agent's word only, and a person has to look at it. */
  readonly review?: boolean;
}

type Known<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** Returns all details of a task, with what stands for each that is not known. */
export function detailsOf(task: TaskDetails): Known<TaskDetails> {
  return {
    waitsFor: task.waitsFor ?? [],
    blockedBy: task.blockedBy ?? [],
    retryOf: task.retryOf ?? null,
    retriedAs: task.retriedAs ?? null,
    userStatus: task.userStatus ?? null,
    host: task.host ?? null,
    cwd: task.cwd ?? null,
    url: task.url ?? null,
    question: task.question ?? null,
    lastLine: task.lastLine ?? null,
    pid: task.pid ?? null,
    review: task.review ?? false,
  };
}
