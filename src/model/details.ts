import type { TaskId } from './id.ts';
import type { PlainText } from './text.ts';

/** What a task asks a person. */
export interface Question {
  readonly text: PlainText;
  /** The answers it offers; none if any text will do. */
  readonly choices: readonly PlainText[];
  /** Epoch ms; null if it is not known. */
  readonly askedAt: number | null;
  /** Why it can be answered only where it is asked. */
  readonly refusal?: PlainText;
}

/**
 * Facts about a task that only some sources know. Absent and null both mean "not known"; `detailsOf` fills in the absent
 * ones. They are not labels, because labels are for display only and may hold anybody's words.
 */
export interface TaskDetails {
  /** The tasks that must be completed before this one can begin, and are not yet. */
  readonly waitsFor?: readonly TaskId[];
  /** Those in `waitsFor` that will not complete unaided: failed, cancelled, or not known to the source. */
  readonly blockedBy?: readonly TaskId[];
  /** The task that this one repeats. */
  readonly retryOf?: TaskId | null;
  /** The task that repeats this one. */
  readonly retriedAs?: TaskId | null;
  /** The status that the user has given a task whose sessions report on it. */
  readonly userStatus?: PlainText | null;
  /** The machine on which it runs, and its working directory there. */
  readonly host?: PlainText | null;
  readonly cwd?: PlainText | null;
  /** The git repository that contains `cwd`: the path of its main checkout. */
  readonly repo?: PlainText | null;
  /** A web page about it; contains no password. */
  readonly url?: PlainText | null;
  readonly question?: Question | null;
  /** The last line that it printed. */
  readonly lastLine?: PlainText | null;
  /** The id of the process that works on it, on `host`. */
  readonly pid?: number | null;
  /** Only an agent says that it is completed: a person has to check. */
  readonly review?: boolean;
}

type Known<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** Returns all details of a task, with null, false or an empty list for each that is not known. */
export function detailsOf(task: TaskDetails): Known<TaskDetails> {
  return {
    waitsFor: task.waitsFor ?? [],
    blockedBy: task.blockedBy ?? [],
    retryOf: task.retryOf ?? null,
    retriedAs: task.retriedAs ?? null,
    userStatus: task.userStatus ?? null,
    host: task.host ?? null,
    cwd: task.cwd ?? null,
    repo: task.repo ?? null,
    url: task.url ?? null,
    question: task.question ?? null,
    lastLine: task.lastLine ?? null,
    pid: task.pid ?? null,
    review: task.review ?? false,
  };
}
